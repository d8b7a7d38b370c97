import type { DecidedEvent, RollbackRequested } from '../log/decided-events';
import type { DeploymentId, EventId, ServiceArn } from '../log/identifiers';
import { type Instant, secondsAfter } from '../log/instant';
import type { Policy } from '../log/policy';
import type { RolloutId } from '../log/rollout-id';
import type { ServiceMemory } from '../service/service-memory';
import { walk } from './chart-walk';
import { noEvidence } from './evidence';
import type { Attempt, Phase, Recorded, Rollout } from './rollout';
import type { RolloutContext } from './rollout-context';
import type { RolloutSignal } from './signals';
import { emptyLedger } from './task-ledger';

/**
 * A rollout within the fold: where its machine is, and what of Rewind's decisions on it stands in
 * the log. Plain JSON.
 */
export interface LiveRollout {
  readonly phase: Phase;
  readonly context: RolloutContext;
  readonly recorded: Recorded;
}

export interface Opening {
  readonly service: ServiceArn;
  readonly deployment: DeploymentId;
  readonly rollbackOf: DeploymentId | null;
  readonly startedAt: Instant;
  readonly startedBy: EventId;
  /** Holds until a recorded opening tells another. */
  readonly policy: Policy;
}

/** A rollout at its start. */
export function openRollout(opening: Opening, memory: ServiceMemory): LiveRollout {
  const { policy, startedAt, startedBy } = opening;
  const isRaised = (alarm: string) => memory.alarms[alarm] === 'ALARM';
  return {
    phase: 'watching',
    recorded: { opened: false, verdict: false, adopted: false, concluded: false, attempt: null },
    context: {
      ...opening,
      taskDefinition: memory.taskDefinitions[opening.deployment] ?? null,
      stable: null,
      endedAt: null,
      outcome: null,
      verdict: null,
      rollback: null,
      evidence: noEvidence,
      transitions: [],
      dueAt: secondsAfter(startedAt, policy.deadlineSeconds),
      tasks: emptyLedger,
      muted: Object.keys(memory.alarms).filter(isRaised),
      check: null,
      isBakeExtended: false,
      successor: null,
      because: { reason: 'Completed', at: startedAt, eventId: startedBy },
    },
  };
}

/** Moves the rollout's machine by one signal. Pure; a done rollout stays as it is. */
export function tell(live: LiveRollout, signal: RolloutSignal): LiveRollout {
  if (live.phase === 'done') return live;
  const { phase, context } = walk(live, signal);
  const { recorded } = live;
  if (phase === live.phase) return { phase, context, recorded };
  const step = { from: live.phase, to: phase, ...context.because };
  return { phase, context: { ...context, transitions: [...context.transitions, step] }, recorded };
}

/** Notes that a decision on the rollout stands in the log. */
export function record({ recorded, ...live }: LiveRollout, event: DecidedEvent): LiveRollout {
  return { ...live, recorded: { ...recorded, ...recordedBy(event, recorded.attempt) } };
}

function recordedBy(event: DecidedEvent, attempt: Attempt | null): Partial<Recorded> {
  switch (event.type) {
    case 'RolloutOpened':
      return { opened: true };
    case 'VerdictReached':
      return { verdict: true };
    case 'RolloutConcluded':
      return { concluded: true };
    case 'RollbackRequested':
      return { attempt: newestAttempt(attempt, event) };
    case 'RollbackIssued':
      return attempt === null ? {} : { attempt: { ...attempt, outcome: 'issued' } };
    case 'RollbackRejected':
      return attempt === null ? {} : { attempt: { ...attempt, outcome: 'rejected' } };
    case 'RollbackAdopted':
      return { adopted: true, attempt: attempt === null ? null : { ...attempt, outcome: 'adopted' } };
    case 'AlarmsChecked':
    case 'BakeElapsed':
    case 'DeadlineElapsed':
      return {};
    default:
      return event satisfies never;
  }
}

/**
 * Of the attempts recorded, the one with the highest number. Two of the same number have different
 * causes: their reconcilers saw different events. Then neither owns the lease, and both wait until
 * it has run out.
 */
function newestAttempt(known: Attempt | null, event: RollbackRequested): Attempt {
  const { attempt: number, owner, requestedAt, leaseUntil } = event;
  if (known !== null && known.number > number) return known;
  if (known?.number !== number || known.owner === owner) {
    return {
      number,
      owner,
      requestedAt,
      leaseUntil,
      outcome: known?.number === number ? known.outcome : 'pending',
    };
  }
  return {
    ...known,
    owner: nobody,
    leaseUntil: leaseUntil > known.leaseUntil ? leaseUntil : known.leaseUntil,
  };
}

/** Owns a contended lease; no reconciler has an empty name. */
const nobody = '';

export function isLive(live: LiveRollout): boolean {
  return live.phase !== 'done';
}

export function isSameRollout({ context }: LiveRollout, id: RolloutId): boolean {
  return context.deployment === id.deployment && context.startedAt === id.startedAt;
}

/** The rollout without what only its machine needs. */
export function describeRollout({ phase, recorded, context }: LiveRollout): Rollout {
  const {
    stable: _stable,
    tasks: _tasks,
    muted: _muted,
    check: _check,
    isBakeExtended: _isBakeExtended,
    successor: _successor,
    because: _because,
    ...rest
  } = context;
  return { ...rest, phase, recorded };
}
