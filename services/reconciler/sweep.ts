import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { EventLog } from '../event-log/event-log';
import type { Reconcile } from './reconcile';

interface SweepParts {
  readonly eventLog: EventLog;
  readonly reconcile: Reconcile;
  readonly now: () => Instant;
  /** Told of each service that could not be reconciled; the next sweep finds it again. */
  readonly onFailure: (service: ServiceArn, error: Error) => void;
}

export interface Swept {
  readonly woken: number;
  readonly failed: number;
}

/**
 * As many as one run of the function has the time for, so many at a time; the next sweep takes the
 * others.
 */
const servicesAtMost = 500;
const servicesATime = 10;

/**
 * Wakes every service whose time has come: deadlines, ends of bakes, retries. One that fails keeps
 * no other from its turn.
 */
export async function sweep({ eventLog, reconcile, now, onFailure }: SweepParts): Promise<Swept> {
  const swept = { woken: 0, failed: 0 };
  const services = eventLog.servicesToWake(now())[Symbol.asyncIterator]();
  let left = servicesAtMost;
  const wakeOneAfterAnother = async () => {
    while (left > 0) {
      left -= 1;
      const { value: service, done } = await services.next();
      if (done) return;
      swept.woken += 1;
      try {
        await reconcile({ service, changedFrom: null });
      } catch (error) {
        swept.failed += 1;
        onFailure(service, error as Error);
      }
    }
  };
  await Promise.all(Array.from({ length: servicesATime }, wakeOneAfterAnother));
  return swept;
}
