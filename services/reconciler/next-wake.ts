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

/** How often a service is looked at again whose log keeps it from going on. */
const standstillSeconds = 300;

/** When to wake a service that gets no further: at a slow pace, or with its other rollouts. */
export function wakeFromStandstillAt(now: Instant, wanted: Instant | null): Instant {
  const pace = secondsAfter(now, standstillSeconds);
  const soonest = wakeAt(now, wanted);
  return soonest !== null && soonest < pace ? soonest : pace;
}

const retrySeconds = { first: shortestWaitSeconds, last: 300 };

/**
 * When to try again after so many failures in a row: exponential, bounded, spread by up to a half.
 */
export function retryAt(now: Instant, retries: number, jitter: number): Instant {
  const seconds = Math.min(retrySeconds.last, retrySeconds.first * 2 ** (retries - 1));
  return secondsAfter(now, seconds * (1 + jitter / 2));
}
