import * as z from 'zod';
import type { RewindEvent } from '../../../state-machines/log/events';
import {
  parseDeploymentId,
  parseServiceArn,
  parseTaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import { policySchema } from '../../policy/policy-schema';

const text = z.string();
const instant = z.int().min(0);
const textOrNull = text.nullable();
const instantOrNull = instant.nullable();
const deployment = parsedBy(parseDeploymentId);
const deploymentOrNull = deployment.nullable();
const taskDefinition = parsedBy(parseTaskDefinitionArn);
const taskDefinitionOrNull = taskDefinition.nullable();

const fact = { id: text.min(1), service: parsedBy(parseServiceArn), occurredAt: instant };
const call = { ...fact, by: textOrNull, taskDefinition: taskDefinitionOrNull, deployment: deploymentOrNull };
const stopped = z.object({
  stopCode: textOrNull,
  stoppedReason: textOrNull,
  containers: z.array(z.object({ name: text, exitCode: z.number().nullable(), reason: textOrNull })),
});
const decision = {
  ...fact,
  deployment,
  startedAt: instant,
  madeWith: z.looseObject({ reducerVersion: z.number(), policyVersion: text, eventsSeen: z.number() }),
  digest: text.optional(),
};
const outcome = z.enum([
  'succeeded',
  'rolledBack',
  'rollbackFailed',
  'superseded',
  'noSafeTarget',
  'notEnforced',
  'abandoned',
]);
const reason = z.enum([
  'TaskFailures',
  'AlarmRaised',
  'NativeFailure',
  'DeadlineElapsed',
  'TestFailed',
  'BakePassed',
  'Completed',
  'Superseded',
  'RollbackSettled',
  'Operator',
]);
const verdict = z.object({
  result: z.enum(['failed', 'passed', 'inconclusive']),
  reason,
  message: text,
  at: instant,
  eventId: text,
});

const observed = [
  event('DeploymentStarted', { ...fact, deployment, isRollback: z.boolean() }),
  event('DeploymentCompleted', { ...fact, deployment: deploymentOrNull }),
  event('DeploymentFailed', { ...fact, deployment: deploymentOrNull, reason: textOrNull }),
  event('TaskChanged', {
    ...fact,
    task: text,
    version: z.number().nullable(),
    deployment: deploymentOrNull,
    taskDefinition: taskDefinitionOrNull,
    lastStatus: text,
    createdAt: instantOrNull,
    startedAt: instantOrNull,
    stopped: stopped.nullable(),
  }),
  event('ServiceImpaired', { ...fact, eventName: text, reason: textOrNull }),
  event('ServiceCreated', call),
  event('ServiceUpdated', call),
  event('ServiceDeleted', { ...fact, by: textOrNull }),
  event('AlarmChanged', { ...fact, alarm: text, alarmName: text, state: text, previousState: textOrNull }),
  event('StackProbed', fact),
] as const;

const attempt = { ...decision, attempt: z.int().min(0) };
const alarmReadings = z.array(z.object({ alarm: text, state: text, since: instantOrNull }));
const decided = [
  event('RolloutOpened', {
    ...decision,
    taskDefinition: taskDefinitionOrNull,
    stable: taskDefinitionOrNull,
    desiredCount: z.number().nullable(),
    deploymentConfiguration: z.record(text, z.unknown()).nullable(),
    policy: policySchema.required(),
    rollbackOf: deploymentOrNull,
    alarms: alarmReadings,
  }),
  event('AlarmsChecked', { ...decision, alarms: alarmReadings }),
  event('BakeElapsed', { ...decision, isBlind: z.literal(true).optional() }),
  event('DeadlineElapsed', decision),
  event('VerdictReached', { ...decision, verdict }),
  event('RollbackRequested', {
    ...attempt,
    owner: text,
    requestedAt: instant,
    leaseUntil: instant,
    target: taskDefinition,
  }),
  event('RollbackIssued', {
    ...attempt,
    method: z.enum(['StopServiceDeployment', 'UpdateService']),
    issuedAt: instant,
    target: taskDefinition,
    rollbackDeployment: deploymentOrNull,
    requestId: textOrNull,
    carriedOver: z.array(text).optional(),
  }),
  event('RollbackRejected', { ...attempt, rejectedAt: instant, reason: text, message: text }),
  event('RollbackAdopted', {
    ...attempt,
    by: z.enum(['rewind', 'ecs', 'operator']),
    adoptedAt: instant,
    target: taskDefinitionOrNull,
    rollbackDeployment: deploymentOrNull,
  }),
  event('RolloutConcluded', { ...decision, outcome, reason, eventId: text, message: text }),
] as const;

const schema = z.discriminatedUnion('type', [...observed, ...decided]);

/** An event of our own log, as it is read from a file; the sentence is null when it is one. Fields of later versions stay: a decision's digest is over them too. */
export function parseEvent(value: unknown): { readonly event: RewindEvent } | { readonly because: string } {
  const result = schema.safeParse(value);
  // The brands cannot be said in a schema; each of their parsers has run.
  if (result.success) return { event: value as RewindEvent };
  const [issue] = result.error.issues;
  return { because: `event.${issue?.path.join('.') ?? ''} is wrong: ${issue?.message ?? 'not valid'}` };
}

function event<Type extends RewindEvent['type'], Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return z.object({ type: z.literal(type), ...shape });
}

function parsedBy(parse: (text: string) => string) {
  return z.string().superRefine((value, context) => {
    try {
      parse(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });
}
