import { type Rate, rateOf } from '../../state-machines/replay/rate';

/** `1 task`, `2 tasks`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A duration as people say it, in its two largest units. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  const seconds = Math.round(milliseconds / 1000);
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  const [largest, next] = units.slice(first);
  const parts = next !== undefined && next[0] > 0 ? [largest, next] : [largest];
  return parts.map((part) => `${part?.[0]} ${part?.[1]}`).join(' ');
}

/** A share and its interval, in percent: `4.3 (3.5–5.2)`; a dash where nothing was counted. */
export function intervalText({ share, count, from, to }: Rate): string {
  return count === 0 ? '–' : `${percentText(share)} (${percentText(from)}–${percentText(to)})`;
}

/** A share in percent, with two digits that say something. */
export function percentText(share: number): string {
  const percent = 100 * share;
  return percent === 0 || percent >= 9.95 ? percent.toFixed(0) : percent.toFixed(1);
}

/** `18 (6.8–16 %)`: how many, and where the share lies. */
export function countOf(count: number, of: number): string {
  return `${count}${within(count, of)}`;
}

/** Where the share of so many lies, behind a space; an empty text where nothing was counted. */
export function within(count: number, of: number): string {
  if (of === 0) return '';
  const { from, to } = rateOf(count / of, of);
  return ` (${percentText(from)}–${percentText(to)} %)`;
}
