import type { MetricProvider } from './metric-provider';

/** What counts against a version: answers with 5xx of its targets, or answers that took long. */
export const metricPresets = ['target-5xx', 'target-slow'] as const;
type MetricPreset = (typeof metricPresets)[number];

/** What a metric is taken for that could not be measured until the end of the bake. */
export const noDataRules = ['inconclusive', 'fail', 'pass'] as const;

/** What becomes of a rollout of which measurements have not said enough by then. */
export const inconclusiveRules = ['notify', 'rollback', 'pass'] as const;

/** What a rollout's measurements are held to. */
export interface AnalysisPolicy {
  /**
   * So long a back-end takes until it tells whole counts of a window: CloudWatch shows requests
   * before what came of them. https://github.com/Netflix/atlas/pull/1300 saw up to two minutes.
   */
  readonly lagSeconds: number;
  /** Of the good rollouts, so many may fail by all metrics together, in percent. */
  readonly falseAlarmPercent: number;
  /** Of the unacceptable ones, so many may be accepted, in percent. */
  readonly missRatePercent: number;
  readonly onInconclusive: (typeof inconclusiveRules)[number];
  readonly metrics: readonly AnalysisMetric[];
}

/** One metric: what load balancers count, or what somebody else does. */
export type AnalysisMetric = PresetMetric | ProvidedMetric;

interface PresetMetric extends JudgedMetric {
  readonly preset: MetricPreset;
  readonly provider?: undefined;
}

/** What each version is asked for, with blanks for its names such as `{{ arm.revision }}`. */
export interface ProvidedMetric extends JudgedMetric {
  readonly preset?: undefined;
  readonly provider: MetricProvider;
  /** What counts against a version; empty where a function of the user's answers all at once. */
  readonly events: string;
  /** Of what: requests, lines, jobs. Empty: whatever the provider counts in all. */
  readonly total: string;
}

export function isProvided(metric: AnalysisMetric): metric is ProvidedMetric {
  return metric.provider !== undefined;
}

/** It is held to at least one of `compare`, `maxPercent` and `count`. */
interface JudgedMetric {
  readonly name: string;
  /** From when on an answer is slow; null: slower than 95 of 100 on the day before. */
  readonly slowerThanSeconds: number | null;
  /** Windows so soon after each shift of traffic are kept, and not judged. */
  readonly initialDelaySeconds: number;
  readonly compare: {
    /** So much more than the old version does not fail. */
    readonly maxIncreasePercent: number;
    /** So much more is never accepted. */
    readonly unacceptableIncreasePercent: number;
  } | null;
  /** Of the new version's requests, so many may count against it, in percent. */
  readonly maxPercent: number | null;
  readonly count: { readonly max: number; readonly withinSeconds: number } | null;
  /** Measured, judged and shown, and decides nothing. */
  readonly dryRun: boolean;
  readonly onNoData: (typeof noDataRules)[number];
}

const ofEveryPreset = {
  slowerThanSeconds: null,
  maxPercent: null,
  count: null,
  dryRun: false,
  onNoData: 'inconclusive',
} as const;

/** What a metric is where it says nothing but its preset. */
export const presetMetrics: { readonly [preset in MetricPreset]: PresetMetric } = {
  'target-5xx': {
    ...ofEveryPreset,
    name: 'errors',
    preset: 'target-5xx',
    initialDelaySeconds: 0,
    compare: { maxIncreasePercent: 50, unacceptableIncreasePercent: 200 },
  },
  // Caches are cold after a shift, and connections are opened.
  'target-slow': {
    ...ofEveryPreset,
    name: 'slow',
    preset: 'target-slow',
    initialDelaySeconds: 120,
    compare: { maxIncreasePercent: 25, unacceptableIncreasePercent: 100 },
  },
};

/** `analysis: standard`. */
export const standardAnalysis: AnalysisPolicy = {
  lagSeconds: 180,
  falseAlarmPercent: 1,
  missRatePercent: 5,
  onInconclusive: 'pass',
  metrics: [presetMetrics['target-5xx'], presetMetrics['target-slow']],
};

/** What a metric of a provider is where it says nothing but what it counts. */
export const providedMetric = {
  ...ofEveryPreset,
  initialDelaySeconds: 0,
  compare: { maxIncreasePercent: 50, unacceptableIncreasePercent: 200 },
} as const;
