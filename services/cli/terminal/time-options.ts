import { InvalidArgumentError } from 'commander';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import { parseInstant } from '../../notifications/instant-text';
import { systemClock } from '../../runtime/clock';

const unitSeconds: { readonly [unit: string]: number } = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A length of time, in seconds: `90s`, `30m`, `2h`, `1d`. Throws commander's error else. */
export function parseDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (unit === 's' ? 1 : (unitSeconds[unit] ?? 0));
  throw new InvalidArgumentError('It is a length of time such as 90s, 30m, 2h or 1d.');
}

/**
 * A time gone by: how long ago (`7d`, `90m`), `15:04` or `15:04:30` (today, or yesterday where that
 * is yet to come), `2026-01-31`, or ISO 8601. Throws commander's error else.
 */
export function parsePast(text: string): Instant {
  const moment = momentFrom(text, systemClock(), -1);
  if (moment !== null) return moment;
  throw new InvalidArgumentError(
    'It is a time such as 15:04, 2026-01-31 or 2026-01-31T12:00:00Z, or how long ago: 90m, 12h, 7d.',
  );
}

/**
 * A time to come: in `12h`, at `18:00` (today, or tomorrow where that is over), on `2026-11-30`, or
 * ISO 8601. Throws commander's error else.
 */
export function parseUntil(text: string): Instant {
  const now = systemClock();
  const until = momentFrom(text, now, 1);
  if (until !== null && until > now) return until;
  throw new InvalidArgumentError(
    'It is a time to come, such as 18:00, 2026-11-30, 12h or 2026-11-30T18:00:00Z.',
  );
}

/** Null for what is no time. Times of day and dates are those of this machine. */
export function momentFrom(text: string, now: Instant, direction: -1 | 1): Instant | null {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) {
    return instantFrom(Math.max(0, now + direction * Number(count) * (unitSeconds[unit] ?? 0) * 1000));
  }
  const [, hours, minutes, seconds = '0'] = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours !== undefined) {
    const today = new Date(now).setHours(Number(hours), Number(minutes), Number(seconds), 0);
    const isOtherSide = direction > 0 ? today <= now : today > now;
    return instantFrom(isOtherSide ? new Date(today).setDate(new Date(today).getDate() + direction) : today);
  }
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year !== undefined) return localMidnight(Number(year), Number(month), Number(day));
  try {
    return parseInstant(text);
  } catch {
    return null;
  }
}

/** Null for a day that the month does not have. */
function localMidnight(year: number, month: number, day: number): Instant | null {
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getTime() >= 0 ? instantFrom(date.getTime()) : null;
}
