import type { DeploymentConfiguration } from './configuration';
import { changesBetween } from './effective-configuration';
import type { ProtectionPlan } from './plan';
import type { ProtectionEvent } from './protection-events';

/** How a service differs from what the log knows of it. */
type Drift =
  | { readonly kind: 'none' }
  /** The service was never looked at, or no field that was as declared has changed. */
  | { readonly kind: 'changed' }
  /** These fields were as declared, and are not any more. */
  | { readonly kind: 'drifted'; readonly fields: readonly string[] };

/**
 * Finds what changed since the last event, null before the first. Pure. A field has drifted when it
 * was known to be what the plan wants, and is not. A declaration that changed is no drift, and
 * neither is a service that the guard has not come to yet.
 */
export function driftSince(
  last: Pick<ProtectionEvent, 'standing'> | null,
  plan: ProtectionPlan,
  observed: DeploymentConfiguration,
): Drift {
  if (last === null) return { kind: 'changed' };
  const { known, isReleased } = last.standing;
  if (changesBetween(known, observed).length === 0) return { kind: 'none' };
  const wrongBefore = new Set(changesBetween(known, plan.after).map(({ field }) => field));
  const fields = plan.changes.map(({ field }) => field).filter((field) => !wrongBefore.has(field));
  return isReleased || fields.length === 0 ? { kind: 'changed' } : { kind: 'drifted', fields };
}
