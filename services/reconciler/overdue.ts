import { type Instant, secondsAfter } from '../../state-machines/log/instant';
import type { EventLog } from '../event-log/event-log';

/** Five sweeps that should have woken a service, and did not get it to wait for something else. */
const overdueSeconds = 300;

/**
 * How many services have a rollout of which a deadline, the end of a bake or a retry passed, and
 * nobody acted.
 */
export async function countOverdue(
  eventLog: Pick<EventLog, 'servicesToWake'>,
  now: Instant,
): Promise<number> {
  let overdue = 0;
  for await (const _service of eventLog.servicesToWake(secondsAfter(now, -overdueSeconds))) overdue += 1;
  return overdue;
}
