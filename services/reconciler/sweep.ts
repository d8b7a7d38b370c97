import type { Instant, ServiceArn } from '../../state-machines/identifiers';
import type { EventLog } from '../event-log/event-log';
import type { Reconcile } from './reconcile';

export interface SweepParts {
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

/** As many as one run of the function has the time for; the next sweep takes the others. */
const servicesAtMost = 500;

/** Wakes every service whose time has come: deadlines, ends of bakes, retries. One that fails keeps no other from its turn. */
export async function sweep({ eventLog, reconcile, now, onFailure }: SweepParts): Promise<Swept> {
  let woken = 0;
  let failed = 0;
  for await (const service of eventLog.servicesToWake(now())) {
    if (woken === servicesAtMost) break;
    woken += 1;
    try {
      await reconcile({ service, changedFrom: null });
    } catch (error) {
      failed += 1;
      onFailure(service, error as Error);
    }
  }
  return { woken, failed };
}
