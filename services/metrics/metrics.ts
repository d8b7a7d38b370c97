import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/**
 * What Rewind counts and times of itself. infra/alarms.yml and infra/dashboard.yml name these; a
 * test holds them together.
 */
export type CountedMetric =
  | 'EventsAppended'
  | 'DuplicateEvents'
  | 'FailedReconciles'
  | 'RollbacksHeld'
  | 'Standstills'
  | 'UnansweredServices'
  | 'OverdueServices'
  | 'WakeUpsGivenUp';
export type TimedMetric = 'NotificationToAppend' | 'FailureToVerdict' | 'VerdictToCall';
/** Counted apart by a dimension beside the stack's own. */
export type SortedMetric = 'Verdicts' | 'Rollbacks';

/**
 * Where the numbers go: each is one line of a function's log in CloudWatch's embedded metric
 * format, and costs no call.
 */
export interface RewindMetrics {
  count(name: CountedMetric, value?: number): void;
  time(name: TimedMetric, milliseconds: number): void;
  /** Counts one of a kind. */
  sort(name: SortedMetric, kind: { readonly [dimension: string]: string }): void;
  /** Writes what has come together, at the end of an invocation. */
  publish(): void;
}

/**
 * The dimension `service` is POWERTOOLS_SERVICE_NAME, the name of the stack: several in an account
 * keep apart.
 */
export function embeddedMetrics(): RewindMetrics {
  const metrics = new Metrics({ namespace: 'Rewind' });
  // Published as it is added, so that its dimensions hold for it alone.
  const single = new Metrics({ namespace: 'Rewind', singleMetric: true });
  return {
    count: (name, value = 1) => void metrics.addMetric(name, MetricUnit.Count, value),
    // Clocks differ: what seems to come before its cause took no time.
    time: (name, milliseconds) =>
      void metrics.addMetric(name, MetricUnit.Milliseconds, Math.max(0, milliseconds)),
    sort(name, kind) {
      single.addDimensions({ ...kind });
      single.addMetric(name, MetricUnit.Count, 1);
    },
    publish() {
      // Powertools warns of nothing to publish.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
