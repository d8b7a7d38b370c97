import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { type Instant, instantFrom } from '../../state-machines/log/instant';

export type Clock = () => Instant;

const otherClock = new AsyncLocalStorage<WaitingClock>();

/** The wall's clock, or the one that `onClock` has set for whoever asks. */
export const systemClock: Clock = () => {
  const clock = otherClock.getStore();
  return instantFrom(clock === undefined ? Date.now() : Math.round(clock.now()));
};

/** The time in milliseconds, and waiting in it. */
export interface WaitingClock {
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

/** The same: the wall's, from the start of the process on, which nobody sets meanwhile. */
export const waitingSystemClock: WaitingClock = {
  now: () => otherClock.getStore()?.now() ?? performance.timeOrigin + performance.now(),
  wait: (milliseconds) => otherClock.getStore()?.wait(milliseconds) ?? delay(milliseconds),
};

/** Runs something for which another clock is the system's: that of a simulated account. */
export function onClock<Result>(clock: WaitingClock, run: () => Promise<Result>): Promise<Result> {
  return otherClock.run(clock, run);
}

/**
 * The clock of the local stack, on which time runs `speed` times as fast as on the wall from
 * `origin` on; the system's clock when the text is empty, as it is everywhere else. Form: `<origin,
 * ms>x<speed>`.
 */
export function clockFrom(text: string | undefined): Clock {
  const clock = acceleratedClock(text);
  return clock === null ? systemClock : () => instantFrom(clock.now());
}

/** The same for whoever waits in it; null when the text is empty. */
export function acceleratedClock(text: string | undefined): WaitingClock | null {
  const [, origin, speed] = /^(\d+)x(\d+(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  if (origin === undefined || speed === undefined || Number(speed) === 0) return null;
  return {
    now: () => Number(origin) + (Date.now() - Number(origin)) * Number(speed),
    wait: (milliseconds) => delay(milliseconds / Number(speed)),
  };
}
