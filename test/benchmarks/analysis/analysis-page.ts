import { quantile } from '../verdicts/results/quantile';
import { type CanaryCase, canaryCases } from './canary-cases';
import { type CanaryVerdict, canaryJudges } from './canary-judges';
import { demandRows } from './demands';
import type { JudgedCase } from './judged-case';

/** How often each judge failed the canaries of a kind, and when. */
export interface AnalysisTotals {
  readonly name: string;
  readonly judges: readonly JudgeTotals[];
}

interface JudgeTotals {
  readonly failedPercent: number;
  /** In windows; null where fewer than half failed. */
  readonly medianFailure: number | null;
  readonly acceptedPercent: number;
  readonly medianAcceptance: number | null;
}

export function totalsOf({ name, verdicts }: JudgedCase): AnalysisTotals {
  return { name, judges: verdicts.map(totalsOfJudge) };
}

function totalsOfJudge(verdicts: readonly CanaryVerdict[]): JudgeTotals {
  const failures = windowsOf(verdicts.map(({ failedAt }) => failedAt));
  const acceptances = windowsOf(verdicts.map(({ acceptedAt }) => acceptedAt));
  const percent = (found: readonly number[]) => Math.round((1000 * found.length) / verdicts.length) / 10;
  return {
    failedPercent: percent(failures),
    medianFailure: failures.length === 0 ? null : quantile(failures, 0.5),
    acceptedPercent: percent(acceptances),
    medianAcceptance: acceptances.length === 0 ? null : quantile(acceptances, 0.5),
  };
}

function windowsOf(windows: readonly (number | null)[]): number[] {
  return windows.filter((window) => window !== null);
}

/** The page docs/analysis/judging-metrics.md, whole. */
export function analysisPage(totals: readonly AnalysisTotals[]): string {
  return `# How good the judgement of metrics is

\`npm run bench analysis\` makes this page: of each kind 1,000 canaries are drawn, seeded, in windows of one minute, and judged after every window by Rewind and by the rules of others. A test judges
some of them again.

- **Rewind**: [the comparison of counts](../decisions/0050-two-versions-are-compared-by-their-counts.md) with its defaults; how much errors vary comes from a day of the service's past. **No past**: without that day.
- **Binomial test**: a test of two rates at 1 %, read every minute, as many write it by hand.
- **Mann–Whitney**: Kayenta's judge on the rates of minutes, at 98 % and with its tolerance, from the fifth minute on.
- **Threshold**: more than 1 % errors, or 10 % slow answers, three minutes in a row, as in Argo Rollouts and Flagger.
- **Count**: any error within ten minutes, as in AWS's pipeline for canaries on App Mesh.

The new version has 600 of 6,000 requests a minute, at low traffic 30 of 300; the old one fails on one of 1,000 unless said.

## Good releases that failed

${markdownTable(['the release', ...judgeNames()], totals.filter(isGood).map(failedRow))}

## Bad releases that failed, and after how many minutes half of these had

${markdownTable(['the release', ...judgeNames()], totals.filter((one) => !isGood(one)).map(foundRow))}

## What is asked of it

A test holds these. Nothing is asked of three times the errors, of which Rewind finds fewer and later than a test of two rates does: what is forgiven up to 1.5 times, and false alarms over all
minutes together, cost that.

${markdownTable(['the release', 'asked', 'measured', 'reached'], demandRows(totals))}

## What is accepted

A release is accepted as soon as it is shown not to be three times as bad (of slow answers, twice). In percent of the 1,000, with the minute by which half of these were.

${markdownTable(['the release', 'accepted'], totals.map(acceptedRow))}

A release that grew worse after it had been accepted fails all the same. One that is between 1.5 and three times as bad may end as neither.

## What this does not say

- The canaries are drawn, not recorded: errors come by themselves or in bursts within a minute. A client that fails for an hour on one version only looks like a bad release.
- A release up to 1.5 times as bad as the old one does not fail, on purpose; an absolute limit is for that.
- With several metrics the share of false alarms is that of all together, so that each needs a little more evidence.
`;
}

function judgeNames(): string[] {
  return canaryJudges.map(({ name }) => name);
}

function caseOf({ name }: AnalysisTotals): CanaryCase | undefined {
  return canaryCases.find((one) => one.name === name);
}

function isGood(totals: AnalysisTotals): boolean {
  return caseOf(totals)?.truth === 'good';
}

function failedRow({ name, judges }: AnalysisTotals): string[] {
  return [name, ...judges.map(({ failedPercent }) => `${failedPercent} %`)];
}

function foundRow({ name, judges }: AnalysisTotals): string[] {
  return [
    name,
    ...judges.map(({ failedPercent, medianFailure }) =>
      medianFailure === null ? '0 %' : `${failedPercent} %, ${medianFailure}`,
    ),
  ];
}

function acceptedRow({ name, judges: [ours] }: AnalysisTotals): string[] {
  if (ours === undefined || ours.medianAcceptance === null) return [name, '0 %'];
  return [name, `${ours.acceptedPercent} %, ${ours.medianAcceptance}`];
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
