import { isTimeToReadAlarms, wakeToReadAlarmsAt } from '../../state-machines/decisions/alarm-changes';
import { decide } from '../../state-machines/decisions/decide';
import type { Decision } from '../../state-machines/decisions/decision';
import { nothingSeen, type Seen, type Situation, withLook } from '../../state-machines/decisions/situation';
import { logKeyOf, type RewindEvent } from '../../state-machines/log/events';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { earliestPosition, type Position } from '../../state-machines/log/position';
import type { EventLog } from '../event-log/event-log';
import { append } from './append';
import { withAnswer } from './calls';
import { beginsToWatch, saveSnapshot } from './kept-stream';
import { limitedTo, look, type Sources } from './look';
import { retryAt, wakeAt, wakeFromStandstillAt } from './next-wake';
import {
  describeReconcile,
  type ReconcileReport,
  type ReconcileResult,
  reasonToRetry,
} from './reconcile-report';
import {
  type FoldedStream,
  foldAppended,
  type LogChanges,
  readStream,
  unreadDecisions,
  withAppendedKeys,
} from './service-stream';

export interface ReconcilerParts extends Sources {
  readonly eventLog: EventLog;
  readonly now: () => Instant;
  /** Makes the name under which one reconcile holds its lease: never the same twice. */
  readonly newOwner: () => string;
  /** The ARN of the role by which a service's ECS is called; null, or left out, if unknown. */
  readonly callerFor?: (service: ServiceArn) => string | null;
  /** Between 0 and 1: spreads retries. */
  readonly jitter: () => number;
  readonly report: (report: ReconcileReport) => void;
}

/**
 * Says which service, and from where on its log may have changed (null: at its end only); never
 * what happened.
 */
export interface WakeUp extends LogChanges {
  readonly service: ServiceArn;
}

export type Reconcile = (wakeUp: WakeUp) => Promise<{ readonly nextWakeAt: Instant | null }>;

/** More looks and writes than one rollout takes from its start to its end. */
const stepsAtMost = 40;
const conflictsAtMost = 5;

/**
 * Brings a service one step after another to where its log says that it should be, until there is
 * nothing left to do, and says when it wants to be woken next. Idempotent; safe to run at any time,
 * by any number at once. Throws when the log cannot be read or written, or keeps changing: then the
 * wake-up is to be repeated.
 */
export function createReconciler(parts: ReconcilerParts): Reconcile {
  return async (wakeUp) => {
    for (let conflicts = 0; conflicts < conflictsAtMost; conflicts += 1) {
      const once = await reconcileOnce(parts, wakeUp);
      const { stream, ...reconciled } = readingAlarmsAgain(once, parts.now());
      const { nextWakeAt } = reconciled;
      if ((await saveSnapshot(parts.eventLog, stream, nextWakeAt)) === 'conflict') continue;
      parts.report(describeReconcile(stream.fold.state, reconciled));
      return { nextWakeAt };
    }
    throw new ContendedServiceError(wakeUp.service);
  };
}

/** Others kept changing the service's snapshot; the wake-up is to be repeated. */
class ContendedServiceError extends Error {
  override readonly name = 'ContendedServiceError';
  constructor(readonly service: ServiceArn) {
    super(`the snapshot of ${service} was changed by somebody else ${conflictsAtMost} times in a row`);
  }
}

interface ReconciledStream extends ReconcileResult {
  readonly stream: FoldedStream;
}

async function reconcileOnce(
  parts: ReconcilerParts,
  { service, ...wakeUp }: WakeUp,
): Promise<ReconciledStream> {
  const { eventLog, policies, now } = parts;
  const reading = { eventLog, service, policy: limitedTo(parts.mode, policies.policyFor(service)) };
  const who = { owner: parts.newOwner(), caller: parts.callerFor?.(service) ?? null };
  const decisions: Decision[] = [];
  let changes: LogChanges = wakeUp;
  let stream = await readStream(reading, changes);
  let round = newRound(now(), nothingSeen);
  for (let step = 0; step < stepsAtMost; step += 1) {
    const situation = situationOf(stream, { ...who, ...round });
    const decided = decide(situation);
    const decision = await withAnswer(parts, situation, decided);
    if (decided.action !== 'look') decisions.push(...new Set([decided, decision]));
    switch (decision.action) {
      case 'look':
        round = { ...round, seen: withLook(round.seen, await look(parts, service, decision)) };
        // Whoever had acted by then had written down before that they would: read that.
        if (decision.at === 'service') {
          changes = withChanges(changes, await unreadDecisions(reading, situation));
          stream = await readStream(reading, changes, stream);
        }
        continue;
      case 'record':
      case 'appendFacts':
      case 'lookAgain': {
        const { events, areNew } = await append(parts, situation, decision);
        changes = withChanges(changes, events.map(logKeyOf));
        // Between several, others' events came: what is decided next is decided of them too.
        const isAlone = areNew && events.length === 1;
        const folded = isAlone ? foldAppended(stream, events, reading.policy) : null;
        stream = withAppendedKeys(folded ?? (await readStream(reading, changes, stream)), events);
        round = newRound(now(), withAppended(round.seen, events));
        continue;
      }
      case 'retry':
        return retryLater(parts, stream, decisions);
      case 'noProgress':
        return answered(stream, decisions, wakeFromStandstillAt(now(), decision.until));
      case 'wait':
        return answered(withLooks(stream, situation), decisions, wakeAt(now(), decision.until));
      default:
        decision satisfies never;
    }
  }
  // Not done, yet nothing is lost: the rest is decided from the log at the next wake-up.
  return answered(stream, decisions, wakeAt(now(), now()));
}

