import * as z from 'zod';
import {
  type Outcome,
  outcomes,
  reasons,
  rollbackActors,
  rollbackMethods,
  verdictResults,
} from '../../state-machines/log/decided-events';
import { causeKinds, failureClasses, otherClasses } from '../../state-machines/log/stopped-task';
import { holdReasons, hookActions } from '../../state-machines/log/traffic/gate-events';
import { postponementReasons } from '../../state-machines/rollout/weighing/suspicion';

// docs/schemas has the same as JSON schemas, generated from here.
const time = z.iso.datetime({ precision: 3 }).describe('UTC, with milliseconds');
const taskDefinition = z.string().describe('ARN of a task definition');
const deployment = z.string().describe('ecs-svc/…; ECS re-uses it when it goes back to it');
const count = z.int().nonnegative();

const rolloutSchema = z.strictObject({
  deployment,
  startedAt: time.describe('with the deployment it identifies the rollout'),
  taskDefinition: taskDefinition.nullable(),
  rollbackOf: deployment
    .nullable()
    .describe('the deployment that this rollout takes back, if it is a rollback'),
  mode: z.enum(['enforce', 'observe']).nullable().describe('in observe mode Rewind writes nothing to ECS'),
});

const firstFailureSchema = z.strictObject({
  task: z.string(),
  class: z.enum(failureClasses),
  cause: z
    .enum(causeKinds)
    .optional()
    .describe('no further try mends it, or one may; absent where nothing says either'),
  container: z.string().nullable().describe('the container to look at first'),
  exitCode: z.int().nullable().describe('how that container ended, if it ever ran'),
  reason: z.string().describe('what ECS said of the task and its containers'),
});

const evidenceSchema = z.strictObject({
  started: count,
  ran: count,
  failed: count,
  byClass: z.partialRecord(z.enum([...failureClasses, ...otherClasses]), count).describe('stopped tasks'),
  firstFailures: z.array(firstFailureSchema).max(3),
});

const common = {
  id: z.string().describe('the same whenever this is delivered again: drop what you have seen'),
  service: z.string().describe('ARN of the service'),
  cluster: z.string(),
  serviceName: z.string(),
  rollout: rolloutSchema,
  evidence: evidenceSchema.nullable().describe('null when the log no longer tells'),
  decidedAt: time,
  digest: z
    .string()
    .nullable()
    .describe('of the decision as the log holds it: kept outside, it shows whether that was changed since'),
  subject: z.string().max(99),
  message: z.string().describe('for people'),
  console: z.url().describe('the service in the AWS console'),
};

const verdict = z.strictObject({
  result: z.enum(verdictResults),
  reason: z.enum(reasons),
  message: z.string(),
  at: time,
  revokes: time.optional().describe('when the rollout had passed, where the verdict revokes that pass'),
});
const rejection = z.strictObject({ reason: z.string(), message: z.string(), at: time });
const conclusion = z.strictObject({
  outcome: z.enum(outcomes),
  reason: z.enum(reasons),
  message: z.string(),
});
const actor = z.enum(rollbackActors);
const target = taskDefinition.nullable().describe('what the service goes back to');

const revision = {
  serviceRevision: z.string().nullable().describe('ARN of the service revision that it goes back to'),
  images: z
    .record(z.string(), z.string())
    .nullable()
    .describe('the digests that run there, by container, where ECS tells them'),
};

/** The outcomes of a rollout that Rewind took back. */
const settledOutcomes = ['rolledBack', 'rollbackFailed'] as const satisfies readonly Outcome[];
export type SettledOutcome = (typeof settledOutcomes)[number];

