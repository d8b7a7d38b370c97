import { InvalidArgumentError } from 'commander';
import { type Instant, instantFrom, secondsAfter } from '../../../state-machines/log/instant';
import { parseInstant } from '../../notifications/instant-text';
import { systemClock } from '../../runtime/clock';

/** The value of `--as-of` and `--at`. Throws commander's error for what is no time. */
export function parseAsOf(text: string): Instant {
  try {
    return parseInstant(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

const unitSeconds: { readonly [unit: string]: number } = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A time or how long ago: `7d`, `12h`, `2026-01-31T12:00:00Z`. Throws commander's error else. */
export function parseSince(text: string): Instant {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) {
    return instantFrom(Math.max(0, secondsAfter(systemClock(), -Number(count) * (unitSeconds[unit] ?? 0))));
  }
  try {
    return parseInstant(text);
  } catch {
    throw new InvalidArgumentError(
      'It is a time such as 2026-01-31T12:00:00Z, or how long ago: 90m, 12h, 7d.',
    );
  }
}
