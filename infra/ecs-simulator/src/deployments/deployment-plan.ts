import type { Service } from '../model/service';
import { isStaged, type ServiceDeployment } from '../model/service-deployment';
import { planRolling, planStaged, type RollingPlan } from './rolling-plan';
import { isCleaningUpEarly } from './rollout-completion';

/**
 * Which tasks a service starts and stops next, by what its service deployment is about; null where
 * none is under way. Pure.
 */
export function planDeployment(service: Service, serviceDeployment: ServiceDeployment | null): RollingPlan {
  if (serviceDeployment === null || !isStaged(serviceDeployment)) {
    return planRolling(service, { removesOld: isCleaningUpEarly(service) });
  }
  const { status, lifecycleStage, isShiftingBack } = serviceDeployment;
  if (isShiftingBack) return { ...planRolling(service), stop: [] };
  const isForward = status === 'IN_PROGRESS' && lifecycleStage !== 'CLEAN_UP';
  return isForward ? planStaged(service, lifecycleStage) : planRolling(service);
}
