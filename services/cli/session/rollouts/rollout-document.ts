import { formatInstant, type Instant } from '../../../../state-machines/log/instant';
import type { Commit } from '../../../../state-machines/log/operator/operator-act';
import type { RolloutRecord } from '../../../../state-machines/service/history/rollout-record';
import { progressEntry } from '../../../sentences/progress-entry';

/** A rollout in a JSON document: the words of `rewind replay`, and who and why. */
export function rolloutDocumentOf(record: RolloutRecord, commit: Commit | null = null) {
  const { verdict, rollback, act } = record;
  return {
    deployment: record.deployment,
    taskDefinition: record.taskDefinition,
    serviceRevision: record.serviceRevision,
    images: record.images,
    rollbackOf: record.rollbackOf,
    startedAt: formatInstant(record.startedAt),
    endedAt: timeOrNull(record.endedAt),
    dueAt: timeOrNull(record.dueAt),
    phase: record.phase,
    ...progressEntry(record.progress ?? null),
    ...(record.users === undefined ? {} : { users: record.users }),
    outcome: record.outcome,
    mode: record.mode,
    verdict: verdict && { ...verdict, at: formatInstant(verdict.at) },
    rollback: rollback && {
      by: rollback.by,
      target: rollback.target,
      requestedAt: formatInstant(rollback.requestedAt),
      issuedAt: timeOrNull(rollback.issuedAt),
      completedAt: timeOrNull(rollback.completedAt),
      deployment: rollback.deployment,
    },
    hasFailedBefore: record.hasFailedBefore,
    tasks: record.tasks,
    firstFailures: record.firstFailures,
    by: act?.by ?? record.by,
    action: act?.action ?? null,
    reason: act?.reason ?? null,
    claims: act?.claims ?? null,
    commit: commit ?? act?.commit ?? null,
  };
}

function timeOrNull(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