function situationOf(
  { fold, unansweredSince, watchesSince, stageSeenAt }: FoldedStream,
  round: Pick<Situation, 'now' | 'owner' | 'caller' | 'seen'>,
): Situation {
  return { state: fold.state, unansweredSince, watchesSince, stageSeenAt, ...round };
}

/** Who begins to watch an alarm reads its stream once more, when everybody can know of it. */
function readingAlarmsAgain(reconciled: ReconciledStream, now: Instant): ReconciledStream {
  const { stream } = reconciled;
  if (!beginsToWatch(stream, reconciled.nextWakeAt)) return reconciled;
  const nextWakeAt = wakeToReadAlarmsAt(now, reconciled.nextWakeAt);
  return { ...reconciled, stream: { ...stream, watchesSince: now }, nextWakeAt };
}

/** Where nothing is left to do, alarms' streams were read, and ECS looked at, if it was time. */
function withLooks(stream: FoldedStream, situation: Situation): FoldedStream {
  const watchesSince = isTimeToReadAlarms(situation) ? null : stream.watchesSince;
  const { service } = situation.seen;
  return { ...stream, watchesSince, stageSeenAt: service === null ? stream.stageSeenAt : situation.now };
}

function answered(
  stream: FoldedStream,
  decisions: readonly Decision[],
  nextWakeAt: Instant | null,
): ReconciledStream {
  const unansweredSince = null;
  return {
    stream: { ...stream, retries: 0, unansweredSince },
    decisions,
    nextWakeAt,
    unansweredSince,
  };
}

/** What a wake-up told of, and what was appended since. */
function withChanges({ changedFrom, changedAt }: LogChanges, keys: readonly Position[]): LogChanges {
  const from = earliestPosition([changedFrom, ...keys]);
  const isInPart = changedFrom !== null && changedAt === undefined;
  return isInPart ? { changedFrom: from } : { changedFrom: from, changedAt: [...(changedAt ?? []), ...keys] };
}

/** What was seen, and counts beyond the next write. */
type KeptSeen = Pick<Seen, 'appended' | 'answered' | 'plan' | 'measurements'>;

/**
 * From one write to the next the time stands still: whatever has run out by it had run out before
 * the looks in between. What a whole window shows stays so.
 */
function newRound(
  now: Instant,
  { appended, answered, plan, measurements }: KeptSeen,
): Pick<Situation, 'now' | 'seen'> {
  return { now, seen: { ...nothingSeen, appended, answered, plan, measurements } };
}

/**
 * Appended or a duplicate, the event stands in the log now: wanted once more, it changes nothing.
 */
function withAppended(
  { appended, answered, plan, measurements }: Seen,
  events: readonly RewindEvent[],
): KeptSeen {
  return {
    plan,
    measurements,
    appended: new Set([...appended, ...events.map(({ id }) => id)]),
    answered: new Set([...answered, ...events.map(logKeyOf)]),
  };
}

/**
 * Without an answer the service is woken again later, and later still the more often it happens.
 * Where people hold Rewind back, it waits for them at a steady pace.
 */
function retryLater(
  { now, jitter }: ReconcilerParts,
  stream: FoldedStream,
  decisions: readonly Decision[],
): ReconciledStream {
  const isHeld = reasonToRetry(decisions) === 'held';
  const retries = isHeld ? 0 : stream.retries + 1;
  const unansweredSince = isHeld ? null : (stream.unansweredSince ?? now());
  const nextWakeAt = retryAt(now(), Math.max(1, retries), jitter());
  return { stream: { ...stream, retries, unansweredSince }, decisions, nextWakeAt, unansweredSince };
}
