import type { RolloutOpened } from '../log/decided-events';
import type { TaskDefinitionArn } from '../log/identifiers';
import {
  inFull,
  isEarlier,
  type ObservedService,
  ownCandidate,
  shownRevisionOf,
} from '../log/observed-service';
import { type Policy, recordedPolicy } from '../log/policy';
import { namedOnly, type WayBack } from '../log/way-back';
import type { LiveRollout } from '../rollout/live-rollout';
import { backFromUntold, isRollback } from '../rollout/rollout-context';
import { hasFailedHere, type ServiceMemory } from '../service/service-memory';
import type { ServiceState } from '../service/service-state';
import { isKnownHere, safeTargetOf } from '../service/way-back/safe-targets';
import { historyOfAlarms } from './alarm-changes';
import { type Decision, type RecordDecision, recordThat } from './decision';
import { decisionFact, openingOf } from './decision-events';
import { type SituationInView, withFacts } from './look';
import type { Situation } from './situation';

/**
 * Records what is known of a rollout that Rewind takes up; or, where it was opened unseen, what was
 * not known then. Where the end of a deployment is told before its start, what its tasks did in
 * between would be of no rollout: the start that ECS shows is appended first.
 */
export function recordOpening(situation: SituationInView, live: LiveRollout): Decision {
  const { deployment, startedAt, isGoingBack } = live.context;
  const shown = situation.observed.deployments.find(({ id }) => id === deployment);
  const isKnownLate = !isGoingBack && shown !== undefined && isEarlier(shown.createdAt, startedAt);
  const record = () => recordKnownOpening(situation, live);
  return isKnownLate && !live.recorded.opened ? withFacts(situation, situation.now, record) : record();
}

function recordKnownOpening(situation: SituationInView, live: LiveRollout): RecordDecision {
  const { state, observed, policy, policyProblems, alarms } = situation;
  const { deployment, taskDefinition, rollbackOf } = live.context;
  const described = observed.deployments.find(({ id }) => id === deployment);
  const runs = described?.taskDefinition ?? taskDefinition;
  const wayBack = wayBackAtOpening(situation, live, runs);
  const event: RolloutOpened = {
    ...decisionFact(state, heldTo(live, policy), openingKind(live)),
    taskDefinition: runs,
    stable: wayBack?.taskDefinition ?? null,
    ...(wayBack === null ? {} : { wayBack: inFull(observed, wayBack) }),
    ...ownRevision(observed, live, runs),
    ...standingTasksIn(observed, live),
    desiredCount: observed.exists ? observed.desiredCount : null,
    deploymentConfiguration: observed.deploymentConfiguration,
    ...(observed.trafficShiftSeconds === undefined
      ? {}
      : { trafficShiftSeconds: observed.trafficShiftSeconds }),
    policy: recordedPolicy(policy),
    ...(policyProblems.length === 0 ? {} : { policyProblems }),
    ...failedBefore(state, live, runs),
    rollbackOf,
    ...backFromUntold(live.context),
    alarms,
    ...historyOfAlarms(situation, { live, names: policy.alarms }),
  };
  return recordThat(event, `${deployment} is a rollout that Rewind had not taken up`);
}

/**
 * Records what the log alone tells of a rollout, where ECS cannot be asked: what is unknown stays
 * so until ECS answers. The policy is the one that the rollout was folded with.
 */
export function recordUnseenOpening(situation: Situation, live: LiveRollout): RecordDecision {
  const { state } = situation;
  const { deployment, taskDefinition, rollbackOf, policy } = live.context;
  const stable = stableInLog(state.memory, asOpened(live, taskDefinition));
  const event: RolloutOpened = {
    ...decisionFact(state, live, openingKind(live)),
    taskDefinition,
    stable: stable?.taskDefinition ?? null,
    ...(stable === null ? {} : { wayBack: stable }),
    desiredCount: null,
    deploymentConfiguration: null,
    policy: recordedPolicy(policy),
    ...failedBefore(state, live, taskDefinition),
    rollbackOf,
    ...backFromUntold(live.context),
    alarms: [],
    ...historyOfAlarms(situation, { live, names: policy.alarms }),
    isUnseen: true,
  };
  return recordThat(event, `${deployment} is judged by the log alone: ECS cannot be asked`);
}

