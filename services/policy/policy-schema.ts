import * as z from 'zod';
import {
  certainCauseRules,
  failureRules,
  type LaterKey,
  type Policy,
  rollbackBudgetAtMost,
} from '../../state-machines/log/policy';
import { failureClasses } from '../../state-machines/log/stopped-task';
import { nativeSchema } from './native-schema';

const day = 86_400;

function numberWithin(least: number, most: number) {
  const error = `must be a number from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

function wholeNumber(least: number) {
  const error = `must be a whole number of at least ${least}`;
  return z.int({ error }).min(least, { error });
}

function wholeNumberWithin(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function namesList(what: string) {
  const error = `must be a list of ${what}`;
  return z.array(z.string({ error }).min(1, { error }), { error });
}

const exitCodeError = 'must be an exit code from 0 to 255';
const exitCode = z
  .int({ error: exitCodeError })
  .min(0, { error: exitCodeError })
  .max(255, { error: exitCodeError });

const fields = {
  mode: z.enum(['enforce', 'observe'], { error: 'must be enforce or observe' }),
  failureRule: z.enum(failureRules, { error: 'must be percent or evidence' }),
  evidenceRatio: numberWithin(1, 1_000_000),
  certainCauses: z.enum(certainCauseRules, { error: 'must be fail or wait' }),
  failurePercent: numberWithin(0, 100),
  minimumFailures: wholeNumber(1),
  // ECS itself gives a service deployment 30 days at most: a later deadline would never come.
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
  deadlineSeconds: numberWithin(1, 30 * day),
  stallSeconds: numberWithin(1, 30 * day),
  // A rollout is kept live for its bake, and the budget of rollbacks counts 24 hours: a longer bake
  // would outlive it.
  bakeSeconds: numberWithin(0, day),
  probationSeconds: numberWithin(0, day),
  alarms: namesList('alarm names or ARNs'),
  onInconclusive: z.enum(['notify', 'rollback', 'pass'], { error: 'must be notify, rollback or pass' }),
  rollbackBudget: wholeNumberWithin(0, rollbackBudgetAtMost),
  provenBy: z.enum(['bake', 'completion'], { error: 'must be bake or completion' }),
  restoreByCopy: z.boolean({ error: 'must be true or false' }),
  normalExitCodes: z.array(exitCode, { error: 'must be a list of exit codes' }),
  failureClasses: z.array(z.enum(failureClasses, { error: `must be of ${failureClasses.join(', ')}` }), {
    error: 'must be a list of classes of stopped tasks',
  }),
} satisfies { readonly [key in keyof Policy]: z.ZodType };

/** The keys of a policy, each with the values it can take. */
export const policySchema = z.strictObject(fields, { error: 'must hold the keys of a policy' }).partial();

/** Any part of a policy: what a section of the policy file sets. */
export type PolicyPart = z.output<typeof policySchema>;

const glob = z.string({ error: 'must be a glob over cluster/service' }).min(1, {
  error: 'must be a glob over cluster/service',
});

/**
 * Another account, or other regions of the own one, whose notifications are forwarded to this
 * Rewind.
 */
const accountSchema = z.strictObject(
  {
    role: z
      .string({ error: 'must be the ARN of a role' })
      .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/, { error: 'must be the ARN of a role' })
      .optional(),
    externalId: z.string({ error: 'must be a text' }).min(2, { error: 'must be a text' }).optional(),
    regions: namesList('regions').min(1, { error: 'must name at least one region' }),
  },
  { error: 'must hold regions, and role' },
);

/** How the services of an account are reached. */
export type Account = z.output<typeof accountSchema>;

const accountsSchema = z
  .record(z.string(), accountSchema, { error: 'must hold accounts by their ids' })
  .superRefine((accounts, context) => {
    for (const [id, { role }] of Object.entries(accounts)) {
      if (!/^\d{12}$/.test(id))
        context.addIssue({
          code: 'custom',
          path: [id],
          message: 'must be an account id of twelve digits, in quotes',
        });
      // A role of somewhere else would watch one account and act in another.
      else if (role !== undefined && role.split(':')[4] !== id)
        context.addIssue({ code: 'custom', path: [id, 'role'], message: `must be a role of account ${id}` });
    }
  });
/**
 * What `defaults` and an entry of `services` may set: the keys of a policy, and what is wanted of
 * ECS's own protection.
 */
const settings = { ...policySchema.shape, native: nativeSchema.optional() };

const taggableKeys = z.array(policySchema.keyof(), { error: 'must be a list of keys of a policy' });

/** The policy file as it is written. */
export const policyFileSchema = z.strictObject(
  {
    manage: namesList('globs over cluster/service').optional(),
    defaults: z.strictObject(settings, { error: 'must hold the keys of a policy' }).optional(),
    services: z
      .array(
        z.strictObject({ match: glob, ...settings }, { error: 'must hold match and the keys of a policy' }),
        {
          error: 'must be a list of entries with match',
        },
      )
      .optional(),
    accounts: accountsSchema.optional(),
    tags: taggableKeys.optional(),
  },
  { error: 'the file must hold the keys manage, defaults, services, accounts or tags' },
);

/** What stands in a policy file that is none the worse for it. */
export type PolicyContent = z.output<typeof policyFileSchema>;

/**
 * A policy as the log holds it: older ones lack the later keys, and knew no largest budget.
 */
const recordedFields = {
  ...fields,
  rollbackBudget: wholeNumber(0),
  probationSeconds: fields.probationSeconds.nullable(),
};
export const recordedPolicySchema = z.object(recordedFields).partial({
  failureRule: true,
  evidenceRatio: true,
  certainCauses: true,
  stallSeconds: true,
  probationSeconds: true,
  provenBy: true,
  restoreByCopy: true,
  normalExitCodes: true,
  failureClasses: true,
} satisfies { readonly [key in LaterKey]: true });
