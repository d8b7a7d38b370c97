import { partsOfService, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { isRollback } from '../../../state-machines/rollout/rollout-context';
import { gatesIn } from './gate-entries';
import type { IndexEntry, RolloutDetail } from './report-data';
import type { RolloutTrace } from './rollout-trace';
import { timelineOf } from './timeline-entries';

/** A rollout as a list shows it. */
export function indexEntry(rollout: Rollout): IndexEntry {
  const { path, region, account } = partsOfService(rollout.service);
  const { deployment, taskDefinition, startedAt, phase, outcome, verdict, evidence } = rollout;
  return {
    path,
    region,
    account,
    deployment,
    taskDefinition: taskDefinition === null ? null : shortTaskDefinition(taskDefinition),
    isRollback: isRollback(rollout),
    startedAt,
    phase,
    outcome,
    verdict: verdict && { result: verdict.result, reason: verdict.reason, message: verdict.message },
    secondsToVerdict: verdict && (verdict.at - startedAt) / 1000,
    started: evidence.started,
    failed: evidence.failed,
  };
}

/** A rollout as its own view shows it; its axes end at `until` where it has not ended. */
export function rolloutDetail(rollout: Rollout, trace: RolloutTrace, until: number): RolloutDetail {
  const { events, evidence, measured } = trace;
  return {
    rollout,
    endsAt: rollout.endedAt ?? Math.max(until, rollout.startedAt),
    timeline: timelineOf(rollout, events),
    tasks: trace.tasks(),
    evidence,
    gates: gatesIn(events),
    measured,
    events: {
      at: events.map(({ occurredAt }) => occurredAt),
      label: events.map((event) => (event.type === 'TaskChanged' ? event.lastStatus : event.type)),
    },
  };
}
