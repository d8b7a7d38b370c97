import { keysAgainstWaysBack } from '../../state-machines/decisions/rollback-progress';
import type { Situation } from '../../state-machines/decisions/situation';
import { isKeyOfRollout, logKeyOf, type RewindEvent } from '../../state-machines/log/events';
import { eventFingerprintOf, sumOf } from '../../state-machines/log/fingerprint';
import { invariant } from '../../state-machines/log/foundation/invariant';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { Policy } from '../../state-machines/log/policy';
import { type Position, positionOf } from '../../state-machines/log/position';
import { reducerVersion } from '../../state-machines/log/reducer-version';
import { isFollowed } from '../../state-machines/rollout/live-rollout';
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
import { type SnapshotContent, snapshotContent } from '../event-log/snapshot';

/** A service's stream, folded up to now, and what is needed to keep that for the next time. */
export interface FoldedStream extends SettlingFold {
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

/** Folds the stream from its snapshot on. */
export async function readStream(reading: Reading, changes: LogChanges): Promise<FoldedStream> {
  const { eventLog, service } = reading;
  const snapshot = await eventLog.readSnapshot(service);
  const kept = snapshotContent(snapshot, service);
  const from = startingPoint(kept.fold, changes.changedFrom);
  let folded = (await foldNews(reading, kept, changes)) ?? (await foldFrom(reading, from, kept.fold));
  for (const place of placesUpTo(from)) folded ??= await foldFrom(reading, place);
  invariant(folded !== null, 'nothing contradicts an empty fold');
  const { retries, unansweredSince = null, watchesSince = null, stageSeenAt = null } = kept;
  const rest = { snapshot, retries, unansweredSince, watchesSince, stageSeenAt };
  return { ...folded, ...rest };
}

/**
 * Where the log revokes a pass that a way back relies on, or judges what only its completion has
 * proven. The process that wrote it may have died before it kept its fold, and the wake-up for it
 * may still be on its way.
 */
export async function unreadVerdicts(
  { eventLog, service }: Pick<Reading, 'eventLog' | 'service'>,
  situation: Situation,
): Promise<readonly Position[]> {
  const keys = keysAgainstWaysBack(situation);
  if (keys.length === 0) return [];
  const verdicts = await eventLog.readAt(service, keys);
  return verdicts.map(({ event }) => logKeyOf(event));
}

/**
 * Folds what is new onto what is kept, without reading again what was read. Null where something
 * may have changed that is settled.
 */
async function foldNews(
  reading: Reading,
  { fold: settled, recent = [] }: SnapshotContent,
  { changedFrom, changedAt }: LogChanges,
): Promise<SettlingFold | null> {
  const { eventLog, service } = reading;
  const last = recent.at(-1);
  const end = last === undefined ? settled.position : positionOf(last);
  const isBefore = (key: Position | null) => key !== null && end !== null && key <= end;
  if (changedAt === undefined && isBefore(changedFrom)) return null;
  const known = new Set(recent.map(logKeyOf));
  const within = (changedAt ?? []).filter((key) => isBefore(key) && !known.has(key));
  const isSettled = recent.length === 0 || settled.position === null;
  // A verdict or a conclusion may be folded at the end.
  if (isSettled && !within.every(isKeyOfRollout)) return null;
  const late = await eventLog.readAt(service, within);
  const news = late.map(({ event }) => event);
  for await (const { event } of eventLog.read(service, end)) news.push(event);
  return foldBehind(settled, [...recent, ...news], reading.policy);
}

/**
 * Reads again from a fold on. Mostly the kept fold turns out to hold all of it: an earlier wake-up
 * had read what this one tells of. Then only what lies behind is folded.
 */
async function foldFrom(
  { eventLog, service, policy }: Reading,
  from: Fold,
  kept: Fold = from,
): Promise<SettlingFold | null> {
  const events: RewindEvent[] = [];
  for await (const { event } of eventLog.read(service, from.position)) events.push(event);
  const isWithin = (event: RewindEvent) => kept.position !== null && positionOf(event) <= kept.position;
  const within = events.filter(isWithin);
  if (!cameFrom(kept, from, within)) return foldBehind(from, events, policy);
  return foldBehind(
    kept,
    events.filter((event) => !isWithin(event)),
    policy,
  );
}

/** Whether a fold came from another by these events, in whatever order it met them. */
function cameFrom({ state }: Fold, from: Fold, events: readonly RewindEvent[]): boolean {
  const { eventsSeen, eventsFingerprint } = from.state;
  if (state.eventsSeen !== eventsSeen + events.length) return false;
  return state.eventsFingerprint === events.map(eventFingerprintOf).reduce(sumOf, eventsFingerprint);
}

/**
 * Null when a recorded verdict contradicts what had been folded before it, or belongs before the
 * fold's own position.
 */
function foldBehind(from: Fold, events: readonly RewindEvent[], policy: Policy): SettlingFold | null {
  const isBehind = (event: RewindEvent) => from.position === null || positionOf(event) > from.position;
  if (contradicts(events, from) || !events.every(isBehind)) return null;
  return foldSettling(from, inOrder(events), policy);
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

/**
 * Keeps the fold for the next time, unless that is what is kept already: many that wake to nothing
 * new do not contend. `conflict` when somebody else has kept another meanwhile: then start over.
 */
export async function saveSnapshot(
  eventLog: EventLog,
  stream: FoldedStream,
  nextWakeAt: Instant | null,
): Promise<'written' | 'conflict'> {
  const { fold, settled, recent, snapshot, retries, unansweredSince, watchesSince, stageSeenAt } = stream;
  if (snapshot !== null && isKept(snapshot, stream, nextWakeAt)) return 'written';
  return eventLog.writeSnapshot(fold.state.service, {
    version: (snapshot?.version ?? 0) + 1,
    reducerVersion,
    fold: {
      fold: settled,
      ...(recent.length === 0 ? {} : { recent }),
      retries,
      ...(unansweredSince === null ? {} : { unansweredSince }),
      ...(watchesSince === null ? {} : { watchesSince }),
      ...(stageSeenAt === null ? {} : { stageSeenAt }),
    } satisfies SnapshotContent,
    nextWakeAt,
    watchedAlarms: alarmsWatchedIn(fold),
  });
}

function alarmsWatchedIn({ state }: Fold): readonly string[] {
  const followed = state.rollouts.filter(isFollowed);
  return [...new Set(followed.flatMap(({ context }) => context.policy.alarms))];
}

/**
 * Whether the next snapshot is the first to say that some alarm is watched. The index that is asked
 * for watchers holds only what waits for something.
 */
export function beginsToWatch({ fold, snapshot }: FoldedStream, nextWakeAt: Instant | null): boolean {
  const isInIndex = snapshot !== null && snapshot.nextWakeAt !== null;
  const known = isInIndex ? snapshot.watchedAlarms : [];
  return nextWakeAt !== null && alarmsWatchedIn(fold).some((alarm) => !known.includes(alarm));
}

/**
 * The same events give the same fold: a late one has raised their number, and a new one stands
 * behind the position.
 */
function isKept(
  snapshot: StoredSnapshot,
  { fold, retries, watchesSince }: Pick<FoldedStream, 'fold' | 'retries' | 'watchesSince'>,
  nextWakeAt: Instant | null,
): boolean {
  if (snapshot.reducerVersion !== reducerVersion || snapshot.nextWakeAt !== nextWakeAt) return false;
  const kept = snapshotContent(snapshot, fold.state.service);
  const { recent = [] } = kept;
  const last = recent.at(-1);
  const position = last === undefined ? kept.fold.position : positionOf(last);
  const eventsSeen = kept.fold.state.eventsSeen + recent.length;
  const isOfSameEvents = position === fold.position && eventsSeen === fold.state.eventsSeen;
  return isOfSameEvents && kept.retries === retries && (kept.watchesSince ?? null) === watchesSince;
}
