import type { DeclaredProtection } from './configuration';
import type { FieldChange } from './effective-configuration';

/** Why each field is worth setting, by the value that it gets. */
const reasons: { readonly [field: string]: (after: unknown) => string | null } = {
  'deploymentCircuitBreaker.enable': (after) =>
    after === true ? 'without it, ECS tries to start failing tasks for as long as nobody looks' : null,
  'deploymentCircuitBreaker.rollback': (after) =>
    after === true ? 'without it, a failed deployment stays where it failed' : null,
  'deploymentCircuitBreaker.resetOnHealthyTask': (after) =>
    after === false ? 'one healthy task now and then would forgive every failure before it' : null,
  'deploymentCircuitBreaker.thresholdConfiguration': () => 'how many failed tasks end the deployment',
  'alarms.enable': (after) => (after === true ? 'tasks can run, and serve nothing but errors' : null),
  'alarms.rollback': (after) =>
    after === true ? 'without it, a raised alarm ends the deployment and leaves it where it is' : null,
  'alarms.alarmNames': () => 'what ECS watches from the start of a deployment to the end of its bake',
  bakeTimeInMinutes: (after) =>
    Number(after) > 0
      ? 'alarms are watched this long after the tasks were replaced; afterwards ECS looks away'
      : 'a deployment is over as soon as its tasks are replaced',
  strategy: (after) =>
    after === 'ROLLING'
      ? 'tasks replace each other in place'
      : 'the old tasks stay until the new ones have proven themselves',
};

/**
 * One clause on why a field is changed: what it is good for, or that the policy declares it. Pure.
 */
export function changeReason({ field, after }: FieldChange, declared: DeclaredProtection): string {
  return (
    reasons[field]?.(after) ??
    (isDeclared(field, declared) ? 'the policy declares it' : 'it goes with the strategy')
  );
}

function isDeclared(field: string, { configuration, presets, gates }: DeclaredProtection): boolean {
  const [top = ''] = field.split('.');
  if (top === 'lifecycleHooks' && gates.length > 0) return true;
  return top in configuration || (top === 'alarms' && presets.length > 0);
}
