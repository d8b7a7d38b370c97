import type { Instant } from '../../state-machines/log/instant';
import { reducerVersion } from '../../state-machines/log/reducer-version';
import { isFollowed } from '../../state-machines/rollout/live-rollout';
import type { Fold } from '../../state-machines/service/fold';
import type { EventLog, StoredSnapshot } from '../event-log/event-log';
import { endOfSnapshot, type SnapshotContent, snapshotContent } from '../event-log/snapshot';
import type { FoldedStream } from './service-stream';

/**
 * Keeps the fold for the next time, unless that is what is kept already: many that wake to nothing
 * new do not contend. `conflict` when somebody else has kept another meanwhile: then start over. So
 * whoever had read before this one cannot keep a fold without what this one was woken for.
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

/**
 * The same events give the same fold: a late one has raised their number, and a new one stands
 * behind the end.
 */
function isKept(
  snapshot: StoredSnapshot,
  { fold, retries, watchesSince }: Pick<FoldedStream, 'fold' | 'retries' | 'watchesSince'>,
  nextWakeAt: Instant | null,
): boolean {
  if (snapshot.reducerVersion !== reducerVersion || snapshot.nextWakeAt !== nextWakeAt) return false;
  const kept = snapshotContent(snapshot, fold.state.service);
  const eventsSeen = kept.fold.state.eventsSeen + (kept.recent ?? []).length;
  const isOfSameEvents = endOfSnapshot(kept) === fold.position && eventsSeen === fold.state.eventsSeen;
  return isOfSameEvents && kept.retries === retries && (kept.watchesSince ?? null) === watchesSince;
}
