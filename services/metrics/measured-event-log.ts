import type {
  Outcome,
  PassRevoked,
  RollbackIssued,
  VerdictReached,
} from '../../state-machines/log/decided-events';
import { isDecided } from '../../state-machines/log/events';
import type { EventId } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { positionOf } from '../../state-machines/log/position';
import { rolloutKey } from '../../state-machines/log/rollout-id';
import type { EventLog, RecordedEvent } from '../event-log/event-log';
import type { RewindMetrics } from './metrics';

/** How a rollout ends of which the verdict was that it failed. */
const endsOfFailed: ReadonlySet<Outcome> = new Set([
  'rolledBack',
  'rollbackFailed',
  'noSafeTarget',
  'notEnforced',
]);

/**
 * The log, with what is appended to it counted and timed. An event is appended once, by whoever was
 * first: so is it counted. What the log answers and throws is its own.
 */
export function measuredEventLog(eventLog: EventLog, metrics: RewindMetrics): EventLog {
  return {
    ...eventLog,
    async append(recorded) {
      const result = await eventLog.append(recorded);
      if (result === 'duplicate') metrics.count('DuplicateEvents');
      else await measure({ eventLog, metrics }, recorded);
      return result;
    },
  };
}

interface Measurement {
  readonly eventLog: EventLog;
  readonly metrics: RewindMetrics;
}

async function measure({ eventLog, metrics }: Measurement, recorded: RecordedEvent): Promise<void> {
  const { event, recordedAt, notification } = recorded;
  metrics.count('EventsAppended');
  if (!isDecided(event)) {
    if (notification !== null) metrics.time('NotificationToAppend', recordedAt - event.occurredAt);
    return;
  }
  if (event.type === 'VerdictReached' || event.type === 'PassRevoked')
    measureVerdict(metrics, event, recordedAt);
  if (event.type === 'RolloutConcluded' && endsOfFailed.has(event.outcome)) {
    metrics.sort('Rollbacks', { outcome: event.outcome });
  }
  if (event.type !== 'RollbackIssued') return;
  const verdictAt = await recordedVerdict(eventLog, event);
  if (verdictAt !== null) metrics.time('VerdictToCall', recordedAt - verdictAt);
}

function measureVerdict(
  metrics: RewindMetrics,
  { verdict }: VerdictReached | PassRevoked,
  recordedAt: Instant,
): void {
  metrics.sort('Verdicts', { result: verdict.result, reason: verdict.reason });
  if (verdict.result === 'failed') metrics.time('FailureToVerdict', recordedAt - verdict.at);
}

/**
 * When the verdict that a call follows was recorded, by whichever process; null when that cannot be
 * read now. It stands at the start of the rollout: one query, for each call to ECS.
 */
async function recordedVerdict(eventLog: EventLog, issued: RollbackIssued): Promise<Instant | null> {
  const before = positionOf({ occurredAt: issued.startedAt, id: '' as EventId });
  try {
    for await (const { event, recordedAt } of eventLog.read(issued.service, before)) {
      const isVerdict = event.type === 'VerdictReached' && rolloutKey(event) === rolloutKey(issued);
      if (isVerdict) return recordedAt;
      if (event.occurredAt > issued.startedAt) return null;
    }
  } catch {
    // The call has been recorded: a number that is missing is no reason to do all of it again.
  }
  return null;
}
