import { logKeyOf } from '../../state-machines/log/events';
import type { Instant } from '../../state-machines/log/instant';
import { reducerVersion } from '../../state-machines/log/reducer-version';
import { isFollowed } from '../../state-machines/rollout/live-rollout';
import type { Fold } from '../../state-machines/service/fold';
import type { EventLog, StoredSnapshot } from '../event-log/event-log';
import { endOfSnapshot, type SnapshotContent, snapshotContent } from '../event-log/snapshot';
import type { FoldedStream } from './service-stream';

/**
 * Keeps the fold for the next time, unless that is what is kept already, or next to it: many that
 * wake to nothing new do not contend. `conflict` when somebody else has kept another meanwhile:
 * then start over.
 */
export async function saveSnapshot(
  eventLog: EventLog,
  stream: FoldedStream,
  nextWakeAt: Instant | null,
): Promise<'written' | 'conflict'> {
  const { fold, settled, recent, snapshot, appendedAt, retries } = stream;
  const { unansweredSince, watchesSince, stageSeenAt } = stream;
  if (snapshot !== null && isKept(snapshot, stream, nextWakeAt)) return 'written';
  return eventLog.writeSnapshot(fold.state.service, {
    version: (snapshot?.version ?? 0) + 1,
    reducerVersion,
    fold: {
      fold: settled,
      ...(recent.length === 0 ? {} : { recent }),
      ...(appendedAt.length === 0 ? {} : { appendedAt }),
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

/** So few events are sooner read again than a fold is written for them. */
const readAgainAtMost = 3;

/**
 * Whether the next reconcile comes to the same from what is kept. The same events give the same
 * fold: a late one has raised their number, and a new one stands behind the end.
 */
function isKept(snapshot: StoredSnapshot, stream: FoldedStream, nextWakeAt: Instant | null): boolean {
  const { fold, events, retries, watchesSince } = stream;
  if (snapshot.reducerVersion !== reducerVersion || snapshot.nextWakeAt !== nextWakeAt) return false;
  const kept = snapshotContent(snapshot, fold.state.service);
  if (kept.retries !== retries || (kept.watchesSince ?? null) !== watchesSince) return false;
  const { recent = [] } = kept;
  const news = fold.state.eventsSeen - kept.fold.state.eventsSeen - recent.length;
  const end = endOfSnapshot(kept);
  if (news === 0) return end === fold.position;
  // At rest nobody may come before what was observed has expired: all of it is kept.
  if (nextWakeAt === null || end === null || news > readAgainAtMost) return false;
  return events.filter((event) => logKeyOf(event) > end).length === news;
}
