const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Date and time to the second, in UTC. */
export function dateAndTime(instant: number): string {
  return new Date(instant)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

/** A duration on an axis: `1:05`, `2:00:00`, `3 d`. */
export function clockText(milliseconds: number): string {
  if (milliseconds >= 2 * day) return `${Math.round((milliseconds / day) * 10) / 10} d`;
  const seconds = Math.round(milliseconds / second);
  const two = (value: number) => String(value).padStart(2, '0');
  const rest = `${two(seconds % 60)}`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/**
 * How the ticks of an axis of dates are written, of which there are about `most` between two
 * instants: as finely as they lie, so that no two neighbours read the same.
 */
export function momentFormat(from: number, to: number, most: number): (instant: Date) => string {
  const step = (to - from) / most;
  const isOfOneDay = to - from < 2 * day;
  const start = step >= day ? 0 : isOfOneDay ? 11 : 5;
  const end = step >= day ? 10 : step >= minute ? 16 : 19;
  return (instant) => instant.toISOString().slice(start, end).replace('T', ' ');
}

const steps = [
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  30 * day,
];

/** Where an axis of a duration has its ticks: at most so many, at round times. */
export function elapsedTicks(duration: number, most: number): number[] {
  const step =
    steps.find((candidate) => duration / candidate <= most) ?? Math.ceil(duration / most / day) * day;
  return Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step);
}
