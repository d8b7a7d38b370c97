import { keysForWayBack } from '../../state-machines/decisions/rollback-progress';
import type { Situation } from '../../state-machines/decisions/situation';
import { isKeyOfRollout, logKeyOf, type RewindEvent } from '../../state-machines/log/events';
import { eventFingerprintOf, sumOf } from '../../state-machines/log/fingerprint';
import { invariant } from '../../state-machines/log/foundation/invariant';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { Policy } from '../../state-machines/log/policy';
import { type Position, positionOf } from '../../state-machines/log/position';
import {
  contradicts,
  emptyFold,
  type Fold,
  foldSettling,
  inOrder,
  type SettlingFold,
  startingPoint,
} from '../../state-machines/service/fold';
import type { EventLog, StoredSnapshot } from '../event-log/event-log';
import { endOfSnapshot, type SnapshotContent, snapshotContent } from '../event-log/snapshot';

/** A service's stream, folded up to now, and what is needed to keep that for the next time. */
export interface FoldedStream extends ReadFold {
  /** What was read; null when there was none. */
  readonly snapshot: StoredSnapshot | null;
  /** How often in a row ECS could not be asked. */
  readonly retries: number;
  /** Since when; null while AWS answers. */
  readonly unansweredSince: Instant | null;
  /** From when on alarms are watched of which nobody has read the streams since; or null. */
  readonly watchesSince: Instant | null;
  /** When ECS was last looked at while it shifted the service's traffic; null: not yet. */
  readonly stageSeenAt: Instant | null;
  /** Under which keys the snapshot holds what the reconcile that kept it had appended. */
  readonly appendedBefore: readonly Position[];
  /** Under which keys the fold holds what this reconcile has appended. */
  readonly appendedAt: readonly Position[];
}

/** A fold, and what of the log it was made from. */
interface ReadFold extends SettlingFold {
  readonly base: Fold;
  /** All that is known to stand behind the base. */
  readonly events: readonly RewindEvent[];
  /** From where on the log was read to its end; what stands before was known. */
  readonly readFrom: Position | null;
}

interface Reading {
  readonly eventLog: EventLog;
  readonly service: ServiceArn;
  readonly policy: Policy;
}

/** Where a log has changed. */
export interface LogChanges {
  /** The first key at which it may have changed; null: at its end only. */
  readonly changedFrom: Position | null;
  /** Every key at which it has; absent: somewhere from `changedFrom` on. */
  readonly changedAt?: readonly Position[];
}

/**
 * Folds the stream from its snapshot on, or from what this reconcile has read before, as long as
 * nobody else has kept another snapshot since.
 */
export async function readStream(
  reading: Reading,
  changes: LogChanges,
  before: FoldedStream | null = null,
): Promise<FoldedStream> {
  const { eventLog, service } = reading;
  const snapshot = await eventLog.readSnapshot(service);
  if (before !== null && before.snapshot?.version === snapshot?.version) {
    const folded = await foldNews(reading, before, changes);
    if (folded !== null) return { ...before, ...folded };
  }
  const kept = snapshotContent(snapshot, service);
  const from = startingPoint(kept.fold, changes.changedFrom);
  let folded =
    (await foldNews(reading, keptFold(kept), changes)) ?? (await foldFrom(reading, from, kept.fold));
  for (const place of placesUpTo(from)) folded ??= await foldFrom(reading, place);
  invariant(folded !== null, 'nothing contradicts an empty fold');
  const { retries, unansweredSince = null, watchesSince = null, stageSeenAt = null } = kept;
  const appendedBefore = kept.appendedAt ?? [];
  const appendedAt = before?.appendedAt ?? [];
  return {
    ...folded,
    snapshot,
    retries,
    unansweredSince,
    watchesSince,
    stageSeenAt,
    appendedBefore,
    appendedAt,
  };
}

function keptFold(kept: SnapshotContent): KnownFold {
  const { fold, recent = [], appendedAt = [] } = kept;
  return {
    base: fold,
    events: recent,
    readFrom: endOfSnapshot(kept),
    appendedBefore: appendedAt,
    appendedAt: [],
  };
}

/**
 * Folds in what this reconcile has just appended, and reads nothing: what others append meanwhile
 * wakes the service. Null where it belongs before what was read, or contradicts it: then the log is
 * to be read again. Pure.
 */
export function foldAppended(
  stream: FoldedStream,
  appended: readonly RewindEvent[],
  policy: Policy,
): FoldedStream | null {
  const folded = foldBehind(stream, [...stream.events, ...appended], policy);
  return folded && { ...stream, ...folded };
}

