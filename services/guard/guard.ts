import type { ServiceArn } from '../../state-machines/log/identifiers';
import { formatInstant, type Instant, secondsAfter } from '../../state-machines/log/instant';
import { invariant } from '../../state-machines/log/invariant';
import { newsIn } from '../../state-machines/protection/drift';
import {
  canonical,
  changesBetween,
  parametersToChange,
} from '../../state-machines/protection/effective-configuration';
import type { ProtectionPlan } from '../../state-machines/protection/plan';
import type { ProtectionActor } from '../../state-machines/protection/protection-events';
import { refusalOf } from '../aws/ecs/ecs';
import type { KillSwitch } from '../aws/kill-switch';
import type { ProtectionLog, RecordedCall } from '../event-log/protection-log';
import { confirmAsSurveyed, undisturbed } from './fresh-look';
import { GuardStream, SomebodyElseWroteError } from './guard-stream';
import { type Surveyed, type SurveyParts, survey, type Unsurveyed } from './survey';

export interface GuardParts extends SurveyParts {
  readonly log: ProtectionLog;
  readonly now: () => Instant;
  /** Who asks for it: the guard by itself keeps to the mode, to `drift: tell` and off what was undone; a person may do all that. */
  readonly actor: ProtectionActor;
  /** Asked before the guard changes a service by itself; null for a person, who means it. */
  readonly killSwitch: KillSwitch | null;
  /** The call that woke it, which the log may not hold yet; null where none did. */
  readonly call: RecordedCall | null;
}

/** What became of one service. */
export interface Guarded {
  readonly service: ServiceArn;
  readonly outcome:
    | Exclude<ProtectionPlan['verdict'], 'change'>
    /** Changed as planned. */
    | 'applied'
    /** Not changed, because the guard is only to tell; `because` says of what. */
    | 'told'
    /** Undone by a person, and left alone since. */
    | 'released'
    /** ECS or CloudWatch refused, or could not be asked. */
    | 'failed';
  readonly because: string | null;
  /** How many fields and alarms were changed, or would be. */
  readonly changes: number;
  /** The fields that somebody had changed since the guard last looked. */
  readonly drifted: readonly string[];
  /** By when a rollout that is in the way is over, one way or the other; null when none is. */
  readonly returnsAt: Instant | null;
}

const daySeconds = 86_400;

/**
 * Brings services to what is declared of them, one after another; idempotent, and safe to run by any number at once. Writes nothing to
 * a service that is right, starts no deployment, and goes on after one that fails. Throws what the log throws.
 */
export async function* guard(
  parts: GuardParts,
  services: AsyncIterable<ServiceArn> | Iterable<ServiceArn>,
): AsyncIterable<Guarded> {
  for await (const surveyed of survey(parts, services)) yield await guardOne(parts, surveyed);
}

async function guardOne(parts: GuardParts, first: Surveyed | Unsurveyed): Promise<Guarded> {
  const { service } = first;
  const act = (surveyed: Surveyed) => reconcile(parts, surveyed);
  return undisturbed(parts, first, { service, act, fail: (error) => failed(service, error) });
}

async function reconcile(parts: GuardParts, surveyed: Surveyed): Promise<Guarded> {
  const { plan, service } = surveyed;
  const changes = plan.changes.length + plan.alarms.length;
  const guarded = { service, changes, because: plan.because, drifted: [], returnsAt: null };
  if (plan.verdict === 'undeclared' || plan.verdict === 'unguardable') {
    return { ...guarded, outcome: plan.verdict };
  }
  const stream = new GuardStream(parts, surveyed);
  const drifted = await recordNews(parts, surveyed, stream);
  if (plan.verdict === 'busy') {
    const returnsAt = endOfRollout(surveyed);
    return { ...guarded, outcome: 'busy', drifted, returnsAt };
  }
  if (plan.verdict !== 'change') return { ...guarded, outcome: plan.verdict, drifted };
  const held =
    reasonToHold(parts, surveyed, stream) ?? refusedBefore(parts, plan, stream) ?? (await heldBy(parts));
  if (held !== null) return { ...guarded, ...held, drifted };
  return { ...guarded, ...(await apply(parts, surveyed, stream)), drifted };
}

/** Records what the look shows that the log did not know; answers with the fields that had drifted. */
async function recordNews(
  parts: GuardParts,
  { plan, observed, declared, last }: Surveyed,
  stream: GuardStream,
): Promise<readonly string[]> {
  const { configuration } = observed;
  const news = newsIn(last, plan, configuration);
  if (news.kind === 'none') return [];
  if (news.kind === 'changed') {
    const wrong = new Set(plan.changes.map(({ field }) => field));
    const drifted = (last?.standing.drifted ?? []).filter((field) => wrong.has(field));
    await stream.append({ type: 'ProtectionObserved', configuration, drifted });
    return [];
  }
  const call = callSince(stream, parts.call ?? (await parts.log.lastCall(plan.service)));
  await stream.append({
    type: 'ProtectionDrifted',
    fields: news.fields,
    expected: plan.after,
    observed: configuration,
    changedBy: call?.by ?? null,
    changedAt: call?.occurredAt ?? null,
    drift: declared.drift,
  });
  return news.fields;
}

/** A call from before the guard looked last, its own for one, did not undo what it saw then. */
function callSince({ last }: GuardStream, call: RecordedCall | null): RecordedCall | null {
  return call !== null && last !== null && call.occurredAt > last.occurredAt ? call : null;
}

