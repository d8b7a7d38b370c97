import type { EcsDeploymentConfiguration } from '../../configuration/deployment-configuration';
import { EcsError } from '../../foundation/ecs-error';
import type { DeploymentController } from '../../model/service';
import type { World } from '../../model/world';
import { loadBalancerRefusal, type ServiceLoadBalancer } from './load-balancer-rules';

/** A service as an update would leave it, and the part of its configuration that the call gives. */
export interface ConfiguredService {
  readonly controller: DeploymentController;
  readonly given: EcsDeploymentConfiguration;
  readonly configuration: EcsDeploymentConfiguration;
  readonly loadBalancers: readonly ServiceLoadBalancer[];
  readonly hasOtherTraffic: boolean;
}

/**
 * Refuses a configuration that ECS would refuse for the service as it would then be; throws
 * InvalidParameterException.
 */
export function refuseImpossible(world: World, service: ConfiguredService): void {
  const { strategy = 'ROLLING' } = service.configuration;
  const refusal =
    controllerRefusal(service) ??
    strategyRefusal(service) ??
    hooksRefusal(service) ??
    loadBalancerRefusal(service.loadBalancers, { strategy, hasOtherTraffic: service.hasOtherTraffic }) ??
    percentRefusal(service);
  if (refusal !== null) throw new EcsError('InvalidParameterException', refusal);
  const hooks = service.configuration.lifecycleHooks ?? [];
  if (hooks.some(({ targetType }) => targetType === 'AWS_LAMBDA') && !world.lambda.isAvailable) {
    const message =
      'This simulator does not support Lambda hooks where it was told of nothing that runs them.';
    throw new EcsError('UnsupportedFeatureException', message);
  }
}

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-deployment-strategy-updates.html
 */
function controllerRefusal({ controller, given }: ConfiguredService): string | null {
  if (controller === 'ECS') return null;
  const ofEcsOnly = (feature: string) =>
    `${feature} feature is only supported with ECS deployment controller. Update to ECS deployment controller and try again.`;
  // AccountAlarms are refused even where they are given to be switched off:
  // https://github.com/aws/aws-cdk/issues/26307
  if (given.alarms !== undefined) return ofEcsOnly('Alarm based rollback');
  if (given.deploymentCircuitBreaker?.enable) return ofEcsOnly('Deployment circuit breaker');
  if ((given.strategy ?? 'ROLLING') !== 'ROLLING')
    return `The ${given.strategy} deployment strategy is only supported with ECS deployment controller.`;
  return null;
}

function strategyRefusal({ given, configuration }: ConfiguredService): string | null {
  const { strategy = 'ROLLING' } = configuration;
  if (given.canaryConfiguration && strategy !== 'CANARY')
    return 'Canary configuration can only be present with CANARY deployment strategy';
  if (given.linearConfiguration && strategy !== 'LINEAR')
    return 'Linear configuration can only be present with LINEAR deployment strategy';
  if (strategy === 'BLUE_GREEN' && configuration.bakeTimeInMinutes === undefined)
    return 'bakeTimeInMinutes is required with BLUE_GREEN deployment strategy';
  if (strategy === 'ROLLING' && (given.lifecycleHooks ?? []).length > 0)
    return 'Lifecycle hooks cannot be present with ROLLING deployment strategy';
  if (given.earlySuccessCriteria?.enable && strategy !== 'ROLLING')
    return 'Early success criteria can only be present with ROLLING deployment strategy';
  return null;
}

const hooksOfATypeAtMost = 10;
const lambdaMinutesAtMost = 1440;

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html and
 * pause-lifecycle-hooks.html
 */
function hooksRefusal({ given }: ConfiguredService): string | null {
  const hooks = given.lifecycleHooks ?? [];
  const lambdas = hooks.filter(({ targetType }) => targetType === 'AWS_LAMBDA');
  if (Math.max(lambdas.length, hooks.length - lambdas.length) > hooksOfATypeAtMost)
    return `A service has at most ${hooksOfATypeAtMost} deployment lifecycle hooks of a target type`;
  const minutes = lambdas.map(({ timeoutConfiguration }) => timeoutConfiguration?.timeoutInMinutes ?? 0);
  if (Math.max(0, ...minutes) > lambdaMinutesAtMost)
    return `timeoutInMinutes of an AWS_LAMBDA hook is at most ${lambdaMinutesAtMost}`;
  return null;
}

function percentRefusal({ configuration }: ConfiguredService): string | null {
  const { minimumHealthyPercent = 100, maximumPercent = 200, earlySuccessCriteria } = configuration;
  const { strategy = 'ROLLING' } = configuration;
  if (strategy === 'ROLLING' && minimumHealthyPercent === 100 && maximumPercent === 100)
    return 'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.';
  if (earlySuccessCriteria?.enable && (earlySuccessCriteria.healthyPercent ?? 0) < minimumHealthyPercent)
    return 'healthyPercent of earlySuccessCriteria must be at least minimumHealthyPercent';
  return null;
}
