import type { RewindEvent } from '../../state-machines/log/events';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { Policy } from '../../state-machines/log/policy';
import { type Position, positionOf } from '../../state-machines/log/position';
import { reducerVersion } from '../../state-machines/log/reducer-version';
import { isLive } from '../../state-machines/rollout/live-rollout';
import {
  contradicts,
  emptyFold,
  type Fold,
  foldOn,
  inOrder,
  startingPoint,
} from '../../state-machines/service/fold';
import type { EventLog, StoredSnapshot } from '../event-log/event-log';
import { type SnapshotContent, snapshotContent } from '../event-log/snapshot';

/** A service's stream, folded up to now, and what is needed to keep that for the next time. */
export interface FoldedStream {
  readonly fold: Fold;
  /** What was read; null when there was none. */
  readonly snapshot: StoredSnapshot | null;
  /** How often in a row ECS could not be asked. */
  readonly retries: number;
}

interface Reading {
  readonly eventLog: EventLog;
  readonly service: ServiceArn;
  readonly policy: Policy;
}

/**
 * Folds the stream from its snapshot on; `changedFrom` is the first position at which the log may
 * have changed since.
 */
export async function readStream(reading: Reading, changedFrom: Position | null): Promise<FoldedStream> {
  const { eventLog, service } = reading;
  const snapshot = await eventLog.readSnapshot(service);
  const kept = snapshotContent(snapshot, service);
  const from = startingPoint(kept.fold, changedFrom);
  const fold =
    (await foldFrom(reading, from)) ??
    (await foldFrom(reading, quietPointOf(kept.fold))) ??
    (await foldFrom(reading, emptyFold(service)));
  return { fold: fold ?? from, snapshot, retries: kept.retries };
}

/**
 * Null when a recorded verdict contradicts what had been folded before it, or belongs before the
 * fold's own position.
 */
async function foldFrom({ eventLog, service, policy }: Reading, from: Fold): Promise<Fold | null> {
  const events: RewindEvent[] = [];
  for await (const { event } of eventLog.read(service, from.position)) events.push(event);
  const isBehind = (event: RewindEvent) => from.position === null || positionOf(event) > from.position;
  if (contradicts(events, from) || !events.every(isBehind)) return null;
  return foldOn(from, inOrder(events), policy);
}

/** The last quiet point of all: nothing is live there that a verdict could contradict. */
function quietPointOf(fold: Fold): Fold {
  const last = fold.quietPoints.at(-1);
  return last === undefined ? emptyFold(fold.state.service) : { ...last, quietPoints: fold.quietPoints };
}

/**
 * Keeps the fold for the next time, unless that is what is kept already: many that wake to nothing
 * new do not contend. `conflict` when somebody else has kept another meanwhile: then start over.
 */
export async function saveSnapshot(
  eventLog: EventLog,
  { fold, snapshot, retries }: FoldedStream,
  nextWakeAt: Instant | null,
): Promise<'written' | 'conflict'> {
  if (snapshot !== null && isKept(snapshot, { fold, retries }, nextWakeAt)) return 'written';
  const live = fold.state.rollouts.filter(isLive);
  return eventLog.writeSnapshot(fold.state.service, {
    version: (snapshot?.version ?? 0) + 1,
    reducerVersion,
    fold: { fold, retries } satisfies SnapshotContent,
    nextWakeAt,
    watchedAlarms: [...new Set(live.flatMap(({ context }) => context.policy.alarms))],
  });
}

/**
 * The same events give the same fold: a late one has raised their number, and a new one stands
 * behind the position.
 */
function isKept(
  snapshot: StoredSnapshot,
  { fold, retries }: SnapshotContent,
  nextWakeAt: Instant | null,
): boolean {
  if (snapshot.reducerVersion !== reducerVersion || snapshot.nextWakeAt !== nextWakeAt) return false;
  const kept = snapshotContent(snapshot, fold.state.service);
  const isSameFold =
    kept.fold.position === fold.position && kept.fold.state.eventsSeen === fold.state.eventsSeen;
  return isSameFold && kept.retries === retries;
}