/** Why the guard does not change a service though it could; null when it does. */
function reasonToHold(
  { actor }: GuardParts,
  { policy, declared }: Surveyed,
  { last }: GuardStream,
): Pick<Guarded, 'outcome' | 'because'> | null {
  if (actor === 'operator') return null;
  if (last?.standing.isReleased === true) {
    return { outcome: 'released', because: 'it was undone, and stays so until somebody applies it again' };
  }
  if (policy.mode === 'observe') return { outcome: 'told', because: 'its policy only observes' };
  if (declared.drift === 'tell' && last !== null && last.standing.drifted.length > 0) {
    return { outcome: 'told', because: 'somebody changed it, and its policy has that told, not mended' };
  }
  return null;
}

async function heldBy({ killSwitch }: GuardParts): Promise<Pick<Guarded, 'outcome' | 'because'> | null> {
  const because = (await killSwitch?.heldBecause()) ?? null;
  return because === null ? null : { outcome: 'told', because };
}

/** What was refused for good is not asked for again every few minutes: permissions may come, but seldom within a day. */
function refusedBefore(
  { actor, now }: GuardParts,
  { after }: ProtectionPlan,
  { last }: GuardStream,
): Pick<Guarded, 'outcome' | 'because'> | null {
  if (actor === 'operator' || last?.type !== 'ProtectionRejected') return null;
  if (canonical(last.after) !== canonical(after)) return null;
  if (now() >= secondsAfter(last.occurredAt, daySeconds)) return null;
  const because = `it was refused at ${formatInstant(last.occurredAt)}, and is tried again after a day: ${last.message}`;
  return { outcome: 'failed', because };
}

async function apply(
  parts: GuardParts,
  surveyed: Surveyed,
  stream: GuardStream,
): Promise<Pick<Guarded, 'outcome' | 'because'>> {
  const { plan, observed, service } = surveyed;
  const by = parts.actor;
  const before = observed.configuration;
  try {
    await confirmAsSurveyed(parts, surveyed);
    await request(parts, surveyed, stream);
    for (const { alarm } of plan.alarms) await parts.alarms.put(alarm, service);
    if (plan.alarms.length > 0) await confirmAsSurveyed(parts, surveyed);
    const updated = await update(parts, plan);
    const alarms = await keptAlarms(parts, plan, stream);
    const { requestId, configuration } = updated ?? { requestId: null, configuration: before };
    await stream.append({ type: 'ProtectionApplied', by, before, after: configuration, requestId, alarms });
    return { outcome: 'applied', because: null };
  } catch (error) {
    if (error instanceof SomebodyElseWroteError) throw error;
    const { name: reason, message } = error as Error;
    const { after } = plan;
    // What may pass is tried again at the next look; the log keeps what is final.
    if (isFinal(error)) await stream.append({ type: 'ProtectionRejected', by, after, reason, message });
    return { outcome: 'failed', because: `${reason}: ${message}` };
  }
}

/** Recorded before the first write, once for an attempt. */
async function request({ actor: by }: GuardParts, { plan, observed }: Surveyed, stream: GuardStream) {
  if (isRequested(stream, plan)) return;
  const { configuration: before } = observed;
  const alarms = plan.alarms.map(({ alarm }) => alarm.name);
  await stream.append({ type: 'ProtectionRequested', by, before, after: plan.after, alarms });
}

/** The guard's alarms of the service; those that no preset asks for any more go, now that ECS has let go of them. */
async function keptAlarms(
  parts: GuardParts,
  plan: ProtectionPlan,
  { last }: GuardStream,
): Promise<readonly string[]> {
  const wanted = new Set(plan.after.alarms?.alarmNames);
  const made = last?.standing.alarms ?? [];
  await parts.alarms.remove(made.filter((name) => !wanted.has(name)));
  return made.filter((name) => wanted.has(name));
}

/** An attempt that came to no answer is the same one still. */
function isRequested({ last }: GuardStream, { after }: ProtectionPlan): boolean {
  return last?.type === 'ProtectionRequested' && canonical(last.after) === canonical(after);
}

/** CloudWatch has names of its own: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html */
function isFinal(error: unknown): boolean {
  const name = error instanceof Error ? error.name : '';
  return refusalOf(error) === 'terminal' || name === 'AccessDenied' || name === 'LimitExceededFault';
}

/** Null where only alarms were to be changed. */
async function update({ protections }: GuardParts, { service, before, after, changes }: ProtectionPlan) {
  if (changes.length === 0) return null;
  const updated = await protections.update(service, parametersToChange(before, after));
  // What nobody gave, as half of a canary, ECS fills in.
  const differing = changesBetween(updated.configuration, after).filter((change) => change.after !== null);
  const left = differing.map(({ field }) => field);
  invariant(
    left.length === 0,
    `ECS took the call, and shows other values than it was given: ${left.join(', ')}`,
  );
  return updated;
}

/** By when the rollout that is under way is over: Rewind gives it no longer. Null when none is. */
export function endOfRollout({ observed, policy }: Surveyed): Instant | null {
  return observed.rollout === null ? null : secondsAfter(observed.rollout.since, policy.deadlineSeconds);
}

function failed(service: ServiceArn, { name, message }: Error): Guarded {
  return {
    service,
    outcome: 'failed',
    because: `${name}: ${message}`,
    changes: 0,
    drifted: [],
    returnsAt: null,
  };
}
