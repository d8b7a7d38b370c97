import { z } from 'zod';
import { outcomes, rollbackActors } from '../../../../state-machines/log/decided-events';
import {
  deploymentConfigurationSchema,
  EcsError,
  parseBehaviour,
} from '../../../ecs-simulator/src/ecs-simulator';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `90s`, `10m`, `1.5h`: seconds from the story's beginning. */
const momentSchema = z
  .string({ error: 'must be a time such as 90s, 10m or 2h' })
  .regex(/^\d+(\.\d+)?[smh]$/, { error: 'must be a time such as 90s, 10m or 2h' })
  .transform((text) => Number(text.slice(0, -1)) * (unitSeconds[text.slice(-1)] ?? 1));

const revisionFields = {
  behaviour: z.string({ error: 'must be the name of a behaviour' }).default('healthy'),
  /** The behaviour's other labels, without `rewind.`. */
  with: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  healthCheck: z
    .strictObject({
      interval: z.number().optional(),
      retries: z.number().optional(),
      startPeriod: z.number().optional(),
    })
    .optional(),
};
export interface Revision {
  readonly behaviour: string;
  readonly with: Readonly<Record<string, string | number>>;
  readonly healthCheck?:
    | { interval?: number | undefined; retries?: number | undefined; startPeriod?: number | undefined }
    | undefined;
}

/** The docker labels of a revision, by which the simulator knows how it behaves. */
export function labelsOf(revision: Revision): Record<string, string> {
  const others = Object.entries(revision.with).map(([name, value]) => [`rewind.${name}`, String(value)]);
  return { 'rewind.behaviour': revision.behaviour, ...Object.fromEntries(others) };
}

function checkBehaviour(revision: Revision, issues: z.RefinementCtx): void {
  try {
    parseBehaviour(labelsOf(revision));
  } catch (error) {
    if (!(error instanceof EcsError)) throw error;
    issues.addIssue({ code: 'custom', path: ['behaviour'], message: `is not known: ${error.message}` });
  }
}

const name = z.string({ error: 'must be a name' }).regex(/^[\w-]{1,255}$/, { error: 'must be a name' });
const count = z.number({ error: 'must be a number of tasks' }).int().min(0).max(10_000);
const affected = { service: name, count: count.optional() };

const serviceSchema = z
  .strictObject({
    name,
    desiredCount: count.default(3),
    loadBalancer: z.boolean().default(false),
    healthCheckGracePeriodSeconds: z.number().int().min(0).optional(),
    deploymentConfiguration: deploymentConfigurationSchema.default({}),
    ...revisionFields,
  })
  .superRefine(checkBehaviour);

const deploymentSchema = z
  .strictObject({
    service: name,
    deploymentConfiguration: deploymentConfigurationSchema.optional(),
    ...revisionFields,
  })
  .superRefine(checkBehaviour);

/** What tests of a policy run: each becomes the first revision of its family. */
const taskDefinitionSchema = z.strictObject({ family: name, ...revisionFields }).superRefine(checkBehaviour);

const percent = z.number({ error: 'must be a percentage' }).min(0).max(100);

