import { dispersionOf } from '../../../state-machines/analysis/dispersion';
import type { MetricRule } from '../../../state-machines/analysis/judge-metric';
import type { ArmCounts } from '../../../state-machines/log/measuring/measurement';
import type { CanaryCase } from './canary-cases';
import type { ComparedWindow } from './draw-canary';
import { judgeWindows } from './judge-windows';
import { binomialTail, isHighByMannWhitney } from './peer-statistics';

/** When a judge failed or accepted a canary: the window, counted from 1; null where it did not. */
export interface CanaryVerdict {
  readonly failedAt: number | null;
  readonly acceptedAt: number | null;
}

interface CanaryJudge {
  readonly name: string;
  readonly judge: (canary: DrawnCanary) => CanaryVerdict;
}

interface DrawnCanary {
  readonly windows: readonly ComparedWindow[];
  readonly past: readonly ArmCounts[];
  readonly metric: CanaryCase['metric'];
}

/** Rewind's defaults. */
const comparisons = {
  errors: { allowed: 1.5, unacceptable: 3 },
  slow: { allowed: 1.25, unacceptable: 2 },
} as const;
const shares = { falseAlarms: 0.01, misses: 0.05, tests: 1 };

export const canaryJudges: readonly CanaryJudge[] = [
  { name: 'Rewind', judge: (canary) => judgeByRewind(canary, dispersionOf(canary.past)) },
  { name: 'Rewind, no past', judge: (canary) => judgeByRewind(canary, dispersionOf([])) },
  { name: 'binomial test', judge: lookEveryMinute(isWorseByBinomial) },
  { name: 'Mann–Whitney', judge: lookEveryMinute(isHighByKayenta) },
  { name: 'threshold', judge: lookEveryMinute(isAboveThreshold) },
  { name: 'count', judge: lookEveryMinute(hasAnyEvent) },
];

function judgeByRewind({ windows, metric }: DrawnCanary, dispersion: number): CanaryVerdict {
  const rule: MetricRule = {
    metric,
    comparison: comparisons[metric],
    maximumRate: null,
    maximumCount: null,
    dispersion,
    pastRate: null,
    isDryRun: false,
  };
  const { result, at } = judgeWindows(windows, rule, shares);
  const index = windows.findIndex(({ until }) => until === at);
  return {
    failedAt: result === 'failed' ? index + 1 : null,
    acceptedAt: result === 'accepted' ? index + 1 : null,
  };
}

type Seen = Omit<DrawnCanary, 'past'>;

function lookEveryMinute(isBad: (seen: Seen) => boolean) {
  return ({ windows, metric }: DrawnCanary): CanaryVerdict => {
    const index = windows.findIndex((_, last) => isBad({ windows: windows.slice(0, last + 1), metric }));
    return { failedAt: index < 0 ? null : index + 1, acceptedAt: null };
  };
}

/** One-sided, at one percent, of all windows so far. */
function isWorseByBinomial({ windows }: Seen): boolean {
  const compared = windows.filter(({ baseline }) => baseline.requests > 0);
  const sum = (count: (window: ComparedWindow) => number) =>
    compared.reduce((all, one) => all + count(one), 0);
  const [n, m] = [sum(({ candidate }) => candidate.requests), sum(({ baseline }) => baseline.requests)];
  const [x, y] = [sum(({ candidate }) => candidate.events), sum(({ baseline }) => baseline.events)];
  return x > 0 && m > 0 && binomialTail({ successes: x, trials: x + y, chance: n / (n + m) }) < 0.01;
}

/** Kayenta's judge, from the fifth minute on. */
function isHighByKayenta({ windows }: Seen): boolean {
  if (windows.length < 5) return false;
  const compared = windows.filter(({ baseline }) => baseline.requests > 0);
  const rates = (arm: 'candidate' | 'baseline') => compared.map((one) => one[arm].events / one[arm].requests);
  return isHighByMannWhitney(rates('candidate'), rates('baseline'));
}

/** Above 1 % errors, or 10 % slow answers, three minutes in a row. */
function isAboveThreshold({ windows, metric }: Seen): boolean {
  const threshold = metric === 'errors' ? 0.01 : 0.1;
  const last = windows.slice(-3);
  return (
    last.length === 3 && last.every(({ candidate: { events, requests } }) => events / requests > threshold)
  );
}

/** Any at all within the last ten minutes. */
function hasAnyEvent({ windows }: Seen): boolean {
  return windows.slice(-10).some(({ candidate }) => candidate.events > 0);
}
