import { decide } from '../decisions/decide';
import { type CallAnswer, decideCallAnswer } from '../decisions/decide-call-answer';
import { questionFor } from '../decisions/look';
import type { AlarmChangesSeen, Answer, ServiceView, Situation } from '../decisions/situation';
import type { DecidedEvent, RolloutOpened } from '../log/decided-events';
import type { EventId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { standardAnalysis } from '../log/measuring/analysis-policy';
import { defaultPolicy, type Policy, wholePolicy } from '../log/policy';
import { isSameRollout, type LiveRollout } from '../rollout/live-rollout';
import type { ServiceState } from '../service/service-state';
import { heldBecauseIn, remakeGateAnswer } from './gate-answers';
import type { LoggedEvent } from './recorded-stream';
import { remakeStopAnswer, remakeTestAnswer, testTaskAnswers } from './test-answers';

/** Where a decision made again is not the recorded one: the first field, in alphabetical order. */
export interface FieldDifference {
  /** `verdict.message`, or an empty text for the decision as a whole. */
  readonly field: string;
  readonly recorded: unknown;
  readonly recomputed: unknown;
}

/**
 * Makes a decision again: from the state that its events fold to, and from what it says that AWS
 * and the clock showed. AWS's answers (to a look, to a call) are fed back as they were recorded.
 * Null when the decision comes out the same, by whichever version of the reducer it was made. Pure.
 */
export function recompute(
  state: ServiceState,
  { event, recordedAt }: LoggedEvent<DecidedEvent>,
): FieldDifference | null {
  const { digest: _digest, ...recorded } = event;
  const remade = remake(situationOf(state, event, recordedAt), event);
  if (typeof remade === 'string') return { field: '', recorded: event.type, recomputed: remade };
  return firstDifference(
    recorded,
    asMadeBy(event.madeWith.reducerVersion, withPolicyAsRecorded(remade, event)),
    '',
  );
}

/** The policy is taken from the opening itself: earlier ones hold more of its keys. */
function withPolicyAsRecorded(made: DecidedEvent, event: DecidedEvent): DecidedEvent {
  const isOpening = made.type === 'RolloutOpened' && event.type === 'RolloutOpened';
  return isOpening ? { ...made, policy: event.policy } : made;
}

/** The decision with what an earlier reducer wrote into it, and nothing else. */
function asMadeBy(reducerVersion: number, event: DecidedEvent): DecidedEvent {
  const made = { ...event, madeWith: { ...event.madeWith, reducerVersion } };
  if (made.type === 'RolloutOpened') return openingMadeBy(reducerVersion, made);
  if (reducerVersion >= 4) return made;
  if (made.type === 'DeadlineElapsed') return { ...made, id: made.id.replace('.Overdue', '') as EventId };
  if (made.type !== 'RolloutConcluded') return made;
  const { proven: _proven, ...older } = made;
  return older;
}

function openingMadeBy(reducerVersion: number, made: RolloutOpened): RolloutOpened {
  if (reducerVersion >= 25) return made;
  const { isGoingBack: _isGoingBack, ...since4 } = made;
  if (reducerVersion >= 4) return since4;
  const { wayBack: _wayBack, standingTasks: _standingTasks, ...older } = since4;
  return older;
}

function situationOf(state: ServiceState, event: DecidedEvent, recordedAt: Instant): Situation {
  const live = rolloutOf(state, event);
  const now = event.madeWith.decidedAt ?? recordedAt;
  const owner = ownerOf(event, live);
  const policy =
    event.type === 'RolloutOpened' ? wholePolicy(event.policy) : (live?.context.policy ?? defaultPolicy);
  const service = serviceAnswer(event, policy);
  return {
    state,
    now,
    owner,
    caller: (event.type === 'RollbackRequested' ? event.caller : null) ?? null,
    unansweredSince: event.type === 'SightLost' ? event.since : null,
    watchesSince: null,
    // Had ECS shown another stage, that would have been appended instead.
    stageSeenAt: now,
    seen: {
      service: service && { question: questionFor({ state, owner, now }), answer: service },
      alarms: alarmsAnswer(state, event),
      alarmChanges: alarmChangesAnswers(state, event, policy),
      // Had ECS shown anything new, that would have been appended instead.
      facts: { until: now, answer: factsAnswer(event) },
      ...measuringAnswers(event, live),
      testTasks: testTaskAnswers(event, live),
      killSwitch: { heldBecause: isFromLogAlone(event) ? 'unknown' : heldBecauseIn(event) },
      appended: new Set(),
      answered: new Set(),
    },
  };
}

/** What the back-end told is what the decision holds; where it holds nothing, nothing was told. */
function measuringAnswers(event: DecidedEvent, live: LiveRollout | undefined) {
  const { deployment, startedAt } = event;
  const policy = live?.context.policy.analysis ?? standardAnalysis;
  const asked = { deployment, startedAt, policy };
  const isPlan = event.type === 'AnalysisPlanned';
  const plan = {
    question: { ...asked, serviceRevision: live?.context.serviceRevision ?? null },
    answer: isPlan ? ({ kind: 'shown', shown: event.plan } as const) : silence,
  };
  const known = live?.context.analysis?.plan;
  if (event.type !== 'MeasurementTaken' || known === undefined) return { plan, measurements: null };
  const { until, readings } = event;
  const question = { ...asked, plan: known, windows: [until] };
  const answer = { kind: 'shown', shown: [{ until, readings }] } as const;
  return { plan, measurements: { question, answer, isRecorded: true } };
}

/** Who decided: whoever had begun the last attempt, unless the decision says otherwise. */
function ownerOf(event: DecidedEvent, live: LiveRollout | undefined): string {
  if (event.type === 'RollbackRequested') return event.owner;
  const isAnother = event.type === 'RolloutConcluded' && event.untoldAttemptAt !== undefined;
  return isAnother ? '' : (live?.recorded.attempt?.owner ?? '');
}

/** What the look at the service came to; null where the decision says nothing of one. */
function serviceAnswer(event: DecidedEvent, policy: Policy): Answer<ServiceView> | null {
  const { observed } = event.madeWith;
  if (observed !== undefined) {
    const alarms = event.type === 'RolloutOpened' ? event.alarms : [];
    const policyProblems = (event.type === 'RolloutOpened' ? event.policyProblems : null) ?? [];
    const view = { observed, policy, policyProblems, observesBecause: null, alarms };
    return { kind: 'shown', shown: view };
  }
  if (event.type === 'RollbackRejected') {
    return { kind: 'denied', reason: event.reason, message: event.message };
  }
  if (event.type === 'RolloutConcluded' && event.outcome === 'abandoned') {
    return { kind: 'outOfReach', reason: 'AccountNotConfiguredError', message: event.message };
  }
  return isFromLogAlone(event) ? silence : null;
}

/** Needs no answer of AWS: had there been one to wait for, that came to nothing. */
function isFromLogAlone(event: DecidedEvent): boolean {
  if (event.type === 'RolloutOpened') return event.isUnseen === true;
  const { type } = event;
  return (
    type === 'VerdictReached' || type === 'PassRevoked' || type === 'SightLost' || type === 'HoldElapsed'
  );
}

const silence = { kind: 'unreachable', reason: 'Unknown', message: '' } as const;

function alarmsAnswer(state: ServiceState, event: DecidedEvent): Situation['seen']['alarms'] {
  if (isFromLogAlone(event)) {
    return { names: state.rollouts.flatMap(({ context }) => context.policy.alarms), answer: silence };
  }
  if (event.type !== 'AlarmsChecked') return null;
  const names = event.alarms.map(({ alarm }) => alarm);
  return { names, answer: { kind: 'shown', shown: event.alarms } };
}

/** Had the alarms told anything new, that would have been appended instead. */
function alarmChangesAnswers(
  { rollouts }: ServiceState,
  event: DecidedEvent,
  policy: Policy,
): readonly AlarmChangesSeen[] {
  return rollouts.map((live) => {
    const { startedAt } = live.context;
    const names = [...live.context.policy.alarms, ...policy.alarms];
    const isOpened = event.type === 'RolloutOpened' && isSameRollout(live, event);
    const history = (isOpened ? event.alarmHistory : null) ?? [];
    return { question: { names, startedAt, withHistory: true }, missing: [], history };
  });
}

function factsAnswer(event: DecidedEvent): Answer<readonly never[]> {
  if (isFromLogAlone(event)) return silence;
  return event.type === 'BakeElapsed' && event.isBlind
    ? { kind: 'denied', reason: 'AccessDeniedException', message: '' }
    : { kind: 'shown', shown: [] };
}

function rolloutOf({ rollouts }: ServiceState, event: DecidedEvent): LiveRollout | undefined {
  return rollouts.find((live) => isSameRollout(live, event));
}

/** The event of the same decision made again; a sentence where another one, or none, is made. */
function remake(situation: Situation, event: DecidedEvent): DecidedEvent | string {
  const decision = decide(situation);
  if (decision.action === 'record')
    return withUnknowns(decision.event, event, rolloutOf(situation.state, event));
  if (decision.action === 'look') return `nothing to decide without a look at the ${decision.at}`;
  if (decision.action === 'answerGate') return remakeGateAnswer(situation, event, decision);
  if (decision.action === 'runTest') return remakeTestAnswer(situation, event, decision);
  if (decision.action === 'stopTest') return remakeStopAnswer(situation, decision);
  if (decision.action !== 'rollBack') return `nothing to decide: ${decision.because}`;
  const answer = callAnswer(event);
  if (answer === null) return `a call of ECS: ${decision.because}`;
  const answered = decideCallAnswer(situation, decision, answer);
  return answered.action === 'record' ? answered.event : answered.because;
}

/**
 * Why AWS did not answer is known to nothing but the decision itself, and so is the policy that a
 * rollout was held to before its opening was recorded.
 */
function withUnknowns(
  remade: DecidedEvent,
  recorded: DecidedEvent,
  live: LiveRollout | undefined,
): DecidedEvent {
  if (remade.type !== 'SightLost' || recorded.type !== 'SightLost') return remade;
  const { because, madeWith } = recorded;
  const { policyVersion } = live?.recorded.opened ? remade.madeWith : madeWith;
  return { ...remade, because, madeWith: { ...remade.madeWith, policyVersion } };
}

/** What ECS answered to the call that the decision records; null where it records none. */
function callAnswer(event: DecidedEvent): CallAnswer | null {
  if (event.type === 'RollbackRejected') {
    return { kind: 'refused', reason: event.reason, message: event.message };
  }
  if (event.type !== 'RollbackIssued') return null;
  const { rollbackDeployment, requestId, carriedOver = [], copy = null } = event;
  return { kind: 'accepted', rollbackDeployment, requestId, carriedOver, copy };
}

function firstDifference(recorded: unknown, recomputed: unknown, field: string): FieldDifference | null {
  if (!isObject(recorded) || !isObject(recomputed)) {
    return recorded === recomputed ? null : { field, recorded, recomputed };
  }
  const keys = [...new Set([...Object.keys(recorded), ...Object.keys(recomputed)])].sort();
  for (const key of keys) {
    const path = field === '' ? key : `${field}.${key}`;
    const difference = firstDifference(recorded[key], recomputed[key], path);
    if (difference !== null) return difference;
  }
  return null;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
