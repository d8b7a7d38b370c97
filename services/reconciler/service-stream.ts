import { contradicts, emptyFold, type Fold, foldOn, inOrder, startingPoint } from '../../state-machines/fold';
import type { Instant, ServiceArn } from '../../state-machines/identifiers';
import { isLive } from '../../state-machines/live-rollout';
import type { Policy } from '../../state-machines/policy';
import type { Position } from '../../state-machines/position';
import { reducerVersion } from '../../state-machines/reducer-version';
import type { EventLog } from '../event-log/event-log';

/** A service's stream, folded up to now, and what is needed to keep that for the next time. */
export interface FoldedStream {
  readonly fold: Fold;
  /** Of the snapshot that was read; 0 when there was none. */
  readonly snapshotVersion: number;
  /** How often in a row ECS could not be asked. */
  readonly retries: number;
}

interface Kept {
  readonly fold: Fold;
  readonly retries: number;
}

export interface Reading {
  readonly eventLog: EventLog;
  readonly service: ServiceArn;
  readonly policy: Policy;
}

/** Folds the stream from its snapshot on; `changedFrom` is the first position at which the log may have changed since. */
export async function readStream(reading: Reading, changedFrom: Position | null): Promise<FoldedStream> {
  const { eventLog, service } = reading;
  const snapshot = await eventLog.readSnapshot(service);
  const isReadable = snapshot !== null && snapshot.reducerVersion === reducerVersion;
  const kept: Kept = isReadable ? (snapshot.fold as Kept) : { fold: emptyFold(service), retries: 0 };
  const from = startingPoint(kept.fold, changedFrom);
  const fold = (await foldFrom(reading, from)) ?? (await foldFrom(reading, quietPointOf(kept.fold)));
  return { fold: fold ?? from, snapshotVersion: snapshot?.version ?? 0, retries: kept.retries };
}

/** Null when a recorded verdict contradicts what had been folded before it. */
async function foldFrom({ eventLog, service, policy }: Reading, from: Fold): Promise<Fold | null> {
  const events = [];
  for await (const { event } of eventLog.read(service, from.position)) events.push(event);
  return contradicts(events, from) ? null : foldOn(from, inOrder(events), policy);
}

/** The last quiet point of all: nothing is live there that a verdict could contradict. */
function quietPointOf(fold: Fold): Fold {
  const last = fold.quietPoints.at(-1);
  return last === undefined ? emptyFold(fold.state.service) : { ...last, quietPoints: fold.quietPoints };
}

/** Keeps the fold for the next time. `conflict` when somebody else has kept another meanwhile: then start over. */
export function keepStream(
  eventLog: EventLog,
  { fold, snapshotVersion, retries }: FoldedStream,
  nextWakeAt: Instant | null,
): Promise<'written' | 'conflict'> {
  const live = fold.state.rollouts.filter(isLive);
  return eventLog.writeSnapshot(fold.state.service, {
    version: snapshotVersion + 1,
    reducerVersion,
    fold: { fold, retries } satisfies Kept,
    nextWakeAt,
    watchedAlarms: [...new Set(live.flatMap(({ context }) => context.policy.alarms))],
  });
}
