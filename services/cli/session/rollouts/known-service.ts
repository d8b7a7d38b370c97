import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { rolloutKey } from '../../../../state-machines/log/rollout-id';
import { type Fold, foldOn } from '../../../../state-machines/service/fold';
import {
  type RolloutRecord,
  rolloutRecordsIn,
} from '../../../../state-machines/service/history/rollout-record';
import type { ServiceState } from '../../../../state-machines/service/service-state';
import type { EventLog } from '../../../event-log/event-log';
import { eventsBehind, type SnapshotContent, snapshotContent } from '../../../event-log/snapshot';
import { say } from '../../terminal/streams/standard-error';

/** Where to fold on from, of services whose snapshot is of no use here. */
export type KnownFolds = Map<ServiceArn, Fold>;

/**
 * The fold of a service's snapshot and of the events behind it. A snapshot of another version of
 * Rewind is of no use: the whole log is read then, once in a command.
 */
export async function foldedState(
  events: EventLog,
  service: ServiceArn,
  folds: KnownFolds,
): Promise<ServiceState> {
  const snapshot = await events.readSnapshot(service);
  const kept: Pick<SnapshotContent, 'fold' | 'recent'> = snapshotContent(snapshot, service);
  const isOfUse = kept.fold.position !== null;
  if (snapshot !== null && !isOfUse && folds.size === 0) say(readsAll);
  const known = folds.get(service);
  const from = isOfUse || known === undefined ? kept : { fold: known };
  const fold = foldOn(from.fold, await eventsBehind(events, from), defaultPolicy);
  // Facts come late: a quiet point lies far enough behind, the older one of two at least an hour.
  const [quiet] = fold.quietPoints;
  if (!isOfUse && quiet !== undefined) folds.set(service, { ...quiet, quietPoints: [quiet] });
  return fold.state;
}

const readsAll = "another version of Rewind is deployed here: services' whole logs are read";

/** The live rollouts of a state, and those that were concluded: the newest first. Pure. */
export function rolloutsIn(state: ServiceState, concluded: readonly RolloutRecord[]): RolloutRecord[] {
  const known = new Set(concluded.map(rolloutKey));
  // A pass may be revoked after the conclusion: what goes on says more than what was kept.
  const live = rolloutRecordsIn(state).filter(
    (record) => record.phase !== 'done' || !known.has(rolloutKey(record)),
  );
  const going = new Set(live.map(rolloutKey));
  const ended = concluded.filter((record) => !going.has(rolloutKey(record)));
  return [...live, ...ended].sort((a, b) => b.startedAt - a.startedAt);
}
