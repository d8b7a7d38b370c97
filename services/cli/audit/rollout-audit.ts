import { auditTrail, type TrailEntry } from '../../../state-machines/audit/audit-trail';
import { isDecided, logKeyOf } from '../../../state-machines/log/events';
import { withOtherRule } from '../../../state-machines/replay/other-rule';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import type { FailureLog } from '../session/rollouts/failure-logs';
import type { AuditedEvent, AuditedStream } from './audited-stream';
import type { AuditedDecision, StreamVerification } from './verification';

/** A rollout, how it was learnt and decided, and whether its decisions hold. */
export interface RolloutAudit {
  readonly rollout: Rollout;
  readonly trail: readonly TrailEntry<AuditedEvent>[];
  readonly decisions: readonly AuditedDecision[];
  /** What its failed tasks wrote last; empty where nobody asked. */
  readonly logs: readonly FailureLog[];
}

/** The story of one of a stream's rollouts. Pure. */
export function auditRollout(
  rollout: Rollout,
  stream: AuditedStream,
  verification: StreamVerification,
): RolloutAudit {
  const trail = auditTrail(stream.events, rollout);
  const keys = new Set(
    trail.flatMap(({ recorded: { event } }) => (isDecided(event) ? [String(logKeyOf(event))] : [])),
  );
  // What is not even a decision any more may have been one of this rollout's.
  const decisions = verification.decisions.filter(
    ({ type, position }) => type === null || keys.has(position),
  );
  return { rollout: judgedByBothRules(rollout, stream), trail, decisions, logs: [] };
}

/** What is only observed is judged by the other rule about failed tasks too. */
function judgedByBothRules(rollout: Rollout, { events }: AuditedStream): Rollout {
  const until = events.reduce(
    (last, { event }) => (event.occurredAt > last ? event.occurredAt : last),
    rollout.startedAt,
  );
  const [judged = rollout] = withOtherRule([rollout], { events: events.map(({ event }) => event), until });
  return judged;
}
