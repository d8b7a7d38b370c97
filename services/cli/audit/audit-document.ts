import type { TrailEntry } from '../../../state-machines/audit/audit-trail';
import type { Verdict } from '../../../state-machines/log/decided-events';
import { isDecided } from '../../../state-machines/log/events';
import { formatInstant, formatInstantOrNull } from '../../../state-machines/log/instant';
import { eventReporter, fullEventSentence } from '../../sentences/event-sentence';
import type { AuditedEvent } from './audited-stream';
import type { RolloutAudit } from './rollout-audit';
import { countResults, type StreamVerification } from './verification';

/** What `rewind audit --format json` prints of stories. */
export function formatAuditDocument(stories: readonly RolloutAudit[]): string {
  return `${JSON.stringify({ schema: 'rewind.audit/1', rollouts: stories.map(auditEntry) }, null, 2)}\n`;
}

/** What `rewind audit --verify --format json` prints. */
export function formatVerificationDocument(verifications: readonly StreamVerification[]): string {
  const counts = countResults(verifications.flatMap(({ decisions }) => decisions));
  return `${JSON.stringify({ schema: 'rewind.verification/1', counts, services: verifications }, null, 2)}\n`;
}

function auditEntry({ rollout, trail, decisions, logs }: RolloutAudit) {
  const { service, deployment, taskDefinition, rollbackOf, startedAt, endedAt, phase, outcome } = rollout;
  return {
    service,
    deployment,
    taskDefinition,
    rollbackOf,
    startedAt: formatInstant(startedAt),
    endedAt: formatInstantOrNull(endedAt),
    phase,
    outcome,
    policy: rollout.policy,
    verdict: auditedVerdict(rollout.verdict),
    weighed: rollout.weighed,
    ...otherRuleEntry(rollout),
    trail: trail.map(learningEntry),
    verification: decisions,
    ...(logs.length === 0 ? {} : { logs }),
  };
}

function auditedVerdict(verdict: Verdict | null) {
  return verdict === null ? null : { ...verdict, at: formatInstant(verdict.at) };
}

/** Only of what is observed. */
function otherRuleEntry({ otherRule }: RolloutAudit['rollout']) {
  if (otherRule === undefined) return {};
  return { otherRule: { ...otherRule, verdict: auditedVerdict(otherRule.verdict) } };
}

function learningEntry({ recorded, after, mark }: TrailEntry<AuditedEvent>) {
  const { event, recordedAt, isNotified } = recorded;
  const source = isNotified ? 'notification' : isDecided(event) ? 'decision' : 'observation';
  const evidence =
    after === null
      ? null
      : {
          started: after.evidence.started,
          failed: after.evidence.failed,
          ...(after.weighed === null ? {} : { ratio: after.weighed.ratio }),
        };
  return {
    learntAt: formatInstant(recordedAt),
    tookPlaceAt: formatInstant(event.occurredAt),
    source,
    mark,
    who: eventReporter(event),
    what: fullEventSentence(event),
    phase: after?.phase ?? null,
    evidence,
    event,
  };
}
