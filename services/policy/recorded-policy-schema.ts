import * as z from 'zod/mini';
import type { LaterKey } from '../../state-machines/log/policy';
import { policyFields, wholeNumber } from './policy-schema';

/** As the log holds it. Later versions may know more. */
const recordedAnalysisSchema = z.looseObject({
  lagSeconds: z.number(),
  falseAlarmPercent: z.number(),
  missRatePercent: z.number(),
  onInconclusive: z.string(),
  metrics: z.array(z.looseObject({ name: z.string() })),
});

/**
 * A policy as the log holds it: older ones lack the later keys, and knew no largest budget.
 */
const recordedFields = {
  ...policyFields,
  rollbackBudget: wholeNumber(0),
  probationSeconds: z.nullable(policyFields.probationSeconds),
  analysis: z.nullable(recordedAnalysisSchema),
};
export const recordedPolicySchema = z.partial(z.object(recordedFields), {
  failureRule: true,
  evidenceRatio: true,
  certainCauses: true,
  stallSeconds: true,
  probationSeconds: true,
  provenBy: true,
  restoreByCopy: true,
  gates: true,
  tests: true,
  normalExitCodes: true,
  failureClasses: true,
  analysis: true,
} satisfies { readonly [key in LaterKey]: true });