function openingKind(live: LiveRollout) {
  const attempt = live.recorded.isOpenedUnseen ? 1 : 0;
  return { type: 'RolloutOpened', cause: openingOf(live), attempt } as const;
}

function failedBefore(
  { memory }: ServiceState,
  { context: { deployment } }: LiveRollout,
  taskDefinition: TaskDefinitionArn | null,
): Pick<RolloutOpened, 'hasFailedBefore'> {
  return hasFailedHere(memory, { deployment, taskDefinition }) ? { hasFailedBefore: true } : {};
}

/** The service revision that is rolled out, where ECS shows that it runs the task definition. */
function ownRevision(
  observed: ObservedService,
  { context }: LiveRollout,
  runs: TaskDefinitionArn | null,
): Pick<RolloutOpened, 'serviceRevision' | 'images'> {
  const { deployment, startedAt } = context;
  const shown = shownRevisionOf(observed, { startedAt, isRollback: isRollback(context) });
  if (shown === undefined || shown.taskDefinition !== runs) return {};
  if (shown.deployment !== null && shown.deployment !== deployment) return {};
  const { serviceRevision, images } = shown;
  return { serviceRevision, ...(images === null ? {} : { images }) };
}

/** Tasks that stood before the rollout: ECS goes back to a deployment that still has some. */
function standingTasksIn(
  { deployments }: ObservedService,
  { context: { deployment, startedAt } }: LiveRollout,
): Pick<RolloutOpened, 'standingTasks'> {
  const described = deployments.find(({ id }) => id === deployment);
  if (described === undefined || !isEarlier(described.createdAt, startedAt)) return {};
  return described.runningCount === 0 ? {} : { standingTasks: described.runningCount };
}

function heldTo({ context, ...live }: LiveRollout, policy: Policy): LiveRollout {
  return { ...live, context: { ...context, policy } };
}

/**
 * What has proven itself here; else what the opening before named; else, while Rewind knows nothing
 * proven, what ECS itself completed before with tasks that run. Never a revision whose own rollout
 * is known and has not passed.
 */
function wayBackAtOpening(
  { state: { memory }, observed }: SituationInView,
  live: LiveRollout,
  runs: TaskDefinitionArn | null,
): WayBack | null {
  const opened = asOpened(live, runs);
  const isSafe = (candidate: WayBack) => safeTargetOf(memory, naming(opened, candidate)) !== null;
  return stableInLog(memory, opened) ?? completedBefore(observed, memory).find(isSafe) ?? null;
}

/** What has proven itself here; else what the opening before named. */
function stableInLog(memory: ServiceMemory, opened: LiveRollout): WayBack | null {
  return safeTargetOf(memory, opened) ?? safeTargetOf(memory, naming(opened, memory.stable));
}

/** The rollout as its opening leaves it, but for what that names stable. */
function asOpened(live: LiveRollout, taskDefinition: TaskDefinitionArn | null): LiveRollout {
  const context = { ...live.context, taskDefinition, stable: null };
  return { ...live, context, recorded: { ...live.recorded, opened: true } };
}

function naming(live: LiveRollout, stable: WayBack | null): LiveRollout {
  return { ...live, context: { ...live.context, stable } };
}

/**
 * What ECS completed with tasks that run, without what Rewind itself watched and saw no pass of.
 */
function completedBefore(observed: ObservedService, memory: ServiceMemory): WayBack[] {
  const standing = observed.deployments
    .filter(({ rolloutState, runningCount }) => rolloutState === 'COMPLETED' && runningCount > 0)
    .map(({ id, taskDefinition }) => ({ ...namedOnly(taskDefinition), deployment: id }));
  return [...standing, ...successfulWithTasks(observed)].filter((before) => !isKnownHere(memory, before));
}

/** A deployment of no tasks succeeds too, and proves nothing. */
function successfulWithTasks(observed: ObservedService): WayBack[] {
  if (observed.desiredCount === 0) return [];
  const last = ownCandidate(observed);
  return [...(last === null ? [] : [last]), ...observed.earlierSuccessful.map(namedOnly)];
}
