import { invariant } from '../../state-machines/log/foundation/invariant';
import { sortedJson } from '../../state-machines/log/foundation/json';
import { changesBetween, parametersToChange } from '../../state-machines/protection/effective-configuration';
import type { ProtectionPlan } from '../../state-machines/protection/plan';
import type { ProtectionActor } from '../../state-machines/protection/protection-events';
import { refusalOf } from '../aws/ecs/ecs';
import { type GuardStream, SomebodyElseWroteError } from './guard-stream';
import { confirmSurvey } from './retry-on-conflict';
import type { SurveyedService, SurveyParts } from './survey';

interface ApplyParts extends Pick<SurveyParts, 'protections' | 'alarms'> {
  readonly actor: ProtectionActor;
}

interface ApplyResult {
  readonly outcome: 'applied' | 'failed';
  readonly because: string | null;
}

/**
 * Changes a service as its plan says: confirm, record the intent, put the alarms, update the
 * service, record the result. Throws SomebodyElseWroteError, and what the log throws.
 */
export async function applyPlan(
  parts: ApplyParts,
  surveyed: SurveyedService,
  stream: GuardStream,
): Promise<ApplyResult> {
  const { plan, observed, service } = surveyed;
  const by = parts.actor;
  const before = observed.configuration;
  try {
    await confirmSurvey(parts, surveyed);
    await requestOnce(parts, surveyed, stream);
    for (const { alarm } of plan.alarms) await parts.alarms.put(alarm, service);
    // CloudWatch may have let the alarms wait: time enough for a rollout to start.
    if (plan.alarms.length > 0) await confirmSurvey(parts, surveyed);
    const updated = await updateService(parts, plan);
    const alarms = await removeUnusedAlarms(parts, plan, stream);
    const { requestId, configuration } = updated ?? { requestId: null, configuration: before };
    await stream.append({ type: 'ProtectionApplied', by, before, after: configuration, requestId, alarms });
    return { outcome: 'applied', because: null };
  } catch (error) {
    if (error instanceof SomebodyElseWroteError) throw error;
    const { name: reason, message } = error as Error;
    const { after } = plan;
    // The log records only what is final; anything else is tried again at the next survey.
    if (isFinalRefusal(error)) {
      await stream.append({ type: 'ProtectionRejected', by, after, reason, message });
    }
    return { outcome: 'failed', because: `${reason}: ${message}` };
  }
}

/**
 * Records the intent before the first write. An attempt that got no answer is not recorded again.
 */
async function requestOnce(
  { actor: by }: ApplyParts,
  { plan, observed }: SurveyedService,
  stream: GuardStream,
): Promise<void> {
  const { last } = stream;
  const { after } = plan;
  if (last?.type === 'ProtectionRequested' && sortedJson(last.after) === sortedJson(after)) return;
  const alarms = plan.alarms.map(({ alarm }) => alarm.name);
  await stream.append({ type: 'ProtectionRequested', by, before: observed.configuration, after, alarms });
}

/** Answers null where only alarms had to change. */
async function updateService({ protections }: ApplyParts, plan: ProtectionPlan) {
  const { service, before, after, changes } = plan;
  if (changes.length === 0) return null;
  const updated = await protections.update(service, parametersToChange(before, after));
  // ECS fills in what nobody gave, as the other half of a canary: there `after` is null.
  const differing = changesBetween(updated.configuration, after).filter((change) => change.after !== null);
  const fields = differing.map(({ field }) => field);
  invariant(
    fields.length === 0,
    `ECS took the call, and shows other values than it was given: ${fields.join(', ')}`,
  );
  return updated;
}

/** Removes the guard's alarms that ECS no longer watches; answers with those that remain. */
async function removeUnusedAlarms(
  parts: ApplyParts,
  plan: ProtectionPlan,
  { last }: GuardStream,
): Promise<readonly string[]> {
  const watched = new Set(plan.after.alarms?.alarmNames);
  const made = last?.standing.alarms ?? [];
  await parts.alarms.remove(made.filter((name) => !watched.has(name)));
  return made.filter((name) => watched.has(name));
}

/**
 * CloudWatch has error names of its own.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html
 */
function isFinalRefusal(error: unknown): boolean {
  const name = error instanceof Error ? error.name : '';
  return refusalOf(error) === 'terminal' || name === 'AccessDenied' || name === 'LimitExceededFault';
}
