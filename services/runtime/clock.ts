import { type Instant, instantFrom } from '../../state-machines/log/instant';

export type Clock = () => Instant;

export const systemClock: Clock = () => instantFrom(Date.now());

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