/** Keeps the keys of what was appended, so that its own wake-up reads nothing again. Pure. */
export function withAppendedKeys(stream: FoldedStream, appended: readonly RewindEvent[]): FoldedStream {
  return { ...stream, appendedAt: [...stream.appendedAt, ...appended.map(logKeyOf)] };
}

/**
 * Where the log begins an attempt of a way back, revokes a pass that it relies on, or judges what
 * only its completion has proven. The process that wrote it may have died before it kept its fold,
 * and the wake-up for it may still be on its way.
 */
export async function unreadDecisions(
  { eventLog, service }: Pick<Reading, 'eventLog' | 'service'>,
  situation: Situation,
): Promise<readonly Position[]> {
  const keys = keysForWayBack(situation);
  if (keys.length === 0) return [];
  const decisions = await eventLog.readAt(service, keys);
  return decisions.map(({ event }) => logKeyOf(event));
}

type KnownFold = Pick<FoldedStream, 'base' | 'events' | 'readFrom' | 'appendedBefore' | 'appendedAt'>;

/**
 * Folds what is new onto what is known, without reading again what was read. Null where something
 * may have changed that is settled.
 */
async function foldNews(
  reading: Reading,
  known: KnownFold,
  { changedFrom, changedAt }: LogChanges,
): Promise<ReadFold | null> {
  const { eventLog, service, policy } = reading;
  const { base, events, readFrom, appendedBefore, appendedAt } = known;
  const isBefore = (key: Position | null) => key !== null && readFrom !== null && key <= readFrom;
  if (changedAt === undefined && isBefore(changedFrom)) return null;
  const held = new Set([...events.map(logKeyOf), ...appendedBefore, ...appendedAt]);
  const within = (changedAt ?? []).filter((key) => isBefore(key) && !held.has(key));
  const isSettled = events.length === 0 || base.position === null;
  // A verdict or a conclusion may be folded at the end.
  if (isSettled && !within.every(isKeyOfRollout)) return null;
  const late = await eventLog.readAt(service, within);
  const news = late.map(({ event }) => event);
  for await (const { event } of eventLog.read(service, readFrom)) news.push(event);
  return foldBehind(known, [...events, ...news], policy);
}

/**
 * Reads again from a fold on. Mostly the kept fold turns out to hold all of it: an earlier wake-up
 * had read what this one tells of. Then only what lies behind is folded.
 */
async function foldFrom(
  { eventLog, service, policy }: Reading,
  from: Fold,
  kept: Fold = from,
): Promise<ReadFold | null> {
  const events: RewindEvent[] = [];
  for await (const { event } of eventLog.read(service, from.position)) events.push(event);
  const isWithin = (event: RewindEvent) => kept.position !== null && positionOf(event) <= kept.position;
  const within = events.filter(isWithin);
  if (!cameFrom(kept, from, within)) return foldBehind(readAllBehind(from), events, policy);
  const behind = events.filter((event) => !isWithin(event));
  return foldBehind(readAllBehind(kept), behind, policy);
}

/** Whether a fold came from another by these events, in whatever order it met them. */
function cameFrom({ state }: Fold, from: Fold, events: readonly RewindEvent[]): boolean {
  const { eventsSeen, eventsFingerprint } = from.state;
  if (state.eventsSeen !== eventsSeen + events.length) return false;
  return state.eventsFingerprint === events.map(eventFingerprintOf).reduce(sumOf, eventsFingerprint);
}

function readAllBehind(base: Fold): Pick<ReadFold, 'base' | 'readFrom'> {
  return { base, readFrom: base.position };
}

/**
 * Null when a recorded verdict contradicts what had been folded before it, or belongs before the
 * base's own position.
 */
function foldBehind(
  { base, readFrom }: Pick<ReadFold, 'base' | 'readFrom'>,
  told: readonly RewindEvent[],
  policy: Policy,
): ReadFold | null {
  const isBehind = (event: RewindEvent) => base.position === null || positionOf(event) > base.position;
  if (contradicts(told, base) || !told.every(isBehind)) return null;
  const events = inOrder(told);
  return { ...foldSettling(base, events, policy), base, events, readFrom };
}

/**
 * Where to start when the kept fold does not do: none of them lies behind what has changed. At a
 * quiet point nothing is live that a verdict could contradict; the newest comes first.
 */
function placesUpTo(from: Fold): readonly Fold[] {
  const { quietPoints, state } = from;
  const points = quietPoints.map((point, index) => ({
    ...point,
    quietPoints: quietPoints.slice(0, index + 1),
  }));
  return [...points.reverse(), emptyFold(state.service)];
}
