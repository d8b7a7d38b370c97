import { decide } from '../../state-machines/decisions/decide';
import { type CallAnswer, decideCallAnswer } from '../../state-machines/decisions/decide-call-answer';
import type { CallEcs, Decision } from '../../state-machines/decisions/decision';
import { nothingSeen, type Question, type Situation } from '../../state-machines/decisions/situation';
import type { DecidedEvent } from '../../state-machines/log/decided-events';
import type { RewindEvent } from '../../state-machines/log/events';
import { invariant } from '../../state-machines/log/foundation/invariant';
import type { Instant } from '../../state-machines/log/instant';
import type { ObservedService } from '../../state-machines/log/observed-service';
import { defaultPolicy } from '../../state-machines/log/policy';
import type { Position } from '../../state-machines/log/position';
import { foldOn } from '../../state-machines/service/fold';
import { deploymentId } from '../state-machines/story';
import { failingFold } from './failing-log';
import { describeDeployments, type ShownDeployments, type ShownHistory, type ToyEcs } from './toy-ecs';

/**
 * The reconciler's loop (services/reconciler/reconcile.ts), one step an effect: between any two of
 * them everybody else may act, and at each of them it may die. It folds and decides with the real
 * core. A process knows itself as `me` in its own log, so that equal processes are equal, and keeps
 * only what its next step depends on.
 */
export type Reconciling =
  /** DescribeServices has shown this; the calls after it are still to come. */
  | {
      readonly next: 'lists';
      readonly question: Question;
      readonly shown: ShownDeployments;
      readonly now: Instant;
    }
  /** A look is over, and the log is read again. */
  | { readonly next: 'reads'; readonly view: View; readonly now: Instant }
  | { readonly next: 'records'; readonly event: DecidedEvent }
  | Calling;

export interface Calling {
  readonly next: 'calls';
  readonly call: CallEcs;
  readonly read: Read;
}

interface View {
  readonly question: Question;
  readonly observed: ObservedService;
}

/** What a decision is made from. */
interface Read {
  readonly log: readonly RewindEvent[];
  readonly view: View | null;
  readonly answered: Position | null;
  readonly now: Instant;
}

export const me = 'me';

interface Surroundings {
  readonly log: readonly RewindEvent[];
  readonly ecs: ToyEcs;
  readonly now: Instant;
  /** Where the decision stands that the process has just written; null where it has not. */
  readonly answered: Position | null;
}

/**
 * A process that has just begun, or has just written, reads the log and, where it has to look,
 * calls DescribeServices: nothing that happens in between makes a difference, since it reads the
 * log again after the look. Null when it ends.
 */
export function woken({ ecs, ...around }: Surroundings): Reconciling | null {
  const read = { ...around, view: null };
  return following(read, decide(situationOf(read)), ecs);
}

export function afterListing(
  { question, shown, now }: Extract<Reconciling, { next: 'lists' }>,
  history: ShownHistory,
  glasses: Glasses,
): Reconciling {
  return { next: 'reads', view: { question, observed: glasses({ ...history, ...shown }) }, now };
}

export function afterReading(
  { view, now }: Extract<Reconciling, { next: 'reads' }>,
  { log, ecs, answered }: Surroundings,
): Reconciling | null {
  const read = { log, view, answered, now };
  return following(read, decide(situationOf(read)), ecs);
}

/** What follows from the answer to a call; null when the process ends, or starts over. */
export function afterAnswer({ call, read }: Calling, answer: CallAnswer): Reconciling | null {
  const decision = decideCallAnswer(situationOf(read), call, answer);
  return decision.action === 'record' ? { next: 'records', event: bare(decision.event) } : null;
}

/** How a look shows ECS: as it is, unless a fault is put back. */
export type Glasses = (observed: ObservedService) => ObservedService;

/** Everything that the process has read and seen, as the core wants to have it. */
export function situationOf({ log, now, view, answered }: Read): Situation {
  const { state } = foldOn(failingFold, log, defaultPolicy);
  const shown = view && {
    policy: defaultPolicy,
    policyProblems: [],
    observesBecause: null,
    alarms: [],
    observed: view.observed,
  };
  return {
    state,
    now,
    owner: me,
    unansweredSince: null,
    watchesSince: null,
    stageSeenAt: null,
    caller: null,
    seen: {
      ...nothingSeen,
      service: view && shown && { question: view.question, answer: { kind: 'shown', shown } },
      facts: { until: now, answer: { kind: 'shown', shown: [] } },
      killSwitch: { heldBecause: null },
      answered: new Set(answered === null ? [] : [answered]),
    },
  };
}

/** Null when the process ends. */
function following(read: Read, decision: Decision, ecs: ToyEcs): Reconciling | null {
  switch (decision.action) {
    case 'look': {
      invariant(decision.at === 'service', 'everything else has been looked at');
      return { next: 'lists', question: decision.question, shown: describeDeployments(ecs), now: read.now };
    }
    case 'record':
      return ofTheJudged(decision.event);
    case 'rollBack':
      return { next: 'calls', call: { ...decision, because: '' }, read };
    case 'answerGate':
    case 'runTest':
    case 'stopTest':
    case 'lookAgain':
    case 'appendFacts':
    case 'retry':
    case 'noProgress':
    case 'wait':
      return null;
    default:
      return decision satisfies never;
  }
}

/**
 * Rollouts come in the order of their starts: once Rewind has nothing left to do on the judged one,
 * what it records on later ones makes no difference to that.
 */
function ofTheJudged(event: DecidedEvent): Reconciling | null {
  return event.deployment === deploymentId(2) ? { next: 'records', event: bare(event) } : null;
}

/** The event without what it was made from: two processes that decide the same write the same. */
function bare(event: DecidedEvent): DecidedEvent {
  const { policyVersion, reducerVersion } = event.madeWith;
  const madeWith = { policyVersion, reducerVersion, eventsSeen: 0 };
  return { ...event, madeWith };
}
