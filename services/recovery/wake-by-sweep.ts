import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { Position } from '../../state-machines/log/position';
import { reducerVersion } from '../../state-machines/log/reducer-version';
import { startingPoint } from '../../state-machines/service/fold';
import type { EventLog } from '../event-log/event-log';
import { type SnapshotContent, snapshotContent } from '../event-log/snapshot';

const conflictsAtMost = 10;

/**
 * Has the next sweep wake a service whose log changed from a position on: its snapshot wants to be
 * woken now, and holds nothing that the change could make another. Whoever reconciles the service
 * meanwhile starts over. Idempotent.
 */
export async function wakeBySweep(
  { eventLog, now }: { readonly eventLog: EventLog; readonly now: () => Instant },
  { service, changedFrom }: { readonly service: ServiceArn; readonly changedFrom: Position | null },
): Promise<void> {
  for (let conflicts = 0; conflicts < conflictsAtMost; conflicts += 1) {
    const snapshot = await eventLog.readSnapshot(service);
    const { recent: _recent, appendedAt: _appendedAt, ...kept } = snapshotContent(snapshot, service);
    const written = await eventLog.writeSnapshot(service, {
      version: (snapshot?.version ?? 0) + 1,
      reducerVersion,
      fold: { ...kept, fold: startingPoint(kept.fold, changedFrom) } satisfies SnapshotContent,
      nextWakeAt: earlier(snapshot?.nextWakeAt ?? null, now()),
      watchedAlarms: snapshot?.watchedAlarms ?? [],
    });
    if (written === 'written') return;
  }
  throw new BusyServiceError(service);
}

/** Others kept changing the service's snapshot: the message is to be read again. */
class BusyServiceError extends Error {
  override readonly name = 'BusyServiceError';
  constructor(readonly service: ServiceArn) {
    super(`the snapshot of ${service} was changed by somebody else ${conflictsAtMost} times in a row`);
  }
}

function earlier(one: Instant | null, other: Instant): Instant {
  return one === null || other < one ? other : one;
}
