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

/** A length of time, in seconds: `90s`, `30m`, `2h`, `1d`. Throws commander's error else. */
export function parseDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (unit === 's' ? 1 : (unitSeconds[unit] ?? 0));
  throw new InvalidArgumentError('It is a length of time such as 90s, 30m, 2h or 1d.');
}

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

/**
 * A time to come: in `12h`, at `18:00` (today, or tomorrow where that is over), on `2026-11-30`, or
 * ISO 8601. Throws commander's error else.
 */
export function parseUntil(text: string): Instant {
  const now = systemClock();
  const until = untilFrom(text, now);
  if (until !== null && until > now) return until;
  throw new InvalidArgumentError(
    'It is a time to come, such as 18:00, 2026-11-30, 12h or 2026-11-30T18:00:00Z.',
  );
}

function untilFrom(text: string, now: Instant): Instant | null {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return secondsAfter(now, Number(count) * (unitSeconds[unit] ?? 0));
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours !== undefined) {
    const today = new Date(now).setHours(Number(hours), Number(minutes), 0, 0);
    const isOver = today <= now;
    return instantFrom(isOver ? new Date(today).setDate(new Date(today).getDate() + 1) : today);
  }
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year !== undefined)
    return instantFrom(new Date(Number(year), Number(month) - 1, Number(day)).getTime());
  try {
    return parseInstant(text);
  } catch {
    return null;
  }
}
