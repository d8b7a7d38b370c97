import * as z from 'zod/mini';
import {
  outcomes,
  reasons,
  rollbackActors,
  rollbackMethods,
  verdictResults,
} from '../../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../../state-machines/log/events';
import { freezeScopes, operatorActions } from '../../../../state-machines/log/operator/operator-act';
import { holdReasons, hookActions } from '../../../../state-machines/log/traffic/gate-events';
import { recordedPolicySchema } from '../../../policy/recorded-policy-schema';
import {
  call,
  decision,
  deployment,
  fact,
  instant,
  instantOrNull,
  nullableDeployment,
  nullableTaskDefinition,
  serviceDeployment,
  taskDefinition,
  text,
  textOrNull,
} from './event-fields';
import { inEnglish } from './in-english';
import { analysisPlan, metricReadings } from './measurement-schema';
import { testSchemas } from './test-schemas';

const stopped = z.object({
  stopCode: textOrNull,
  stoppedReason: textOrNull,
  containers: z.array(z.object({ name: text, exitCode: z.nullable(z.number()), reason: textOrNull })),
});
const reason = z.enum(reasons);
const count = z.number().check(z.minimum(0));
const past = z.object({ starts: count, failedStarts: count, taskHours: count, losses: count });
const weighed = z.extend(past, { past, ratio: count, neededRatio: count });
const verdict = z.object({
  result: z.enum(verdictResults),
  reason,
  message: text,
  at: instant,
  eventId: text,
  evidence: z.optional(weighed),
  revokes: z.optional(z.object({ at: instant, eventId: text })),
});

const images = z.record(text, text);
const revisionOfTarget = { serviceRevision: z.optional(text), images: z.optional(images) };
const proven = z.object({ taskDefinition, serviceRevision: textOrNull, images: z.nullable(images) });
const wayBack = z.extend(proven, { deployment: nullableDeployment });

