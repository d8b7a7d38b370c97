import type { DeploymentId } from '../log/identifiers';
import type { TaskChanged } from '../log/observed-events';
import { isFollowed } from '../rollout/live-rollout';
import { emptyLedger, runningAfter } from '../rollout/task-ledger';
import { isOfDeletedService } from './deletion';
import { identifyTaskDefinition, isOf } from './deployments';
import { learnTask } from './learning';
import {
  lastJudgementOf,
  rememberStanding,
  rememberTask,
  type ServiceMemory,
  standingTasksOf,
} from './service-memory';
import type { ServiceState } from './service-state';
import { type Step, signalRollouts } from './signal-rollouts';

/** A task belongs to the deployment in its startedBy: an older one says nothing of a newer one. */
export function followTask(state: ServiceState, step: Step, event: TaskChanged): ServiceState {
  const told = { concerns: isOf(event.deployment), facts: { type: event.type, event } };
  // The tasks of a deleted service stop after it, and say nothing of the one that has its ARN now.
  if (isOfDeletedService(state.memory, event)) return signalRollouts(state, step, told);
  const memory = seenBy(learnt(state, event), event);
  const seen = memory === state.memory ? state : { ...state, memory };
  const followed = signalRollouts(identifyFrom(seen, step, event), step, told);
  return event.stopped === null ? followed : tellOldStop(state, followed, step);
}

/** A task that stood there stops: what is rolled out hears of it. */
function tellOldStop(before: ServiceState, after: ServiceState, step: Step): ServiceState {
  const { event } = step;
  if (event.type !== 'TaskChanged') return after;
  const { deployment, lastStatus } = event;
  const isKnown = before.memory.standing === after.memory.standing;
  if (isKnown && lastStatus !== 'STOPPED') return after;
  if (deployment === null || !isOldFor(before, deployment)) return after;
  return signalRollouts(after, step, {
    concerns: ({ context, phase }) => context.deployment !== deployment && phase !== 'rollingBack',
    facts: { type: 'OldTaskStopped', event, isKnown, judged: lastJudgementOf(after.memory, event) },
  });
}

function isOldFor({ rollouts }: ServiceState, deployment: DeploymentId): boolean {
  return !rollouts.some((live) => isFollowed(live) && live.context.deployment === deployment);
}

/** While no rollout is live, a task shows what is usual here. */
function learnt(state: ServiceState, event: TaskChanged): ServiceState {
  if (state.memory.steady === null) return state;
  const memory = learnTask(state, event);
  return memory === state.memory ? state : { ...state, memory };
}

/** What a task says of the service beyond the live rollouts: what it runs, and that it runs. */
function seenBy({ memory, rollouts }: ServiceState, event: TaskChanged): ServiceMemory {
  const { deployment, taskDefinition } = event;
  const seen = taskDefinition === null ? memory : rememberTask(memory, { taskDefinition, deployment });
  const isWatched = rollouts.some((live) => isFollowed(live) && live.context.deployment === deployment);
  if (deployment === null || isWatched) return seen;
  const before = standingTasksOf(seen, deployment) ?? emptyLedger;
  const after = runningAfter(before, event);
  return after === before ? seen : rememberStanding(seen, deployment, after);
}

/** What a task runs tells what its deployment runs. */
export function identifyFrom(
  state: ServiceState,
  step: Step,
  { deployment, taskDefinition }: Pick<TaskChanged, 'deployment' | 'taskDefinition'>,
): ServiceState {
  if (deployment === null || taskDefinition === null) return state;
  return identifyTaskDefinition(state, step, { deployment, taskDefinition });
}
