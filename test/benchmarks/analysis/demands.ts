import { canaryCases } from './canary-cases';

/** How each judge did on a kind, Rewind first. */
interface FoundFailures {
  readonly name: string;
  readonly judges: readonly { readonly failedPercent: number; readonly medianFailure: number | null }[];
}

/** What the judgement has to reach of one kind. */
interface AnalysisDemand {
  readonly name: string;
  /** Of the canaries so many must have failed, in percent; of good ones at most so many. */
  readonly failedPercent: number;
  readonly isGood: boolean;
  /** By when half of those that fail must have; null for good ones. */
  readonly medianAtMost: number | null;
}

const ofBad = { isGood: false, failedPercent: 100 };

/** Held by a test; the page shows each beside what was measured. */
export const demands: readonly AnalysisDemand[] = [
  ...canaryCases
    .filter(({ truth }) => truth === 'good')
    .map(({ name }) => ({ name, isGood: true, failedPercent: 1, medianAtMost: null })),
  { ...ofBad, name: '5 × errors', medianAtMost: 5 },
  { ...ofBad, name: '20 × errors', medianAtMost: 1 },
  { ...ofBad, name: '25 % more latency', failedPercent: 99, medianAtMost: 4 },
];

/** Whether what was measured of Rewind reaches what is asked. */
export function isReached(demand: AnalysisDemand, totals: readonly FoundFailures[]): boolean {
  const found = totals.find(({ name }) => name === demand.name)?.judges[0];
  if (found === undefined) return false;
  if (demand.isGood) return found.failedPercent <= demand.failedPercent;
  const median = found.medianFailure ?? Infinity;
  return found.failedPercent >= demand.failedPercent && median <= (demand.medianAtMost ?? Infinity);
}

/** A row of the page for each: what is asked, what was measured, whether that is enough. */
export function demandRows(totals: readonly FoundFailures[]): string[][] {
  return demands.map((demand) => {
    const { name, isGood, failedPercent, medianAtMost } = demand;
    const found = totals.find((one) => one.name === name)?.judges[0];
    const asked = isGood
      ? `at most ${failedPercent} % fail`
      : `${failedPercent} % fail, half of them by minute ${medianAtMost}`;
    const measured = isGood
      ? `${found?.failedPercent} %`
      : `${found?.failedPercent} %, minute ${found?.medianFailure}`;
    return [name, asked, measured, isReached(demand, totals) ? 'yes' : '**no**'];
  });
}
