/** A share, and where the truth lies with 95 % certainty: Wilson's interval. */
export interface Rate {
  readonly share: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

const z = 1.96;

/** The interval of a share that was seen in so many trials. */
export function rateOf(share: number, count: number): Rate {
  if (count === 0) return { share: 0, count, from: 0, to: 1 };
  const centre = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half =
    (z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))) / (1 + (z * z) / count);
  return { share, count, from: Math.max(0, centre - half), to: Math.min(1, centre + half) };
}

/** `4.3 (3.5–5.2)`, in percent. */
export function intervalText({ share, count, from, to }: Rate): string {
  return count === 0 ? '–' : `${percentText(share)} (${percentText(from)}–${percentText(to)})`;
}

/** Two digits that say something. */
export function percentText(share: number): string {
  const percent = 100 * share;
  return percent === 0 || percent >= 9.95 ? percent.toFixed(0) : percent.toFixed(1);
}

/** By when so much of the cases had come; infinite where too few ever did. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}
