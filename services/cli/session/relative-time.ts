import type { Instant } from '../../../state-machines/log/instant';

const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;

/** How long ago, or how long yet, in the largest unit: `3 d`, `41 min`, `12 s`. Never negative. */
export function timeSpan(from: Instant, to: Instant): string {
  const seconds = Math.max(0, Math.round((to - from) / 1000));
  const [size, unit] = units.find(([each]) => seconds >= each) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** A moment as people at this machine read it: `2026-11-28 15:14:04 CET`. */
export function localTime(instant: Instant): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(instant);
  const [, zone = 'UTC'] = /\s(\S+)$/.exec(new Intl.DateTimeFormat('en-GB', zoneOnly).format(instant)) ?? [];
  return `${parts} ${zone}`;
}

const zoneOnly = { hour: 'numeric', timeZoneName: 'short' } as const;
