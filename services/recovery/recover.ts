import { isServiceArn, type ServiceArn } from '../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../state-machines/log/instant';
import { earliestPosition, type Position, positionFrom } from '../../state-machines/log/position';
import { latenessSeconds } from '../../state-machines/service/fold';
import type { TableStream } from '../aws/table-stream';
import type { EventLog } from '../event-log/event-log';
import { isEventPosition } from '../event-log/event-table';
import { type GivenUpBatch, parseGivenUpBatch } from './given-up-batch';
import { wakeBySweep } from './wake-by-sweep';

interface RecoveryParts {
  readonly eventLog: EventLog;
  readonly tableStream: TableStream;
  /** Every key under which the table holds something, services' and others'. */
  readonly keysOfTable: () => AsyncIterable<string>;
  readonly now: () => Instant;
}

/** What became of a batch of wake-ups that was given up. */
interface Recovery {
  /** Services that the next sweep wakes. */
  readonly services: number;
  /** The stream has forgotten the batch: whom it would have woken is unknown, so all are. */
  readonly isTrimmed: boolean;
}

/**
 * Makes the function that has the services woken whose wake-ups the reconciler gave up: from where
 * their logs have changed, by the next sweep, which comes back until it succeeds. Idempotent.
 * Throws what the log and the stream throw: then the message is to be read again.
 */
export function createRecovery(parts: RecoveryParts) {
  return async (message: string): Promise<Recovery> => {
    const batch = parseGivenUpBatch(message);
    const keys = await parts.tableStream.keysIn(batch);
    if (keys === 'trimmed') return { services: await wakeAll(parts, batch), isTrimmed: true };
    const changes = new Map<ServiceArn, Position | null>();
    for (const { service, position } of keys) {
      if (!isEventPosition(position)) continue;
      changes.set(service, earliestPosition([changes.get(service) ?? null, position]));
    }
    for (const [service, changedFrom] of changes) await wakeBySweep(parts, { service, changedFrom });
    return { services: changes.size, isTrimmed: false };
  };
}

/** What arrived by then had taken place an hour before at the earliest. */
async function wakeAll(parts: RecoveryParts, { arrivedAt }: GivenUpBatch): Promise<number> {
  const changedFrom = positionFrom(secondsAfter(arrivedAt, -latenessSeconds));
  let services = 0;
  for await (const service of parts.keysOfTable()) {
    if (!isServiceArn(service)) continue;
    await wakeBySweep(parts, { service, changedFrom });
    services += 1;
  }
  return services;
}
