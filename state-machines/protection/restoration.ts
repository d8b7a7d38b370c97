import type { DeploymentConfiguration } from './configuration';
import { changesBetween, type FieldChange } from './effective-configuration';
import type { ProtectionEvent } from './protection-events';

/** What takes a service back to what it had before the guard first wrote to it. */
export interface Restoration {
  readonly after: DeploymentConfiguration;
  readonly changes: readonly FieldChange[];
  /** The alarms that the guard made, which are removed. */
  readonly alarms: readonly string[];
}

/**
 * What an undo does after the last event; null where the guard has written nothing to undo. Pure.
 */
export function restorationAfter(
  last: ProtectionEvent | null,
  observed: DeploymentConfiguration,
): Restoration | null {
  if (last === null) return null;
  const { original, alarms } = last.standing;
  // Alarms are made first: they exist even where ECS refused the rest.
  if (original === null && alarms.length === 0) return null;
  const after = original === null ? observed : withBakeTime(original, observed);
  return { after, changes: changesBetween(observed, after), alarms };
}

/**
 * A bake time cannot be removed, only set to 0: ECS then no longer works one out from the alarms.
 */
function withBakeTime(
  original: DeploymentConfiguration,
  observed: DeploymentConfiguration,
): DeploymentConfiguration {
  return observed.bakeTimeInMinutes === undefined ? original : { bakeTimeInMinutes: 0, ...original };
}
