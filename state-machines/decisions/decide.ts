import type {
  AlarmsChecked,
  RolloutConcluded,
  RolloutOpened,
  Verdict,
  VerdictReached,
} from '../log/decided-events';
import { logKeyOf } from '../log/events';
import { invariant } from '../log/foundation/invariant';
import type { EventId, TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { inFull, isEarlier, type ObservedService, shownRevisionOf } from '../log/observed-service';
import type { Policy } from '../log/policy';
import { namedOnly, type WayBack } from '../log/way-back';
import { isLive, isSameRollout, type LiveRollout } from '../rollout/live-rollout';
import { type ElapsedEvent, elapsedBy, nextDueAt } from '../service/deadlines';
import { safeTargetOf } from '../service/safe-targets';
import { hasFailedHere, type ServiceMemory } from '../service/service-memory';
import type { ServiceState } from '../service/service-state';
import { decideRollback, reportAttempt } from './decide-rollback';
import { type Decision, type NoProgress, type RecordDecision, recordThat, type Wait } from './decision';
import { decidedIn, decisionFact, openingOf } from './decision-events';
import { type SituationInView, whenShown, withServiceInView } from './look';
import { hasUnreportedAttempt } from './rollback-progress';
import type { Situation } from './situation';
import { isUnrecorded } from './unrecorded-facts';

/**
 * State, what was seen and the time in, one decision out. Where a decision depends on something
 * that nobody has looked at, the decision is to look. Pure.
 */
export function decide(situation: Situation): Decision {
  const decision = decideNext(situation);
  return decision.action === 'record' ? decidedIn(situation, decision) : decision;
}

function decideNext(situation: Situation): Decision {
  let next: Wait = { action: 'wait', until: null, because: 'no rollout is live' };
  let standing: RecordDecision | null = null;
  for (const live of situation.state.rollouts) {
    const decision = decideOn(situation, live);
    if (decision.action === 'wait') next = sooner(next, decision);
    // A rollout that gets no further keeps no other from its turn.
    else if (hasBeenAnswered(situation, decision)) standing ??= decision;
    else return decision;
  }
  return standing === null ? next : noProgress(standing, next);
}

/** Whether this reconcile has appended the decision already, and the state is as it was before. */
function hasBeenAnswered({ seen }: Situation, decision: Decision): decision is RecordDecision {
  return decision.action === 'record' && seen.answered.has(logKeyOf(decision.event));
}

function noProgress({ event }: RecordDecision, { until }: Wait): NoProgress {
  const because = `what stands in the log at ${logKeyOf(event)} changes nothing`;
  return { action: 'noProgress', event, until, because };
}

function sooner(a: Wait, b: Wait): Wait {
  if (a.until === null) return b;
  return b.until !== null && b.until < a.until ? b : a;
}

function decideOn(situation: Situation, live: LiveRollout): Decision {
  const { state, now } = situation;
  const { recorded, context, phase } = live;
  if (!recorded.opened) return withServiceInView(situation, (inView) => openRollout(inView, live));
  const elapsed = elapsedBy(state, now).find((event) => isSameRollout(live, event));
  if (elapsed?.type === 'BakeElapsed' && lacksAlarmCheck(live)) return checkAlarms(situation, live);
  if (elapsed !== undefined) return endPhase(situation, live, elapsed);
  if (context.verdict !== null && !recorded.verdict) return recordVerdict(state, live, context.verdict);
  if (phase === 'rollingBack') return decideRollback(situation, live);
  if (hasUnreportedAttempt(live)) return reportAttempt(situation, live);
  if (!isLive(live)) return conclude(state, live);
  return { action: 'wait', until: nextDueAt(state), because: `${phase}: nothing speaks against it yet` };
}

/** Before a bake ends, the policy's alarms are read: the notification of one may have been lost. */
function lacksAlarmCheck({ phase, context }: LiveRollout): boolean {
  return phase === 'baking' && context.policy.alarms.length > 0 && context.alarmCheck?.at !== context.dueAt;
}

function checkAlarms(situation: Situation, live: LiveRollout): Decision {
  const { state, seen } = situation;
  const { deployment, dueAt, policy } = live.context;
  invariant(dueAt !== null, 'a phase that has ended had an end');
  if (seen.alarms === null || !policy.alarms.every((name) => seen.alarms?.names.includes(name))) {
    return { action: 'look', at: 'alarms', names: policy.alarms };
  }
  return whenShown(situation, seen.alarms.answer, (alarms) => {
    const cause = { eventId: `AlarmsChecked~${deployment}` as EventId, at: dueAt };
    const event: AlarmsChecked = { ...decisionFact(state, live, { type: 'AlarmsChecked', cause }), alarms };
    const shown = alarms.map((reading) => `${reading.alarm} ${reading.state}`).join(', ');
    return recordThat(event, `at the end of the bake: ${shown}`);
  });
}

/**
 * Notifications may be late or lost: before time alone ends a phase, ECS itself has shown what it
 * knows. Where it refuses, the end of a bake is recorded as blind.
 */
function endPhase(situation: Situation, live: LiveRollout, elapsed: ElapsedEvent): Decision {
  const { state, now, seen } = situation;
  const until = lastEndBy(state, now) ?? elapsed.occurredAt;
  if (seen.facts === null || seen.facts.until < until) return { action: 'look', at: 'facts', until };
  const { facts } = seen;
  const because = `${elapsed.type} in ${live.phase}`;
  if (facts.answer.kind === 'denied') {
    return recordThat(elapsed.type === 'BakeElapsed' ? { ...elapsed, isBlind: true } : elapsed, because);
  }
  return whenShown(situation, facts.answer, (shown) => {
    const unrecorded = shown.filter(
      (fact) => !seen.appended.has(fact.id) && isUnrecorded(state, fact, facts.until),
    );
    if (unrecorded.length === 0) return recordThat(elapsed, because);
    const count = `ECS shows ${unrecorded.length} facts that no notification told`;
    return { action: 'appendFacts', facts: unrecorded, because: count };
  });
}

/** When the last of the phases ended that time ends now; a bake has its alarms read before. */
function lastEndBy(state: ServiceState, now: Instant): Instant | null {
  const unread = state.rollouts.filter(lacksAlarmCheck);
  const isUnread = (end: ElapsedEvent) =>
    end.type === 'BakeElapsed' && unread.some((live) => isSameRollout(live, end));
  const ended = elapsedBy(state, now).filter((end) => !isUnread(end));
  return ended.at(-1)?.occurredAt ?? null;
}

function openRollout(situation: SituationInView, live: LiveRollout): Decision {
  const { state, observed, policy, alarms } = situation;
  const { deployment, taskDefinition, rollbackOf } = live.context;
  const described = observed.deployments.find(({ id }) => id === deployment);
  const runs = described?.taskDefinition ?? taskDefinition;
  const wayBack = wayBackAtOpening(situation, live, runs);
  const event: RolloutOpened = {
    ...decisionFact(state, heldTo(live, policy), { type: 'RolloutOpened', cause: openingOf(live) }),
    taskDefinition: runs,
    stable: wayBack?.taskDefinition ?? null,
    ...(wayBack === null ? {} : { wayBack: inFull(observed, wayBack) }),
    ...ownRevision(observed, live, runs),
    ...standingTasksIn(observed, live),
    desiredCount: observed.exists ? observed.desiredCount : null,
    deploymentConfiguration: observed.deploymentConfiguration,
    policy,
    ...(hasFailedHere(state.memory, { deployment, taskDefinition: runs }) ? { hasFailedBefore: true } : {}),
    rollbackOf,
    alarms,
  };
  return recordThat(event, `${deployment} is a rollout that Rewind had not taken up`);
}

/** The service revision that is rolled out, where ECS shows that it runs the task definition. */
function ownRevision(
  observed: ObservedService,
  { context: { deployment, startedAt, rollbackOf } }: LiveRollout,
  runs: TaskDefinitionArn | null,
): Pick<RolloutOpened, 'serviceRevision' | 'images'> {
  const shown = shownRevisionOf(observed, { startedAt, isRollback: rollbackOf !== null });
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
  const context = { ...live.context, taskDefinition: runs, stable: null };
  const asOpened = { ...live, context, recorded: { ...live.recorded, opened: true } };
  const proven = safeTargetOf(memory, asOpened);
  if (proven !== null) return proven;
  const named = safeTargetOf(memory, { ...asOpened, context: { ...context, stable: memory.stable } });
  if (named !== null) return named;
  const isSafe = (candidate: WayBack) =>
    safeTargetOf(memory, { ...asOpened, context: { ...context, stable: candidate } }) !== null;
  return completedBefore(observed, memory).find(isSafe) ?? null;
}

/**
 * What ECS completed with tasks that run, without what Rewind itself watched and saw no pass of.
 */
function completedBefore(observed: ObservedService, { started, taskDefinitions }: ServiceMemory): WayBack[] {
  const watched = new Set(started.map((deployment) => taskDefinitions[deployment]));
  const standing = observed.deployments
    .filter(({ id, rolloutState, runningCount }) => {
      const isCompleted = rolloutState === 'COMPLETED' && runningCount > 0;
      return isCompleted && !started.includes(id);
    })
    .map(({ id, taskDefinition }) => ({ ...namedOnly(taskDefinition), deployment: id }));
  const earlier = successfulWithTasks(observed).filter((taskDefinition) => !watched.has(taskDefinition));
  return [...standing, ...earlier.map(namedOnly)];
}

/** A deployment of no tasks succeeds too, and proves nothing. */
function successfulWithTasks({ desiredCount, lastSuccessful, earlierSuccessful }: ObservedService) {
  if (desiredCount === 0) return [];
  return lastSuccessful === null ? earlierSuccessful : [lastSuccessful, ...earlierSuccessful];
}

function recordVerdict(state: ServiceState, live: LiveRollout, verdict: Verdict): Decision {
  const cause = { eventId: verdict.eventId, at: verdict.at };
  const event: VerdictReached = { ...decisionFact(state, live, { type: 'VerdictReached', cause }), verdict };
  return recordThat(event, verdict.message);
}

function conclude(state: ServiceState, live: LiveRollout): Decision {
  const { outcome, transitionCause, verdict, taskDefinition, serviceRevision, images, isProven } =
    live.context;
  const message = verdict?.message ?? `${outcome}`;
  // What ended it may have become known late, and lie before the recorded verdict: the conclusion
  // still follows the verdict.
  const cause = verdict !== null && verdict.at > transitionCause.at ? verdict : transitionCause;
  const event: RolloutConcluded = {
    ...decisionFact(state, live, { type: 'RolloutConcluded', cause }),
    outcome: outcome ?? 'abandoned',
    reason: transitionCause.reason,
    eventId: transitionCause.eventId,
    message,
    ...(isProven && taskDefinition !== null ? { proven: { taskDefinition, serviceRevision, images } } : {}),
  };
  return recordThat(event, `${outcome}: ${message}`);
}
