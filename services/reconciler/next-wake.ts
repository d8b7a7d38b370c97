import { type Instant, secondsAfter } from '../../state-machines/log/instant';

/**
 * No service is woken sooner than this after a reconcile, unless its log changes: nothing may turn
 * into a loop without a pause.
 */
export const shortestWaitSeconds = 5;

/** When to wake a service that wants to be woken at the instant. */
export function wakeAt(now: Instant, wanted: Instant | null): Instant | null {
  const soonest = secondsAfter(now, shortestWaitSeconds);
  return wanted !== null && wanted < soonest ? soonest : wanted;
}

const retrySeconds = { first: shortestWaitSeconds, last: 300 };

/**
 * When to try again after so many failures in a row: exponential, bounded, spread by up to a half.
 */
export function retryAt(now: Instant, retries: number, jitter: number): Instant {
  const seconds = Math.min(retrySeconds.last, retrySeconds.first * 2 ** (retries - 1));
  return secondsAfter(now, seconds * (1 + jitter / 2));
}
