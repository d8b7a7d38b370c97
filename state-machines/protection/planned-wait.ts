import type { Policy } from '../log/policy';
import { plannedSeconds } from '../log/traffic/native-plan';
import type { DeploymentConfiguration } from './configuration';

/**
 * What to know of a policy whose deadline is shorter than what ECS itself has planned to wait in
 * each deployment, hooks that pause included; null where it is not. Pure.
 */
export function describeLongPlan(
  configuration: DeploymentConfiguration,
  { deadlineSeconds }: Pick<Policy, 'deadlineSeconds'>,
): string | null {
  const minutes = plannedSeconds({ ...configuration }) / 60 + pauseMinutes(configuration);
  if (minutes * 60 <= deadlineSeconds) return null;
  return `by its own plan ECS may wait ${minutes} minutes in a deployment, longer than deadlineSeconds (${deadlineSeconds}): Rewind leaves planned time out, so that people hear of a late deployment only after both`;
}

/** How long the declared pauses last at most. */
function pauseMinutes({ lifecycleHooks = [] }: DeploymentConfiguration): number {
  return lifecycleHooks
    .filter(({ targetType }) => targetType === 'PAUSE')
    .map(({ lifecycleStages = [], timeoutConfiguration }) => {
      return lifecycleStages.length * (timeoutConfiguration?.timeoutInMinutes ?? 0);
    })
    .reduce((sum, minutes) => sum + minutes, 0);
}
