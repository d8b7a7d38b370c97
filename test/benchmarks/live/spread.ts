/** The values below which half of them lie, and 99 of 100. */
interface Spread {
  readonly half: number;
  readonly almostAll: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const below = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { half: below(0.5), almostAll: below(0.99) };
}

export function spreadText({ half, almostAll }: Spread): string {
  return `${half.toFixed(0)} / ${almostAll.toFixed(0)} ms`;
}
