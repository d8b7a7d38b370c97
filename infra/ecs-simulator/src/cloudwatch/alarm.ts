import type { ClockTime } from '../foundation/clock';
import type { MetricMath } from './metric-math';
import type { Metric, Statistic } from './metrics';

export const alarmStates = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
export type AlarmStateValue = (typeof alarmStates)[number];

/** Whether a composite alarm is to be in ALARM, by the states of others. */
export type CompositeRule = (stateOf: (alarm: string) => AlarmStateValue | null) => boolean;

/**
 * A metric alarm, or a composite one:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
 */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly condition:
    | { readonly kind: 'metric'; readonly rule: AlarmRule }
    | { readonly kind: 'composite'; readonly rule: CompositeRule };
  /** What was given, as DescribeAlarms shows it. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly configuredAt: ClockTime;
  readonly state: AlarmState;
}
/** When the alarm is raised: so many of the last periods' values breach the threshold. */
export interface AlarmRule {
  /** In order: an expression uses the values of those before it. */
  readonly queries: readonly AlarmQuery[];
  /** Of the query whose values are held against the threshold. */
  readonly returned: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: AlarmComparison;
  readonly treatMissingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
}
export type AlarmQuery =
  | { readonly id: string; readonly metric: Metric; readonly statistic: Statistic }
  | { readonly id: string; readonly math: MetricMath };

/** The metrics that an alarm looks at; none for a composite one. */
export function metricsOf({ condition }: Alarm): Metric[] {
  if (condition.kind === 'composite') return [];
  return condition.rule.queries.flatMap((query) => ('metric' in query ? [query.metric] : []));
}

export interface AlarmState {
  readonly value: AlarmStateValue;
  readonly reason: string;
  /** JSON; null where there is none. */
  readonly reasonData: string | null;
  readonly at: ClockTime;
}

export const comparisons = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;
export type AlarmComparison = keyof typeof comparisons;

/**
 * What the alarm should be by the statistics of its last periods, the oldest first, null for one
 * without data; null leaves it as it is. Pure.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluate(rule: AlarmRule, values: readonly (number | null)[]): AlarmStateValue | null {
  const isMissing = values.every((value) => value === null);
  if (isMissing && rule.treatMissingData === 'missing') return 'INSUFFICIENT_DATA';
  if (isMissing && rule.treatMissingData === 'ignore') return null;
  const breaching = values.filter((value) =>
    value === null
      ? rule.treatMissingData === 'breaching'
      : comparisons[rule.comparison](value, rule.threshold),
  );
  return breaching.length >= rule.datapointsToAlarm ? 'ALARM' : 'OK';
}
