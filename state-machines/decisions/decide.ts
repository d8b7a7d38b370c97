import type {
  AlarmsChecked,
  PassRevoked,
  RolloutConcluded,
  SightLost,
  Verdict,
  VerdictReached,
} from '../log/decided-events';
import { logKeyOf } from '../log/events';
import { invariant } from '../log/foundation/invariant';
import type { EventId } from '../log/identifiers';
import { secondsAfter } from '../log/instant';
import { isLive, isSameRollout, type LiveRollout, lacksOpening } from '../rollout/live-rollout';
import { damageSentence } from '../rollout/measuring/damage';
import { type ElapsedEvent, elapsedBy, nextDueAt } from '../service/deadlines';
import type { ServiceState } from '../service/service-state';
import { withAlarmChanges, withAlarmsOnceMore } from './alarm-changes';
import { tellPostponement } from './decide-postponement';
import { decideRollback, reportAttempt, waitForAttempt } from './decide-rollback';
import {
  type Decision,
  type NoProgress,
  type RecordDecision,
  type Retry,
  recordThat,
  type Wait,
} from './decision';
import { decidedIn, decisionFact, untoldAttempt } from './decision-events';
import { answerGates, tellOvertaken } from './gates/answer-gate';
import { followStage, untilNextLook } from './gates/follow-stage';
import { whenShown, withFacts, withServiceInView } from './look';
import { decideMeasurement, measuringMeanwhile, waitForDamage } from './measuring/decide-measurement';
import { recordOpening, recordUnseenOpening } from './record-opening';
import { hasUnreportedAttempt } from './rollback-progress';
import type { Situation } from './situation';
import { followTests } from './testing/follow-tests';

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
  let unanswered: Retry | null = null;
  for (const live of situation.state.rollouts) {
    // Where AWS has not answered, nothing more is asked: the log alone decides on what is left.
    const decision: Decision | null =
      unanswered === null ? decideOn(situation, live) : decideUnanswered(situation, live);
    if (decision === null) continue;
    // A rollout that gets no further keeps no other from its turn.
    if (decision.action === 'wait') next = sooner(next, decision);
    else if (decision.action === 'retry') unanswered ??= decision;
    else if (hasBeenAnswered(situation, decision)) standing ??= decision;
    else return decision;
  }
  if (unanswered !== null) return unanswered;
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
  return (b.until ?? Infinity) <= (a.until ?? Infinity) ? b : a;
}

function decideOn(situation: Situation, live: LiveRollout): Decision {
  const decision = decideWhenAnswered(situation, live);
  if (decision.action === 'wait') return measuringMeanwhile(situation, live, decision);
  if (decision.action !== 'retry') return decision;
  return decideFromLog(situation, live) ?? tellLostSight(situation, live, decision) ?? decision;
}

/** What the log and the alarms' own streams say needs no answer of ECS. */
function decideUnanswered(situation: Situation, live: LiveRollout): Decision | null {
  if (!lacksOpening(live)) return decideFromLog(situation, live);
  const { alarms: names } = live.context.policy;
  const unlearnt = withAlarmChanges(situation, { live, names }, () => null);
  return unlearnt ?? decideFromLog(situation, live);
}

/** A failure that the log shows is recorded, and told, whether ECS can be asked or not. */
function decideFromLog(situation: Situation, live: LiveRollout): Decision | null {
  const { state, now } = situation;
  const { recorded, context } = live;
  const due = elapsedBy(state, now).find((end) => end.type === 'HoldElapsed' && isSameRollout(live, end));
  const failure =
    context.verdict?.result === 'failed' && !recorded.verdict
      ? recordVerdict(state, live, context.verdict)
      : due && recordThat(due, 'nothing that ECS could show explains it');
  if (failure === undefined) return null;
  return recorded.opened ? failure : recordUnseenOpening(situation, live);
}

/** After this long without an answer of AWS, people are told. */
export const unansweredSecondsAtMost = 3600;

