import type { EcsDeploymentConfiguration, HookStage } from '../configuration/deployment-configuration';
import type { DeploymentStage, ServiceDeployment } from '../model/service-deployment';

/**
 * One step of a deployment that shifts traffic: a stage, the traffic that its target has from then
 * on, and how long it takes.
 */
export interface ShiftStep {
  readonly stage: DeploymentStage | HookStage;
  /** Percent of the traffic; left as it is where not given. */
  readonly test?: number;
  readonly production?: number;
  readonly bakeMinutes?: number;
}

/**
 * The stages in their order, those of a traffic shift once for each of its steps. Pure.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export function planForward({ configuration, sources }: ServiceDeployment): readonly ShiftStep[] {
  return [
    ...(sources.length > 1 ? [{ stage: 'RECONCILE_SERVICE' } as const] : []),
    { stage: 'PRE_SCALE_UP' },
    { stage: 'SCALE_UP' },
    { stage: 'POST_SCALE_UP' },
    { stage: 'TEST_TRAFFIC_SHIFT', test: 100 },
    { stage: 'POST_TEST_TRAFFIC_SHIFT' },
    ...productionSteps(configuration),
    { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT' },
    { stage: 'BAKE_TIME', bakeMinutes: configuration.bakeTimeInMinutes ?? 0 },
    { stage: 'CLEAN_UP' },
  ];
}

/**
 * The way back has no stage of its own: the hooks of the shifts that took place are called again,
 * with the weights turned round. Pure.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
 */
export function planBack({ trafficWeights }: ServiceDeployment): readonly ShiftStep[] {
  return [
    ...(trafficWeights.production > 0 ? [{ stage: 'PRODUCTION_TRAFFIC_SHIFT', production: 0 } as const] : []),
    ...(trafficWeights.test > 0 ? [{ stage: 'TEST_TRAFFIC_SHIFT', test: 0 } as const] : []),
  ];
}

function productionSteps(configuration: EcsDeploymentConfiguration): ShiftStep[] {
  return shares(configuration).flatMap(({ percent, bakeMinutes }) => [
    { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', production: percent },
    { stage: 'PRODUCTION_TRAFFIC_SHIFT', production: percent, bakeMinutes },
  ]);
}

/**
 * Percent of production traffic after each step, and the time until the next: none after the last.
 */
function shares(configuration: EcsDeploymentConfiguration): { percent: number; bakeMinutes: number }[] {
  const all = { percent: 100, bakeMinutes: 0 };
  switch (configuration.strategy) {
    case 'CANARY': {
      const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = configuration.canaryConfiguration ?? {};
      return [{ percent: canaryPercent, bakeMinutes: canaryBakeTimeInMinutes }, all];
    }
    case 'LINEAR': {
      const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = configuration.linearConfiguration ?? {};
      const count = Math.ceil(100 / stepPercent) - 1;
      const steps = Array.from({ length: count }, (_, index) => ({
        percent: Math.round(stepPercent * (index + 1) * 10) / 10,
        bakeMinutes: stepBakeTimeInMinutes,
      }));
      return [...steps, all];
    }
    default:
      return [all];
  }
}
