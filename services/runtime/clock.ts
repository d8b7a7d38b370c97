import { setTimeout as delay } from 'node:timers/promises';
import { type Instant, instantFrom } from '../../state-machines/log/instant';

export type Clock = () => Instant;

export const systemClock: Clock = () => instantFrom(Date.now());

/** The time in milliseconds, and waiting in it. */
export interface WaitingClock {
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

/** The wall's, from the start of the process on: nobody sets it meanwhile. */
export const waitingSystemClock: WaitingClock = {
  now: () => performance.timeOrigin + performance.now(),
  wait: (milliseconds) => delay(milliseconds),
};

/**
 * The clock of the local stack, on which time runs `speed` times as fast as on the wall from
 * `origin` on; the system's clock when the text is empty, as it is everywhere else. Form: `<origin,
 * ms>x<speed>`.
 */
export function clockFrom(text: string | undefined): Clock {
  const [, origin, speed] = /^(\d+)x(\d+(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  if (origin === undefined || speed === undefined) return systemClock;
  return () => instantFrom(Number(origin) + (Date.now() - Number(origin)) * Number(speed));
}
