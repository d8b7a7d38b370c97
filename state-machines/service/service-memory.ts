import type { DecidedEvent, RolloutConcluded } from '../log/decided-events';
import { withNewest } from '../log/foundation/newest';
import { noPast, type ServicePast } from '../log/foundation/service-past';
import type { DeploymentId, TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { ServiceCall, TaskChanged } from '../log/observed-events';
import { rollbackBudgetAtMost } from '../log/policy';
import { type RolloutId, rolloutKey } from '../log/rollout-id';
import type { WayBack } from '../log/way-back';
import type { AlarmMemory } from '../rollout/alarms/alarm-memory';
import type { OldTaskStopped } from '../rollout/signals';
import type { TaskLedger } from '../rollout/task-ledger';
import type { OperatorTraces } from './operator/operator-traces';

/**
 * What is remembered of a service beyond its live rollouts. Every list is bounded, newest first.
 */
export interface ServiceMemory extends AlarmMemory, OperatorTraces {
  /** Deployments that have had a rollout: one of them started again is ECS going back to it. */
  readonly started: readonly DeploymentId[];
  /** What each deployment runs, as far as an event told. */
  readonly taskDefinitions: { readonly [deployment: DeploymentId]: TaskDefinitionArn };
  /** What the service's tasks ran, of whatever deployment. */
  readonly seen: readonly SeenRevision[];
  /** The revisions whose last judgement was that they are good. */
  readonly proven: readonly ProvenRevision[];
  /** The task definitions whose last judgement was a failed verdict, and of which deployment. */
  readonly failed: readonly SeenRevision[];
  /** What the last recorded opening said to go back to; null before the first that did. */
  readonly stable: WayBack | null;
  /** The tasks that run, of the last deployments whose rollout has ended: they stand there yet. */
  readonly standing: readonly StandingTasks[];
  /** How its tasks have started and run, in rollouts that passed and between rollouts. */
  readonly past: ServicePast;
  /** How ECS replaces tasks, as the last call told; null where none did. */
  readonly strategy: string | null;
  /** What is counted between two rollouts; null while one is live, and before the first. */
  readonly steady: SteadyCount | null;
  /** When Rewind issued its rollbacks: what the budget is counted from. */
  readonly rollbacksIssuedAt: readonly Instant[];
  /** What Rewind went back from, by the deployment that it went back by; absent: it never has. */
  readonly waysBack?: { readonly [deployment: DeploymentId]: DeploymentId };
  /** The service that had this ARN before; absent when none was deleted. */
  readonly deletion?: Deletion;
}

/**
 * The last deletion of a service under this ARN, as far as it concerns what is still told of it.
 */
interface Deletion {
  readonly at: Instant;
  /** The deployments known by then, newest first: bounded, and enough for those with tasks left. */
  readonly deployments: readonly DeploymentId[];
}

/** A revision, and the rollout that has proven it: its pass may yet be revoked. */
export interface ProvenRevision extends Omit<WayBack, 'deployment'>, RolloutId {
  /** Its completion alone has proven it, and no verdict on it is known; absent: one is. */
  readonly isWithoutVerdict?: true;
}

interface SeenRevision {
  readonly taskDefinition: TaskDefinitionArn;
  /** Null for a task that names none. */
  readonly deployment: DeploymentId | null;
}

interface StandingTasks {
  readonly deployment: DeploymentId;
  readonly tasks: TaskLedger;
}

/** How far the steady state between two rollouts is counted. */
export interface SteadyCount {
  readonly countedUntil: Instant;
  /** Until when another loss is the same event. */
  readonly sameLossUntil: Instant | null;
  /** Of the policy of the last rollout. */
  readonly normalExitCodes: readonly number[];
}

export const emptyMemory: ServiceMemory = {
  started: [],
  taskDefinitions: {},
  seen: [],
  proven: [],
  failed: [],
  stable: null,
  standing: [],
  past: noPast,
  strategy: null,
  steady: null,
  rollbacksIssuedAt: [],
  alarms: {},
  alarmRaises: {},
  alarmsRaisedUntil: {},
  newAlarms: [],
};

const deploymentsKept = 50;
const seenKept = 8;
const provenKept = 10;
const failedKept = 200;
const standingKept = 3;
const callersKept = 10;
const waysBackKept = 3;

export function rememberStart(memory: ServiceMemory, deployment: DeploymentId): ServiceMemory {
  const isSame = (other: DeploymentId) => other === deployment;
  return { ...memory, started: newestFirst(memory.started, deployment, { isSame, kept: deploymentsKept }) };
}

export function rememberTaskDefinition(
  memory: ServiceMemory,
  deployment: DeploymentId,
  taskDefinition: TaskDefinitionArn,
): ServiceMemory {
  if (memory.taskDefinitions[deployment] === taskDefinition) return memory;
  const taskDefinitions = withNewest(memory.taskDefinitions, [deployment, taskDefinition], deploymentsKept);
  return { ...memory, taskDefinitions };
}

export function rememberTask(memory: ServiceMemory, revision: SeenRevision): ServiceMemory {
  const [newest] = memory.seen;
  if (newest !== undefined && isSameRevision(newest, revision)) return memory;
  const isSame = (other: SeenRevision) => isSameRevision(other, revision);
  return { ...memory, seen: newestFirst(memory.seen, revision, { isSame, kept: seenKept }) };
}

/** The last judgement counts: what is proven is no longer failed, whichever deployment failed. */
export function rememberProven(memory: ServiceMemory, revision: ProvenRevision): ServiceMemory {
  const isSame = (other: SeenRevision) => isSameRevision(other, revision);
  return {
    ...memory,
    proven: newestFirst(memory.proven, revision, { isSame, kept: provenKept }),
    failed: memory.failed.filter(({ taskDefinition }) => taskDefinition !== revision.taskDefinition),
  };
}

/** What a conclusion says to be proven; nothing where it says none. */
export function rememberConcluded(memory: ServiceMemory, event: RolloutConcluded): ServiceMemory {
  const { proven, deployment, startedAt } = event;
  if (proven === undefined) return memory;
  const standing = isKnownAsJudged(memory, event) ? {} : { isWithoutVerdict: true as const };
  return rememberProven(memory, { ...proven, deployment, startedAt, ...standing });
}

/** Only a verdict ends a rollout well; one that was met before stays known. */
function isKnownAsJudged({ proven }: ServiceMemory, concluded: RolloutConcluded): boolean {
  const known = proven.find((revision) => rolloutKey(revision) === rolloutKey(concluded));
  return concluded.outcome === 'succeeded' || (known !== undefined && !known.isWithoutVerdict);
}

/** The last judgement counts: what failed is no longer proven. */
export function rememberFailed(memory: ServiceMemory, revision: SeenRevision): ServiceMemory {
  const isSame = (other: SeenRevision) => isSameRevision(other, revision);
  return {
    ...memory,
    proven: memory.proven.filter((other) => !isSame(other)),
    failed: newestFirst(memory.failed, revision, { isSame, kept: failedKept }),
  };
}

/**
 * Whether the last judgement on a task definition failed, by a rollout other than the deployment's.
 */
export function hasFailedHere(
  { failed }: ServiceMemory,
  { deployment, taskDefinition }: { deployment: DeploymentId; taskDefinition: TaskDefinitionArn | null },
): boolean {
  return failed.some((other) => other.taskDefinition === taskDefinition && other.deployment !== deployment);
}

/** What the last judgement said of what a task runs; null where there was none. */
export function lastJudgementOf(
  { proven, failed }: ServiceMemory,
  { taskDefinition }: Pick<TaskChanged, 'taskDefinition'>,
): OldTaskStopped['judged'] {
  const runsIt = (other: SeenRevision) => other.taskDefinition === taskDefinition;
  if (failed.some(runsIt)) return 'failed';
  return proven.some(runsIt) ? 'passed' : null;
}

function isSameRevision(a: SeenRevision, b: SeenRevision): boolean {
  return a.deployment === b.deployment && a.taskDefinition === b.taskDefinition;
}

export function rememberStable(memory: ServiceMemory, stable: WayBack): ServiceMemory {
  return { ...memory, stable };
}

/** Keeps the tasks of a deployment that run at the end of its rollout, or later. */
export function rememberStanding(
  memory: ServiceMemory,
  deployment: DeploymentId,
  tasks: TaskLedger,
): ServiceMemory {
  const isSame = (other: StandingTasks) => other.deployment === deployment;
  const others = memory.standing.filter((other) => !isSame(other));
  const isEmpty = tasks.every(({ marks }) => marks.length === 0);
  const standing = isEmpty ? others : [{ deployment, tasks }, ...others].slice(0, standingKept);
  return { ...memory, standing };
}

export function standingTasksOf(
  { standing }: ServiceMemory,
  deployment: DeploymentId | null,
): TaskLedger | null {
  return standing.find((other) => other.deployment === deployment)?.tasks ?? null;
}

export function rememberRollback(memory: ServiceMemory, issuedAt: Instant): ServiceMemory {
  const isSame = (other: Instant) => other === issuedAt;
  const issued = newestFirst(memory.rollbacksIssuedAt, issuedAt, { isSame, kept: rollbackBudgetAtMost });
  return { ...memory, rollbacksIssuedAt: issued };
}

/** Keeps by which deployment Rewind went back: something newer may end what it goes back from. */
export function rememberWayBack(memory: ServiceMemory, by: DeploymentId, from: DeploymentId): ServiceMemory {
  return { ...memory, waysBack: withNewest(memory.waysBack ?? {}, [by, from], waysBackKept) };
}

/** Keeps who made a deployment. */
export function rememberCaller(memory: ServiceMemory, { deployment, by }: ServiceCall): ServiceMemory {
  if (deployment === null || by === null) return memory;
  return { ...memory, callers: withNewest(memory.callers ?? {}, [deployment, by], callersKept) };
}

function newestFirst<Item>(
  items: readonly Item[],
  item: Item,
  { isSame, kept }: { readonly isSame: (other: Item) => boolean; readonly kept: number },
): readonly Item[] {
  return [item, ...items.filter((other) => !isSame(other))].slice(0, kept);
}

/**
 * Rewind's own rollbacks count towards the budget, also where only the reconciler that came after
 * a crash could record them.
 */
export function rolledBackByRewindAt(event: DecidedEvent): Instant | null {
  if (event.type === 'RollbackIssued') return event.issuedAt;
  if (event.type === 'RolloutConcluded') return event.untoldAttemptAt ?? null;
  return event.type === 'RollbackAdopted' && event.by === 'rewind' ? event.adoptedAt : null;
}
