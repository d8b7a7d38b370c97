import type { Instant } from '../instant';

/**
 * What one version did in a window: the requests that it answered, and of them those that count
 * against it, such as errors or slow answers. Neither need be whole: some back-ends interpolate.
 */
export interface ArmCounts {
  readonly requests: number;
  readonly events: number;
}

/** Windows are minutes: the periods in which load balancers count. */
export const windowSeconds = 60;

/** Why a rollout's version is compared with no other. */
export const lonelyReasons = [
  'noLoadBalancer',
  'networkLoadBalancer',
  'serviceConnect',
  'firstDeployment',
  'sharedTargetGroup',
  'unknownTargetGroup',
  'unreadable',
] as const;
export type LonelyReason = (typeof lonelyReasons)[number];

/** The target groups of both versions, by ARN. */
export interface Arms {
  /** Null where nothing tells which it is, or there is none that tells of requests. */
  readonly candidate: string | null;
  readonly baseline: string | null;
  /** Null where both are known. */
  readonly lonely: LonelyReason | null;
}

/** What is measured of a rollout, and what it is held against: found out once. */
export interface AnalysisPlan {
  readonly arms: Arms;
  /** The share of traffic of its first step, in percent; null where ECS replaces tasks. */
  readonly firstSharePercent: number | null;
  /** In the order of the policy. */
  readonly metrics: readonly PlannedMetric[];
  /** What can be learnt at the traffic of the day before; or why nothing can be measured. */
  readonly message: string;
  /** By what names others than load balancers know both versions; absent where none is asked. */
  readonly versions?: { readonly candidate: VersionName; readonly baseline: VersionName | null };
}

/** One version, as back-ends know it. */
export interface VersionName {
  /** `web:7`. */
  readonly taskDefinition: string;
  /** By which its tasks were started; null where ECS does not tell. */
  readonly deployment: string | null;
}

/** Whether somebody counts what a rollout's users get. */
export function isMeasurable({ arms, metrics }: AnalysisPlan): boolean {
  return arms.candidate !== null || metrics.length > 0;
}

export interface PlannedMetric {
  readonly metric: string;
  /** What the back-end is asked for each version, without secrets. */
  readonly query: string;
  /** How many times more the events vary than if each came by itself: 1 or more. */
  readonly dispersion: number;
  /** The highest rate of the service's own past; null where it has none. */
  readonly pastRate: number | null;
  /** From when on an answer is slow; absent for other metrics and where nothing tells. */
  readonly slowerThanSeconds?: number;
}

/**
 * How a reading went. `missing`: the new version had no requests, which is never a success.
 * `partial`: the back-end says that its counts are not whole. `unreadable`: it did not answer, or
 * not with counts.
 */
export const readingStates = ['measured', 'missing', 'partial', 'unreadable'] as const;
type ReadingState = (typeof readingStates)[number];

/** One metric in one window. */
export interface MetricReading {
  readonly metric: string;
  readonly state: ReadingState;
  /** Null where nothing tells. */
  readonly candidate: ArmCounts | null;
  /** Null where there is no other version to compare with, or nothing tells of it. */
  readonly baseline: ArmCounts | null;
  /** Why it is unreadable; absent otherwise. */
  readonly because?: string;
}

/** One window, whoever measured it. */
export interface Measurement {
  /** Its end. */
  readonly until: Instant;
  readonly readings: readonly MetricReading[];
}
