import type { MetricRule } from '../../../state-machines/analysis/judge-metric';

/** Half as many errors again are allowed, and nothing else is looked at. */
export const rule: MetricRule = {
  metric: 'errors',
  comparison: { allowed: 1.5, unacceptable: 3 },
  maximumRate: null,
  maximumCount: null,
  dispersion: 1,
  pastRate: null,
  isDryRun: false,
};

/** How often a judgement of one metric may be wrong. */
export const shares = { falseAlarms: 0.01, misses: 0.05, tests: 1 };