/** What can happen at a moment: each step has one of these keys. */
const actions = {
  deploy: deploymentSchema.optional(),
  scale: z.strictObject({ service: name, desiredCount: count }).optional(),
  /** Deregisters the task definition that the service runs, as deployment tools do. */
  deregister: z.strictObject({ service: name }).optional(),
  stop: z.strictObject({ service: name }).optional(),
  continue: z
    .strictObject({ service: name, action: z.enum(['CONTINUE', 'ROLLBACK']).default('CONTINUE') })
    .optional(),
  /** An operator takes the service back by `rewind rollback`. */
  rollback: z
    .strictObject({ service: name, to: z.string().default('stable'), reason: z.string().min(1) })
    .optional(),
  /** None of Rewind's functions runs from `away` to `back`. */
  rewind: z.enum(['away', 'back']).optional(),
  alarm: z.strictObject({ name: z.string(), state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']) }).optional(),
  /** Of all requests, whichever version answers them: something that all versions depend on. */
  errorPercent: percent.optional(),
  capacity: z.enum(['none', 'enough']).optional(),
  interruptSpot: z.strictObject(affected).optional(),
  loseHost: z.strictObject(affected).optional(),
  disconnectAgent: z.strictObject({ ...affected, seconds: z.number().min(0).default(60) }).optional(),
};
/**
 * A step's time: an instant of the story, or as soon as the service runs what Rewind has proven,
 * and nothing else moves.
 */
const times = { at: momentSchema.optional(), when: z.strictObject({ stable: name }).optional() };
const stepSchema = z.strictObject({ ...times, ...actions }).superRefine(({ at, when, ...step }, issues) => {
  const requireOne = (values: object, names: object) => {
    if (Object.values(values).filter((value) => value !== undefined).length === 1) return;
    const message = `must hold exactly one of ${Object.keys(names).join(', ')}`;
    issues.addIssue({ code: 'custom', message });
  };
  requireOne({ at, when }, times);
  requireOne(step, actions);
});
export type ScenarioStep = z.infer<typeof stepSchema>;

const alarmSchema = z.strictObject({
  name: z.string(),
  /** Raised when the memory that the service's tasks use on average goes above so many percent. */
  memory: z.strictObject({ service: name, above: z.number().min(0).max(100) }).optional(),
  periodSeconds: z.number().int().min(10).default(60),
  evaluationPeriods: z.number().int().min(1).default(2),
});
export type ScenarioAlarm = z.infer<typeof alarmSchema>;

/**
 * What has to be so at the end, of the last deployment of the first service, for the story to have
 * gone well.
 */
const endingSchema = z.strictObject({
  outcome: z.enum(outcomes),
  /** Who took the deployment back, or would have, where the policy only observes. */
  rollback: z.enum(rollbackActors).nullable().default(null),
  /** Which task definition the service has to run. */
  runs: z.string({ error: 'must be a task definition such as web:1' }).regex(/^[\w-]+:\d+$/),
  /** Whether its tasks have to be healthy: not so where nobody took a bad one back. */
  healthy: z.boolean().default(true),
  /** The calls by which Rewind changes ECS. */
  writes: z
    .array(
      z.enum(['StopServiceDeployment', 'UpdateService', 'ContinueServiceDeployment', 'RunTask', 'StopTask']),
    )
    .default([]),
});
export type StoryEnding = z.infer<typeof endingSchema>;

const probability = z.number().min(0).max(1).default(0);
const answer = z.enum(['SUCCEEDED', 'FAILED', 'IN_PROGRESS']);

/** The scenario file as it is written. */
export const scenarioSchema = z.strictObject(
  {
    about: z.string({ error: 'must say in a sentence what the story is about' }),
    minutes: z.number({ error: 'must be the length of the story in minutes' }).positive().max(43_200),
    seed: z.number().int().min(0).default(1),
    cluster: name.default('prod'),
    rewind: z.boolean({ error: 'must be true or false' }).default(false),
    /** A policy file for Rewind, in place. */
    policy: z.record(z.string(), z.unknown()).default({}),
    delivery: z
      .strictObject({
        drop: probability,
        duplicate: probability,
        delay: probability,
        delaySeconds: z.number().min(0).default(60),
        reorder: probability,
      })
      .optional(),
    /** What the functions of lifecycle hooks answer, one after the other; the last is repeated. */
    functions: z.record(z.string(), z.array(answer).min(1)).default({}),
    /** What users ask of each service behind a load balancer; nothing is counted if left out. */
    traffic: z
      .strictObject({ requestsPerSecond: z.number().min(0), errorPercent: percent.default(0) })
      .optional(),
    alarms: z.array(alarmSchema).default([]),
    taskDefinitions: z.array(taskDefinitionSchema).default([]),
    services: z.array(serviceSchema).min(1, { error: 'must hold a service' }),
    steps: z.array(stepSchema).default([]),
    ends: endingSchema.optional(),
  },
  { error: 'the file must hold about, minutes, services and steps' },
);
export type Scenario = z.infer<typeof scenarioSchema>;
/** A scenario that says how it has to end: `npm start` can play it. */
export type Story = Scenario & { readonly ends: StoryEnding };
export type ScenarioService = Scenario['services'][number];
