import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { driftSince } from '../../state-machines/protection/drift';
import { type Hold, holdFor } from '../../state-machines/protection/hold';
import { endOfRollout } from '../../state-machines/protection/observed-protection';
import type { PlanStatus } from '../../state-machines/protection/plan';
import type { ProtectionActor } from '../../state-machines/protection/protection-events';
import type { KillSwitch } from '../aws/kill-switch';
import type { ProtectionLog, RecordedCall } from '../event-log/protection-log';
import { applyPlan } from './apply-plan';
import { GuardStream } from './guard-stream';
import { retryOnConflict } from './retry-on-conflict';
import { type FailedSurvey, type SurveyedService, type SurveyParts, survey } from './survey';

export interface GuardParts extends SurveyParts {
  readonly log: ProtectionLog;
  readonly now: () => Instant;
  /** Who asks: the guard by itself may be held (see `holdFor`), a person is not. */
  readonly actor: ProtectionActor;
  /** Asked before the guard changes a service by itself; null for a person, who means it. */
  readonly killSwitch: KillSwitch | null;
  /** The call that woke the guard, which the log may not hold yet; null where none did. */
  readonly call: RecordedCall | null;
}

/** What became of one service. */
export interface GuardResult {
  readonly service: ServiceArn;
  readonly outcome:
    | Exclude<PlanStatus, 'change'>
    /** The service was changed as planned. */
    | 'applied'
    /** The guard may only report, and changed nothing; `because` says why. */
    | 'told'
    /** A person undid the guard's changes: it leaves the service alone. */
    | 'released'
    /** ECS or CloudWatch refused, or could not be asked. */
    | 'failed';
  readonly because: string | null;
  /** How many fields and alarms were changed, or would be. */
  readonly changes: number;
  /** The fields that somebody changed since the guard last looked. */
  readonly drifted: readonly string[];
  /** When a rollout that is in the way is over at the latest; null when none is. */
  readonly returnsAt: Instant | null;
}

/**
 * Brings services to what is declared of them, one after another. Idempotent, and safe to run by
 * any number at once: README.md tells how. Writes nothing to a service that is right, starts no
 * deployment, and goes on after a service that fails. Throws what the log throws.
 */
export async function* guard(
  parts: GuardParts,
  services: AsyncIterable<ServiceArn> | Iterable<ServiceArn>,
): AsyncIterable<GuardResult> {
  for await (const surveyed of survey(parts, services)) yield await guardService(parts, surveyed);
}

function guardService(parts: GuardParts, first: SurveyedService | FailedSurvey): Promise<GuardResult> {
  return retryOnConflict<GuardResult>(parts, first, {
    act: (surveyed) => reconcileProtection(parts, surveyed),
    fail: ({ name, message }) => ({
      service: first.service,
      outcome: 'failed',
      because: `${name}: ${message}`,
      changes: 0,
      drifted: [],
      returnsAt: null,
    }),
  });
}

async function reconcileProtection(parts: GuardParts, surveyed: SurveyedService): Promise<GuardResult> {
  const { plan, service } = surveyed;
  const { status, because } = plan;
  const changes = plan.changes.length + plan.alarms.length;
  const result = { service, changes, because, drifted: [], returnsAt: null };
  // Nothing is declared, or nothing can be: what such a service has is not the guard's to record.
  if (status === 'undeclared' || status === 'unguardable') return { ...result, outcome: status };
  const stream = new GuardStream(parts, surveyed);
  const drifted = await recordDrift(parts, surveyed, stream);
  switch (status) {
    case 'busy':
      return { ...result, outcome: status, drifted, returnsAt: endOfRollout(surveyed) };
    case 'right':
    case 'refused':
      return { ...result, outcome: status, drifted };
    case 'change': {
      const hold = await findHold(parts, surveyed, stream);
      const applied = hold ?? (await applyPlan(parts, surveyed, stream));
      return { ...result, ...applied, drifted };
    }
    default:
      return status satisfies never;
  }
}

/** Records what the log does not know of the service yet; answers with the fields that drifted. */
async function recordDrift(
  parts: GuardParts,
  { plan, observed, declared, last }: SurveyedService,
  stream: GuardStream,
): Promise<readonly string[]> {
  const { configuration } = observed;
  const drift = driftSince(last, plan, configuration);
  switch (drift.kind) {
    case 'none':
      return [];
    case 'changed': {
      const wrong = new Set(plan.changes.map(({ field }) => field));
      const drifted = (last?.standing.drifted ?? []).filter((field) => wrong.has(field));
      await stream.append({ type: 'ProtectionObserved', configuration, drifted });
      return [];
    }
    case 'drifted': {
      const call = callSince(stream, parts.call ?? (await parts.log.lastCall(plan.service)));
      await stream.append({
        type: 'ProtectionDrifted',
        fields: drift.fields,
        expected: plan.after,
        observed: configuration,
        changedBy: call?.by ?? null,
        changedAt: call?.occurredAt ?? null,
        drift: declared.drift,
      });
      return drift.fields;
    }
    default:
      return drift satisfies never;
  }
}

/** A call from before the last look, the guard's own for one, cannot have changed what it saw. */
function callSince({ last }: GuardStream, call: RecordedCall | null): RecordedCall | null {
  return call !== null && last !== null && call.occurredAt > last.occurredAt ? call : null;
}

/** The kill switch is asked last: it costs a call. */
async function findHold(
  { actor, killSwitch, now }: GuardParts,
  surveyed: SurveyedService,
  { last }: GuardStream,
): Promise<Hold | null> {
  const hold = holdFor(actor, { ...surveyed, last }, now());
  if (hold !== null) return hold;
  const because = (await killSwitch?.heldBecause()) ?? null;
  return because === null ? null : { outcome: 'told', because };
}
