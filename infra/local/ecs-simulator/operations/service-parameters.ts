import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  contradictionIn,
  type DeploymentConfiguration,
  deploymentConfigurationSchema,
} from '../deployment-configuration';
import { EcsError } from '../ecs-error';
import type { World } from '../world';

/** A change of these starts a deployment: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
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

/** What CreateService and UpdateService have in common. A null is taken for a parameter that was not given. */
export const serviceParameterSchemas = {
  cluster: z.string().optional(),
  desiredCount: z.number().int().min(0).max(10_000).optional(),
  deploymentConfiguration: deploymentConfigurationSchema.optional(),
  deploymentController: z.looseObject({ type: z.string() }).optional(),
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

/** Whether any of the given values differs from what there is. */
export function differs(existing: Given, changes: Given): boolean {
  return Object.entries(changes).some(([name, value]) => !isDeepStrictEqual(existing[name], value));
}

/** Refuses what the simulator would otherwise only pretend to do; throws UnsupportedFeatureException. */
export function refuseUnsupported(input: {
  readonly schedulingStrategy?: string | undefined;
  readonly deploymentController?: { readonly type: string } | undefined;
}): void {
  const { schedulingStrategy = 'REPLICA', deploymentController } = input;
  const controller = deploymentController?.type ?? 'ECS';
  if (schedulingStrategy !== 'REPLICA') refuse(`the scheduling strategy ${schedulingStrategy}`);
  if (controller !== 'ECS') refuse(`the deployment controller ${controller}`);
}

/** Refuses a configuration that ECS would refuse for the service as it would then be. */
export function refuseImpossible(
  world: World,
  configuration: DeploymentConfiguration,
  parameters: Given,
): void {
  const contradiction = contradictionIn(configuration) ?? trafficProblem(configuration, parameters);
  if (contradiction !== null) {
    throw new EcsError('InvalidParameterException', `Invalid deploymentConfiguration: ${contradiction}.`);
  }
  const callsFunctions = (configuration.lifecycleHooks ?? []).some(
    (hook) => hook.targetType === 'AWS_LAMBDA',
  );
  if (callsFunctions && !world.lambda.isAvailable)
    refuse('Lambda hooks where it was told of nothing that runs them');
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html */
function trafficProblem({ strategy = 'ROLLING' }: DeploymentConfiguration, parameters: Given): string | null {
  if (strategy === 'ROLLING') return null;
  const {
    loadBalancers = [],
    serviceConnectConfiguration,
    vpcLatticeConfigurations,
  } = parameters as {
    loadBalancers?: readonly { advancedConfiguration?: object }[];
    serviceConnectConfiguration?: object;
    vpcLatticeConfigurations?: object;
  };
  if (loadBalancers.some(({ advancedConfiguration }) => advancedConfiguration === undefined))
    return `advancedConfiguration is required on every load balancer for the ${strategy} strategy`;
  return loadBalancers.length > 0 || serviceConnectConfiguration || vpcLatticeConfigurations
    ? null
    : `the ${strategy} strategy needs a load balancer, Service Connect or VPC Lattice`;
}

function refuse(what: string): never {
  throw new EcsError('UnsupportedFeatureException', `This simulator does not support ${what}.`);
}

function given(input: Given, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  );
}
