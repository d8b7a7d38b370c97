import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { deploymentConfigurationSchema } from '../../configuration/deployment-configuration';
import { EcsError } from '../../foundation/ecs-error';
import { type DeploymentController, deploymentControllers } from '../../model/service';
import type { ConfiguredService } from './configuration-rules';

/**
 * A change of these starts a deployment:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const revisionParameterSchemas = {
  networkConfiguration: z.looseObject({}).optional(),
  platformVersion: z.string().optional(),
  loadBalancers: z.array(z.looseObject({})).optional(),
  serviceRegistries: z.array(z.looseObject({})).optional(),
  serviceConnectConfiguration: z.looseObject({}).optional(),
  volumeConfigurations: z.array(z.looseObject({})).optional(),
  vpcLatticeConfigurations: z.array(z.looseObject({})).optional(),
};

/** A change of these starts none: same page. */
const otherParameterSchemas = {
  availabilityZoneRebalancing: z.string().optional(),
  capacityProviderStrategy: z.array(z.looseObject({})).optional(),
  enableECSManagedTags: z.boolean().optional(),
  enableExecuteCommand: z.boolean().optional(),
  healthCheckGracePeriodSeconds: z.number().int().min(0).optional(),
  placementConstraints: z.array(z.looseObject({})).optional(),
  placementStrategy: z.array(z.looseObject({})).optional(),
  propagateTags: z.string().optional(),
};

/**
 * What CreateService and UpdateService have in common. A null is taken for a parameter that was not
 * given.
 */
export const serviceParameterSchemas = {
  cluster: z.string().optional(),
  desiredCount: z.number().int().min(0).max(10_000).optional(),
  deploymentConfiguration: deploymentConfigurationSchema.optional(),
  deploymentController: z.looseObject({ type: z.enum(deploymentControllers) }).optional(),
  ...revisionParameterSchemas,
  ...otherParameterSchemas,
};

type Given = Readonly<Record<string, unknown>>;

export function revisionParametersIn(input: Given): Record<string, unknown> {
  return given(input, Object.keys(revisionParameterSchemas));
}

export function otherParametersIn(input: Given): Record<string, unknown> {
  return given(input, Object.keys(otherParameterSchemas));
}

/** The names of the given values that differ from what there is. */
export function differing(existing: Given, changes: Given): string[] {
  return Object.keys(changes).filter((name) => !isDeepStrictEqual(existing[name], changes[name]));
}

/**
 * Refuses what the simulator would otherwise only pretend to do; throws
 * UnsupportedFeatureException.
 */
export function refuseUnsupported(input: {
  readonly schedulingStrategy?: string | undefined;
  readonly deploymentController?: { readonly type: DeploymentController } | undefined;
}): void {
  const { schedulingStrategy = 'REPLICA', deploymentController } = input;
  if (schedulingStrategy === 'REPLICA') return;
  const controller = deploymentController?.type ?? 'ECS';
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-deployment-strategy-updates.html
  const message =
    controller === 'ECS'
      ? `This simulator does not support the scheduling strategy ${schedulingStrategy}.`
      : `The ${controller} deployment controller type is not supported for services using the ${schedulingStrategy} scheduling strategy.`;
  throw new EcsError(
    controller === 'ECS' ? 'UnsupportedFeatureException' : 'InvalidParameterException',
    message,
  );
}

/**
 * What the rules about a deployment configuration need of the parameters that belong to a service
 * revision.
 */
export function trafficOf(parameters: Given): Pick<ConfiguredService, 'loadBalancers' | 'hasOtherTraffic'> {
  const { loadBalancers = [], serviceConnectConfiguration, vpcLatticeConfigurations } = parameters;
  return {
    loadBalancers: loadBalancers as ConfiguredService['loadBalancers'],
    hasOtherTraffic: serviceConnectConfiguration !== undefined || vpcLatticeConfigurations !== undefined,
  };
}

function given(input: Given, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  );
}
