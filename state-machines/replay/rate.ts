/** A share, and where the truth lies with 95 % certainty: Wilson's interval. */
export interface Rate {
  readonly share: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** So many standard deviations hold 95 % of a normal distribution. */
export const deviations95 = 1.96;

/** The interval of a share that was seen in so many trials. Pure. */
export function rateOf(share: number, count: number): Rate {
  if (count === 0) return { share: 0, count, from: 0, to: 1 };
  const squared = deviations95 * deviations95;
  const scale = 1 + squared / count;
  const centre = (share + squared / (2 * count)) / scale;
  const variance = (share * (1 - share)) / count + squared / (4 * count * count);
  const half = (deviations95 * Math.sqrt(variance)) / scale;
  return { share, count, from: Math.max(0, centre - half), to: Math.min(1, centre + half) };
}