const gate = { ...decision, hookId: text, stage: text };
const attempt = { ...decision, attempt: z.int().check(z.minimum(0)) };
const alarmReadings = z.array(z.object({ alarm: text, state: text, since: instantOrNull }));
const schemas: { readonly [type in RewindEvent['type']]: z.ZodMiniType } = {
  DeploymentStarted: z.object({
    ...fact,
    deployment,
    isRollback: z.boolean(),
    isAfterStop: z.optional(z.literal(true)),
  }),
  DeploymentCompleted: z.object({ ...fact, deployment: nullableDeployment }),
  DeploymentFailed: z.object({ ...fact, deployment: nullableDeployment, reason: textOrNull }),
  TaskChanged: z.object({
    ...fact,
    task: text,
    version: z.nullable(z.number()),
    deployment: nullableDeployment,
    taskDefinition: nullableTaskDefinition,
    lastStatus: text,
    createdAt: instantOrNull,
    startedAt: instantOrNull,
    stopped: z.nullable(stopped),
    host: z.optional(textOrNull),
    availabilityZone: z.optional(text),
  }),
  ServiceImpaired: z.object({ ...fact, eventName: text, reason: textOrNull }),
  ServiceCreated: z.object(call),
  ServiceUpdated: z.object(call),
  ServiceDeleted: z.object({ ...fact, by: textOrNull }),
  ServiceDeploymentStopped: z.object({ ...fact, by: textOrNull, serviceDeployment, stopType: textOrNull }),
  ServiceDeploymentContinued: z.object({
    ...fact,
    by: textOrNull,
    serviceDeployment,
    hookId: textOrNull,
    action: textOrNull,
  }),
  HookChanged: z.object({
    ...fact,
    eventName: text,
    hookId: text,
    hookType: textOrNull,
    lifecycleStage: textOrNull,
    expiresAt: instantOrNull,
    serviceDeployment: z.nullable(serviceDeployment),
  }),
  StageObserved: z.object({
    ...fact,
    deployment,
    serviceDeployment,
    stage: text,
    test: z.nullable(z.number()),
    production: z.nullable(z.number()),
    hooks: z.array(z.object({ hookId: text, expiresAt: instantOrNull, timeoutAction: textOrNull })),
  }),
  AlarmChanged: z.object({
    ...fact,
    alarm: text,
    alarmName: text,
    state: text,
    previousState: textOrNull,
    wasNew: z.optional(z.literal(true)),
  }),
  OperatorActed: z.object({
    ...fact,
    action: z.enum(operatorActions),
    by: textOrNull,
    reason: textOrNull,
    claims: z.optional(z.object({ actor: z.optional(text), run: z.optional(text), url: z.optional(text) })),
    deployment: z.optional(deployment),
    taskDefinition: z.optional(taskDefinition),
    target: z.optional(taskDefinition),
    isLeftAsBad: z.optional(z.literal(true)),
    commit: z.optional(z.object({ sha: text, subject: textOrNull })),
    freezes: z.optional(z.enum(freezeScopes)),
    skipsBake: z.optional(z.literal(true)),
    test: z.optional(text),
    testResult: z.optional(z.enum(['passed', 'failed'])),
    until: z.optional(instant),
  }),
  StackProbed: z.object(fact),
  RolloutOpened: z.object({
    ...decision,
    taskDefinition: nullableTaskDefinition,
    stable: nullableTaskDefinition,
    desiredCount: z.nullable(z.number()),
    deploymentConfiguration: z.nullable(z.record(text, z.unknown())),
    policy: recordedPolicySchema,
    policyProblems: z.optional(z.array(text)),
    hasFailedBefore: z.optional(z.literal(true)),
    wayBack: z.optional(wayBack),
    ...revisionOfTarget,
    trafficShiftSeconds: z.optional(z.number().check(z.minimum(0))),
    standingTasks: z.optional(z.int().check(z.minimum(0))),
    rollbackOf: nullableDeployment,
    isGoingBack: z.optional(z.literal(true)),
    alarms: alarmReadings,
    alarmHistory: z.optional(
      z.array(z.object({ alarm: text, state: text, raises: z.array(instant), raisedUntil: instantOrNull })),
    ),
    isUnseen: z.optional(z.literal(true)),
  }),
  AnalysisPlanned: z.object({ ...decision, plan: analysisPlan }),
  MeasurementTaken: z.object({ ...decision, until: instant, readings: metricReadings }),
  AlarmsChecked: z.object({ ...decision, alarms: alarmReadings }),
  BakeElapsed: z.object({ ...decision, isBlind: z.optional(z.literal(true)) }),
  DeadlineElapsed: z.object(decision),
  StallElapsed: z.object(decision),
  HoldElapsed: z.object(decision),
  SightLost: z.object({ ...decision, since: instant, because: text }),
  VerdictPostponed: z.object({ ...decision, raisedBy: text, reason: text, until: instant }),
  SuspicionLifted: z.object(decision),
  VerdictReached: z.object({ ...decision, verdict }),
  PassRevoked: z.object({ ...decision, verdict }),
  RollbackRequested: z.object({
    ...attempt,
    owner: text,
    requestedAt: instant,
    leaseUntil: instant,
    target: taskDefinition,
    ...revisionOfTarget,
    byCopy: z.optional(z.literal(true)),
  }),
  RollbackIssued: z.object({
    ...attempt,
    method: z.enum(rollbackMethods),
    issuedAt: instant,
    target: taskDefinition,
    rollbackDeployment: nullableDeployment,
    requestId: textOrNull,
    carriedOver: z.optional(z.array(text)),
    ...revisionOfTarget,
    copy: z.optional(taskDefinition),
  }),
  RollbackRejected: z.object({ ...attempt, rejectedAt: instant, reason: text, message: text }),
  RollbackAdopted: z.object({
    ...attempt,
    by: z.enum(rollbackActors),
    adoptedAt: instant,
    target: nullableTaskDefinition,
    ...revisionOfTarget,
    rollbackDeployment: nullableDeployment,
  }),
  GateHeld: z.object({
    ...gate,
    reason: z.enum(holdReasons),
    missing: z.array(text),
    expiresAt: instantOrNull,
  }),
  GateDecided: z.object({
    ...gate,
    step: z.nullable(z.int()),
    answer: z.enum(hookActions),
    because: text,
    judgements: z.array(text),
  }),
  GateAnswered: z.object({ ...gate, answeredAt: instant, requestId: textOrNull }),
  GateOvertaken: z.object({ ...gate, found: textOrNull }),
  ...testSchemas,
  RolloutConcluded: z.object({
    ...decision,
    outcome: z.enum(outcomes),
    reason,
    eventId: text,
    message: text,
    proven: z.optional(proven),
    untoldAttemptAt: z.optional(instant),
  }),
};

/**
 * An event of our own log, as a file holds it, or a sentence on what is wrong with it. Fields of
 * later versions stay: the digest of a decision covers them too.
 */
export function parseEvent(value: unknown): { readonly event: RewindEvent } | { readonly because: string } {
  const { type } = Object(value) as { readonly type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type)) {
    return {
      because: `event.type is wrong: ${type === undefined ? 'it is missing' : 'no event is called so'}`,
    };
  }
  const result = schemas[type as RewindEvent['type']].safeParse(value, inEnglish);
  // The brands cannot be said in a schema; each of their parsers has run.
  if (result.success) return { event: value as RewindEvent };
  const [issue] = result.error.issues;
  return { because: `event.${issue?.path.join('.') ?? ''} is wrong: ${issue?.message ?? 'not valid'}` };
}
