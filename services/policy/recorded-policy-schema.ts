import * as z from 'zod';
import type { LaterKey } from '../../state-machines/log/policy';
import { policyFields, wholeNumber } from './policy-schema';

/**
 * A policy as the log holds it: older ones lack the later keys, and knew no largest budget.
 */
const recordedFields = {
  ...policyFields,
  rollbackBudget: wholeNumber(0),
  probationSeconds: policyFields.probationSeconds.nullable(),
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
