import type { MeasuredVersion } from '../../../../state-machines/analysis/counting/metric-query';
import type { VersionReading } from '../../../../state-machines/analysis/window-readings';
import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import type { ProvidedMetric } from '../../../../state-machines/log/measuring/analysis-policy';

/** What is asked of a back-end: the counts of each version in each of some minutes. */
export interface BackEndQuestion {
  readonly service: ServiceArn;
  readonly metric: ProvidedMetric;
  /** The new one first. */
  readonly versions: readonly MeasuredVersion[];
  /** The ends of whole minutes, in order, one behind the other; at least one. */
  readonly windows: readonly Instant[];
}

/**
 * Who counts what load balancers do not. Reads only, and within `backEndMilliseconds`. Throws
 * UnreadableAnswerError for an answer without counts, and what its client throws.
 */
export interface MetricBackEnd {
  /** A reading for each version, in their order. */
  read(question: BackEndQuestion): Promise<readonly VersionReading[]>;
}

/** No answer may hold a reconcile up for longer. */
export const backEndMilliseconds = 10_000;

/** A back-end answered, and not with counts; the message says what it answered instead. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
