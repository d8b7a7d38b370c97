import type { DecidedEvent, RollbackRequested } from '../log/decided-events';
import { valueAt } from '../log/foundation/value-at';
import type { EventId } from '../log/identifiers';
import type { GateEvent } from '../log/traffic/gate-events';
import type { TestEvent } from '../log/traffic/test-events';
import type { Attempt, GateRecord, RecordedDecisions, TestRecord } from './rollout';

export const nothingRecorded: RecordedDecisions = {
  opened: false,
  verdict: false,
  adopted: false,
  concluded: false,
  attempt: null,
};

/** What stands in the log of Rewind's decisions on the rollout, with one more decision. Pure. */
export function afterDecision(recorded: RecordedDecisions, event: DecidedEvent): RecordedDecisions {
  const { attempt } = recorded;
  switch (event.type) {
    case 'RolloutOpened': {
      const { isOpenedUnseen: _isOpenedUnseen, ...others } = recorded;
      return { ...others, opened: true, ...(event.isUnseen ? { isOpenedUnseen: true } : {}) };
    }
    case 'VerdictReached':
    case 'PassRevoked':
      return { ...recorded, verdict: true };
    case 'RolloutConcluded':
      return { ...recorded, concluded: true };
    case 'RollbackRequested':
      return { ...recorded, attempt: newestAttempt(attempt, event) };
    case 'RollbackIssued':
      return { ...recorded, attempt: attempt && { ...attempt, outcome: 'issued' } };
    case 'RollbackRejected':
      return { ...recorded, attempt: attempt && { ...attempt, outcome: 'rejected' } };
    case 'RollbackAdopted':
      return { ...recorded, adopted: true, attempt: attempt && { ...attempt, outcome: 'adopted' } };
    case 'GateHeld':
    case 'GateDecided':
    case 'GateAnswered':
    case 'GateOvertaken':
      return { ...recorded, gates: { ...recorded.gates, [event.hookId]: afterGate(recorded, event) } };
    case 'TestBegun':
    case 'TestEnded':
      return { ...recorded, tests: { ...recorded.tests, [event.test]: afterTest(recorded, event) } };
    case 'SightLost':
      return { ...recorded, sightLostSince: event.since };
    case 'VerdictPostponed':
      return { ...recorded, isPostponed: true, toldOfSuspicions: withTold(recorded, event) };
    case 'SuspicionLifted': {
      const { isPostponed: _isPostponed, ...others } = recorded;
      return { ...others, toldOfSuspicions: withTold(recorded, event) };
    }
    case 'AnalysisPlanned':
    case 'MeasurementTaken':
    case 'AlarmsChecked':
    case 'BakeElapsed':
    case 'DeadlineElapsed':
    case 'StallElapsed':
    case 'HoldElapsed':
      return recorded;
    default:
      return event satisfies never;
  }
}

function afterGate({ gates = {} }: RecordedDecisions, event: GateEvent): GateRecord {
  const gate = gates[event.hookId] ?? { answer: null, held: [], isOver: false };
  if (event.type === 'GateHeld') return { ...gate, held: [...gate.held, event.reason] };
  return event.type === 'GateDecided' ? { ...gate, answer: event.answer } : { ...gate, isOver: true };
}

/** Of two attempts the later one counts; what has ended does not begin again. */
function afterTest({ tests = {} }: RecordedDecisions, event: TestEvent): TestRecord {
  const { test, attempt } = event;
  const known = valueAt(tests, test);
  const isLate = known !== undefined && known.attempt > attempt;
  if (event.type === 'TestEnded') {
    const { result, message, occurredAt: at } = event;
    return isLate ? known : { attempt, runs: null, ended: { result, message, at } };
  }
  if (isLate || (known?.attempt === attempt && known.ended !== null)) return known;
  const { task, until } = event;
  return { attempt, runs: { task, until }, ended: null };
}

const toldKept = 8;

function withTold({ toldOfSuspicions = [] }: RecordedDecisions, { id }: DecidedEvent): readonly EventId[] {
  return [id, ...toldOfSuspicions].slice(0, toldKept);
}

/**
 * What stands in the log of a rollout that is reopened: its verdict is another one, and it has not
 * ended.
 */
export function afterReopening(
  recorded: RecordedDecisions,
  isRevocationRecorded: boolean,
): RecordedDecisions {
  return { ...recorded, verdict: isRevocationRecorded, concluded: false };
}

/**
 * The recorded attempt with the highest number. Two attempts of the same number have different
 * causes: their reconcilers saw different events. Then neither owns the lease, and both wait until
 * it has run out.
 */
function newestAttempt(known: Attempt | null, event: RollbackRequested): Attempt {
  const { attempt: number, owner, requestedAt, leaseUntil } = event;
  const more = { ...(event.byCopy === true ? { byCopy: true as const } : {}), ...callersWith(known, event) };
  if (known !== null && known.number > number) return { ...known, ...callersWith(known, event) };
  if (known?.number !== number) {
    return { number, owner, requestedAt, leaseUntil, outcome: 'pending', ...more };
  }
  if (known.owner === owner) return { ...known, requestedAt, leaseUntil, ...more };
  const latest = leaseUntil > known.leaseUntil ? leaseUntil : known.leaseUntil;
  return { ...known, owner: nobody, leaseUntil: latest, ...more };
}

function callersWith(known: Attempt | null, { caller }: RollbackRequested): Pick<Attempt, 'callers'> {
  const others = known === null ? [] : known.callers;
  if (caller === undefined || others === undefined) return {};
  return { callers: [...new Set([...others, caller])] };
}

/** Owns a contended lease; no reconciler has an empty name. */
const nobody = '';