/** The detail types, with the schema of each one's detail. */
export const detailSchemas = {
  'Rewind Verdict Reached': z.strictObject({ ...common, verdict, target }),
  'Rewind Rollout Overdue': z.strictObject({
    ...common,
    overdue: z.strictObject({
      at: time.describe('when its deadline passed, or the day after the last time it was told'),
      deadlineSeconds: z.number(),
      plannedSeconds: z.number().describe('what ECS itself has planned to wait, which no deadline counts'),
      running: count.describe('tasks that run'),
      impairments: z
        .record(z.string(), count)
        .describe('service actions by which ECS reported trouble, for instance with placement'),
      hooks: z.array(z.string()).describe('ids of the hooks that wait for an answer'),
      nextAt: time.describe('when it is told again, unless the rollout is complete or judged by then'),
    }),
  }),
  'Rewind Sight Lost': z.strictObject({
    ...common,
    silence: z.strictObject({
      since: time.describe('when AWS first gave no answer'),
      because: z.string().describe('what kept Rewind from looking, the last time it tried'),
      at: time.describe('an hour later'),
    }),
  }),
  'Rewind Verdict Postponed': z.strictObject({
    ...common,
    postponement: z.strictObject({
      because: z.string().describe(`what else may be to blame: ${postponementReasons.join(', ')}`),
      since: time.describe('when the evidence was enough'),
      until: time.describe('when the verdict falls at the latest, unless the tasks recover'),
      ratio: z.number().nullable().describe('how many times likelier the evidence is if the release is bad'),
      neededRatio: z.number().nullable(),
    }),
  }),
  'Rewind Suspicion Lifted': z.strictObject({
    ...common,
    lifting: z.strictObject({ at: time.describe('when no more spoke against the release') }),
  }),
  'Rewind Gate Held': z.strictObject({
    ...common,
    gate: z.strictObject({
      hookId: z.string(),
      stage: z.string(),
      reason: z.enum(holdReasons),
      missing: z.array(z.string()).describe('what keeps Rewind from answering, a sentence each'),
      at: time,
      expiresAt: time.nullable().describe('when ECS itself ends the wait'),
      commands: z.strictObject({ continue: z.string(), rollback: z.string() }).describe('what answers it'),
    }),
  }),
  'Rewind Gate Answered': z.strictObject({
    ...common,
    gate: z.strictObject({
      hookId: z.string(),
      stage: z.string(),
      answer: z.enum(hookActions),
      requestId: z.string().nullable(),
      at: time,
    }),
  }),
  'Rewind Gate Overtaken': z.strictObject({
    ...common,
    gate: z.strictObject({
      hookId: z.string(),
      stage: z.string(),
      found: z.string().nullable().describe('what ECS told of its end, such as HOOK_TIMED_OUT'),
      at: time,
    }),
  }),
  'Rewind Rollback Issued': z.strictObject({
    ...common,
    rollback: z.strictObject({
      method: z.enum(rollbackMethods),
      target: taskDefinition,
      ...revision,
      deployment: deployment.nullable(),
      requestId: z.string().nullable(),
      at: time,
    }),
  }),
  'Rewind Rollback Adopted': z.strictObject({
    ...common,
    rollback: z.strictObject({ by: actor, target, ...revision, deployment: deployment.nullable(), at: time }),
  }),
  'Rewind Rollback Rejected': z.strictObject({ ...common, rejection }),
  'Rewind Service Frozen': z.strictObject({ ...common, rejection }),
  'Rewind Rollback Settled': z.strictObject({
    ...common,
    conclusion: conclusion.extend({ outcome: z.enum(settledOutcomes) }),
    rollback: z.strictObject({
      by: actor.nullable(),
      target,
      ...revision,
      deployment: deployment.nullable(),
    }),
  }),
  'Rewind No Safe Target': z.strictObject({ ...common, conclusion }),
  'Rewind Rollout Concluded': z.strictObject({ ...common, conclusion }),
};

const { rollout: _rollout, evidence: _evidence, digest: _digest, ...commonOfProtection } = common;

/** The detail types of the guard, which concern a service and none of its rollouts. */
export const protectionSchemas = {
  'Rewind Protection Drifted': z.strictObject({
    ...commonOfProtection,
    drift: z.strictObject({
      changes: z.array(
        z.strictObject({
          field: z.string().describe('from deploymentConfiguration down'),
          expected: z.json(),
          observed: z.json(),
        }),
      ),
      by: z.string().nullable().describe('ARN of the caller, where CloudTrail told of the call'),
      at: time.nullable(),
      policy: z.enum(['mend', 'tell']),
    }),
  }),
  'Rewind Protection Rejected': z.strictObject({ ...commonOfProtection, rejection }),
};

export type ProtectionDetailType = keyof typeof protectionSchemas;
export type ProtectionDetail<Type extends ProtectionDetailType> = z.infer<(typeof protectionSchemas)[Type]>;

/** Every detail type that Rewind puts on the bus. */
export const everySchema = { ...detailSchemas, ...protectionSchemas };

export type DetailType = keyof typeof detailSchemas;
export type Detail<Type extends DetailType> = z.infer<(typeof detailSchemas)[Type]>;
/** What the details of all decisions have. */
export type CommonDetail = z.infer<z.ZodObject<typeof common>>;

/**
 * The JSON schema (draft 2020-12) of a detail type's detail, for others to rely on. It is open,
 * since fields may be added; tests hold announcements to the closed schema here.
 */
export function jsonSchemaOf(detailType: keyof typeof everySchema): object {
  const schema = z.toJSONSchema(everySchema[detailType], {
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return { title: detailType, ...schema };
}

/** `Rewind No Safe Target` is documented in `rewind-no-safe-target.json`. */
export function schemaFileOf(detailType: keyof typeof everySchema): string {
  return `${detailType.toLowerCase().replaceAll(' ', '-')}.json`;
}
