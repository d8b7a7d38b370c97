import * as z from 'zod/mini';
import {
  certainCauseRules,
  failureRules,
  type Policy,
  rollbackBudgetAtMost,
} from '../../state-machines/log/policy';
import { failureClasses } from '../../state-machines/log/stopped-task';
import { analysisSchema } from './analysis/analysis-schema';
import { gatesSchema } from './gates-schema';
import { numberFrom, wholeNumberFrom } from './number-fields';
import { testsSchema } from './tests-schema';

const day = 86_400;

export function wholeNumber(least: number) {
  const error = `must be a whole number of at least ${least}`;
  return z.int({ error }).check(z.minimum(least, { error }));
}

/** Texts of which none is empty. */
export function namesList(what: string) {
  const error = `must be a list of ${what}`;
  return z.array(z.string({ error }).check(z.minLength(1, { error })), { error });
}

const exitCodeError = 'must be an exit code from 0 to 255';
const exitCode = z
  .int({ error: exitCodeError })
  .check(z.minimum(0, { error: exitCodeError }), z.maximum(255, { error: exitCodeError }));

/** What each key of a policy can be. */
export const policyFields = {
  mode: z.enum(['enforce', 'observe'], { error: 'must be enforce or observe' }),
  failureRule: z.enum(failureRules, { error: 'must be percent or evidence' }),
  evidenceRatio: numberFrom(1, 1_000_000),
  certainCauses: z.enum(certainCauseRules, { error: 'must be fail or wait' }),
  failurePercent: numberFrom(0, 100),
  minimumFailures: wholeNumber(1),
  // ECS itself gives a service deployment 30 days at most: a later deadline would never come.
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
  deadlineSeconds: numberFrom(1, 30 * day),
  stallSeconds: numberFrom(1, 30 * day),
  // A rollout is kept live for its bake, and the budget of rollbacks counts 24 hours: a longer bake
  // would outlive it.
  bakeSeconds: numberFrom(0, day),
  probationSeconds: numberFrom(0, day),
  alarms: namesList('alarm names or ARNs'),
  onInconclusive: z.enum(['notify', 'rollback', 'pass'], { error: 'must be notify, rollback or pass' }),
  rollbackBudget: wholeNumberFrom(0, rollbackBudgetAtMost),
  provenBy: z.enum(['bake', 'completion'], { error: 'must be bake or completion' }),
  restoreByCopy: z.boolean({ error: 'must be true or false' }),
  gates: z.nullable(gatesSchema),
  tests: testsSchema,
  normalExitCodes: z.array(exitCode, { error: 'must be a list of exit codes' }),
  failureClasses: z.array(z.enum(failureClasses, { error: `must be of ${failureClasses.join(', ')}` }), {
    error: 'must be a list of classes of stopped tasks',
  }),
  analysis: analysisSchema,
} satisfies { readonly [key in keyof Policy]: z.ZodMiniType };

/** The keys of a policy, each with the values it can take. */
export const policySchema = z.partial(
  z.strictObject(policyFields, { error: 'must hold the keys of a policy' }),
);

/** Any part of a policy: what a section of the policy file sets. */
export type PolicyPart = z.output<typeof policySchema>;