/** People are told once of each time that AWS does not answer for an hour. */
function tellLostSight(
  { state, now, unansweredSince: since }: Situation,
  live: LiveRollout,
  { because, why }: Retry,
): Decision | null {
  if (why === 'held' || since === null || live.recorded.sightLostSince === since) return null;
  const at = secondsAfter(since, unansweredSecondsAtMost);
  if (at > now) return null;
  const cause = { eventId: `SightLost~${live.context.deployment}` as EventId, at };
  const event: SightLost = {
    ...decisionFact(state, live, { type: 'SightLost', cause }),
    since,
    because,
  };
  return recordThat(event, `AWS has not answered for an hour: ${because}`);
}

function decideWhenAnswered(situation: Situation, live: LiveRollout): Decision {
  const { state, now } = situation;
  const { recorded, context, phase } = live;
  if (lacksOpening(live)) return openRollout(situation, live);
  const measuring = context.verdict === null ? decideMeasurement(situation, live) : null;
  if (measuring !== null) return measuring;
  const elapsed = elapsedBy(state, now).find((event) => isSameRollout(live, event));
  if (elapsed?.type === 'BakeElapsed' && lacksAlarmCheck(live)) {
    const { alarms: names } = context.policy;
    return withAlarmChanges(situation, { live, names }, () => checkAlarms(situation, live));
  }
  if (elapsed !== undefined) return endPhase(situation, live, elapsed);
  if (context.verdict !== null && !recorded.verdict) return recordVerdict(state, live, context.verdict);
  const overtaken = tellOvertaken(situation, live);
  if (overtaken !== null) return overtaken;
  if (phase === 'rollingBack') return decideRollback(situation, live);
  if (hasUnreportedAttempt(live)) return reportAttempt(situation, live);
  if (!isLive(live) && !recorded.concluded) {
    return waitForAttempt(situation, live) ?? waitForDamage(situation, live) ?? conclude(situation, live);
  }
  const because = `${phase}: nothing speaks against it yet`;
  const until = nextDueAt(state, now);
  return withAlarmsOnceMore(
    situation,
    live,
    () =>
      tellPostponement(state, live) ??
      followStage(situation, live) ??
      untilNextLook(situation, live, atGate(situation, live, { action: 'wait', until, because })),
  );
}

/** What is to be done about tests, or at a gate; else it waits for whatever comes first. */
function atGate(situation: Situation, live: LiveRollout, otherwise: Wait): Decision {
  if (live.phase !== 'watching') return otherwise;
  const testing = followTests(situation, live);
  if (testing !== null && testing.action !== 'wait') return testing;
  const waiting = testing === null ? otherwise : sooner(otherwise, testing);
  const decision = answerGates(situation, live);
  return decision?.action === 'wait' ? sooner(waiting, decision) : (decision ?? waiting);
}

/** The alarms of the file come before ECS, which may not answer; a tag may name others. */
function openRollout(situation: Situation, live: LiveRollout): Decision {
  return withAlarmChanges(situation, { live, names: live.context.policy.alarms }, () =>
    withServiceInView(situation, (inView) =>
      withAlarmChanges(situation, { live, names: inView.policy.alarms }, () => recordOpening(inView, live)),
    ),
  );
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
  const until = elapsed.occurredAt;
  const because = `${elapsed.type} in ${live.phase}`;
  return withFacts(situation, until, (isBlind) =>
    recordThat(isBlind && elapsed.type === 'BakeElapsed' ? { ...elapsed, isBlind } : elapsed, because),
  );
}

function recordVerdict(state: ServiceState, live: LiveRollout, verdict: Verdict): Decision {
  const cause = { eventId: verdict.eventId, at: verdict.at };
  const type = verdict.revokes === undefined ? 'VerdictReached' : 'PassRevoked';
  const event: VerdictReached | PassRevoked = { ...decisionFact(state, live, { type, cause }), verdict };
  return recordThat(event, verdict.message);
}

function conclude(situation: Situation, live: LiveRollout): Decision {
  const { state } = situation;
  const { outcome, transitionCause, verdict, taskDefinition, serviceRevision, images, isProven } =
    live.context;
  const damage = damageSentence(live.context);
  const message = [verdict?.message ?? `${outcome}`, ...(damage === null ? [] : [damage])].join('; ');
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
    ...untoldAttempt(situation, live, message),
  };
  return recordThat(event, `${outcome}: ${event.message}`);
}
