import type { DeploymentConfiguration } from './configuration';
import { changesBetween } from './effective-configuration';
import type { ProtectionPlan } from './plan';
import type { ProtectionEvent } from './protection-events';

/** What a look at a service shows beside what the log knows of it. */
export type News =
  | { readonly kind: 'none' }
  /**
   * It was never looked at, or differs from what was known in nothing that had been as declared.
   */
  | { readonly kind: 'changed' }
  /** These fields had been as declared, and are not any more. */
  | { readonly kind: 'drifted'; readonly fields: readonly string[] };

/**
 * Tells drift from news. Pure. A field has drifted where it was known to be what the plan wants,
 * and is not: a declaration that changed, or a service that the guard has not come to yet, is no
 * drift.
 */
export function newsIn(
  last: ProtectionEvent | null,
  plan: ProtectionPlan,
  observed: DeploymentConfiguration,
): News {
  if (last === null) return { kind: 'changed' };
  const { known, isReleased } = last.standing;
  const changed = changesBetween(known, observed).map(({ field }) => field);
  if (changed.length === 0) return { kind: 'none' };
  const stillWrong = new Set(changesBetween(known, plan.after).map(({ field }) => field));
  const fields = plan.changes.map(({ field }) => field).filter((field) => !stillWrong.has(field));
  return isReleased || fields.length === 0 ? { kind: 'changed' } : { kind: 'drifted', fields };
}

/**
 * What takes a service back to what it had. Pure. A bake time cannot be taken away again, only set
 * to nothing: ECS then no longer works one out from the alarms.
 */
export function restored(
  original: DeploymentConfiguration,
  observed: DeploymentConfiguration,
): DeploymentConfiguration {
  return observed.bakeTimeInMinutes === undefined ? original : { bakeTimeInMinutes: 0, ...original };
}
