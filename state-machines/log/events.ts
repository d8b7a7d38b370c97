import type { DecidedEvent } from './decided-events';
import type { EventId } from './identifiers';
import type { ObservedEvent } from './observed-events';
import { type Position, positionOf } from './position';
import { type RolloutId, rolloutKey } from './rollout-id';

/** The vocabulary of the log: what AWS reported, and what Rewind made of it. */
export type RewindEvent = ObservedEvent | DecidedEvent;

/** Whether Rewind wrote the event itself. */
export function isDecided(event: RewindEvent): event is DecidedEvent {
  return Object.hasOwn(decidedTypes, event.type);
}

/** Every type of decision: the compiler refuses a decided event that is missing here. */
const decidedTypes: { readonly [type in DecidedEvent['type']]: true } = {
  RolloutOpened: true,
  AnalysisPlanned: true,
  MeasurementTaken: true,
  AlarmsChecked: true,
  BakeElapsed: true,
  DeadlineElapsed: true,
  StallElapsed: true,
  HoldElapsed: true,
  SightLost: true,
  VerdictPostponed: true,
  SuspicionLifted: true,
  VerdictReached: true,
  PassRevoked: true,
  RollbackRequested: true,
  RollbackIssued: true,
  RollbackRejected: true,
  RollbackAdopted: true,
  RolloutConcluded: true,
  GateHeld: true,
  GateDecided: true,
  GateAnswered: true,
  GateOvertaken: true,
  TestBegun: true,
  TestEnded: true,
};

/** How the id of the conclusion ends that follows a revoked pass. */
const endOfSecondConclusion = '.Revoked.RolloutConcluded';

/** How the ids of the decisions end of which a rollout has one each: the first that fits counts. */
const singleDecisions = [
  '.VerdictReached',
  '.PassRevoked',
  endOfSecondConclusion,
  '.RolloutConcluded',
] as const;

/** Decisions of earlier reducers stand behind their causes: a rollout might have two verdicts. */
const firstReducerOfSingleDecisions = 6;

/**
 * Under which key the log keeps an event. The log takes a key once: so a rollout gets one verdict
 * and one conclusion, a pass is revoked once and followed by one more conclusion, a hook gets one
 * answer and a test's attempt one end, however much the reconcilers that race for them differ in
 * what they know (docs/decisions/0024, 0031, 0046, 0056). Every other event stands at its position.
 * Pure.
 *
 * The key is the start of the rollout, which no verdict on it comes before: what is read from there
 * on holds both. The sign sorts behind whatever else took place in that millisecond.
 */
export function logKeyOf(event: RewindEvent): Position {
  const kind = kindOfOwn(event) ?? singleDecisions.find((ending) => event.id.endsWith(ending));
  if (kind === undefined || !isOfRollout(event)) return positionOf(event);
  return keyOfRollout(event, kind);
}

/** Under which key the log keeps the verdict on a rollout, if there is one. */
export function verdictKeyOf(rollout: RolloutId): Position {
  return keyOfRollout(rollout, '.VerdictReached');
}

/** Under which key the log keeps that the pass of a rollout is revoked, if it is. */
export function revocationKeyOf(rollout: RolloutId): Position {
  return keyOfRollout(rollout, '.PassRevoked');
}

function keyOfRollout(rollout: RolloutId, kind: string): Position {
  const id = `${rolloutSign}${rolloutKey(rollout)}${kind}` as EventId;
  return positionOf({ occurredAt: rollout.startedAt, id });
}

/** What became of a gate, or of an attempt of a test, has one key, whatever it was. */
function kindOfOwn(event: RewindEvent): string | undefined {
  switch (event.type) {
    case 'GateHeld':
      return `.${event.hookId}.${event.reason}.GateHeld`;
    case 'GateDecided':
      return `.${event.hookId}.GateDecided`;
    case 'GateAnswered':
    case 'GateOvertaken':
      return `.${event.hookId}.GateEnded`;
    case 'TestBegun':
    case 'TestEnded':
      return `.${event.test}.${event.attempt}.${event.type}`;
    default:
      return undefined;
  }
}

const rolloutSign = '~';

/** Whether it ends a rollout that had been concluded as passed. */
export function isSecondConclusion({ id }: Pick<RewindEvent, 'id'>): boolean {
  return id.endsWith(endOfSecondConclusion);
}

/** Whether a verdict or a conclusion stands under the key: a rollout's, and no event's position. */
export function isKeyOfRollout(key: Position): boolean {
  return key.includes(`#${rolloutSign}`);
}

/** Whatever it calls itself: an audit finds what was made something else by where it stands. */
function isOfRollout(event: RewindEvent): event is DecidedEvent {
  return 'madeWith' in event && event.madeWith.reducerVersion >= firstReducerOfSingleDecisions;
}
