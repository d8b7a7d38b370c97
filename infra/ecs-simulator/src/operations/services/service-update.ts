import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { OperationOutcome, OperationRequest } from '../../api/operation';
import {
  type EcsDeploymentConfiguration,
  mergeConfiguration,
} from '../../configuration/deployment-configuration';
import { EcsError } from '../../foundation/ecs-error';
import { requireCluster, requireService } from '../../model/cluster';
import type { Service } from '../../model/service';
import {
  findTaskDefinition,
  requireActiveTaskDefinition,
  type TaskDefinition,
} from '../../model/task-definition';
import type { World } from '../../model/world';
import { refuseImpossible } from './configuration-rules';
import { refuseForController } from './controller-rules';
import {
  differing,
  otherParametersIn,
  refuseUnsupported,
  revisionParametersIn,
  serviceParameterSchemas,
  trafficOf,
} from './service-parameters';
import { serviceView } from './service-view';

export const updateSchema = z.looseObject({
  ...serviceParameterSchemas,
  service: z.string(),
  taskDefinition: z.string().optional(),
  forceNewDeployment: z.boolean().optional(),
});
type Input = z.infer<typeof updateSchema>;

/**
 * UpdateService. It starts a deployment where a parameter of the service revision differs from what
 * the service has, and none for anything else, its deployment configuration included:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export function update({ world, scheduler, input }: OperationRequest<Input>): OperationOutcome {
  const service = requireService(requireCluster(world, input.cluster), input.service);
  if (service.status !== 'ACTIVE') {
    throw new EcsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  }
  refuseUnsupported(input);
  const { wanted, startsRollout } = rolloutIn(world, service, input);
  const { deploymentConfiguration: given = {} } = input;
  const configuration = mergeConfiguration(service.deploymentConfiguration, given);
  refuseImpossible(world, {
    controller: service.deploymentController,
    given,
    configuration,
    ...trafficOf({ ...service.revisionParameters, ...revisionParametersIn(input) }),
  });
  if (startsRollout) refuseSixthDeployment(service);
  const hasChanged = applyParameters(service, input, configuration);
  if (startsRollout && wanted !== null) scheduler.startRollout(service, wanted);
  else scheduler.wake(service);
  return {
    output: { service: serviceView(service) },
    resource: service.arn,
    hadEffect: startsRollout || hasChanged,
  };
}

/**
 * What the service is to run, and whether that takes a deployment; throws what the service's
 * controller forbids.
 */
function rolloutIn(
  world: World,
  service: Service,
  input: Input,
): { wanted: TaskDefinition | null; startsRollout: boolean } {
  const running = service.deployments[0]?.revision.taskDefinition ?? null;
  const { taskDefinition: reference, deploymentController, forceNewDeployment = false } = input;
  refuseOtherController(service, deploymentController);
  const parameters = differing(service.revisionParameters, revisionParametersIn(input));
  refuseForController(service.deploymentController, {
    taskDefinition: reference !== undefined && findTaskDefinition(world, reference) !== running,
    forceNewDeployment,
    parameters,
    deploymentConfiguration: input.deploymentConfiguration !== undefined,
  });
  const wanted = reference === undefined ? running : requireActiveTaskDefinition(world, reference);
  return { wanted, startsRollout: wanted !== running || forceNewDeployment || parameters.length > 0 };
}

function refuseOtherController(service: Service, given: Input['deploymentController']): void {
  if (given === undefined || given.type === service.deploymentController) return;
  const message = `This simulator does not support a change from the deployment controller ${service.deploymentController} to ${given.type}.`;
  throw new EcsError('UnsupportedFeatureException', message);
}

/**
 * Applies what a call gives, whether it starts a deployment or not, and says whether anything is
 * other than before.
 */
function applyParameters(service: Service, input: Input, configuration: EcsDeploymentConfiguration): boolean {
  const { desiredCount = service.desiredCount } = input;
  const others = otherParametersIn(input);
  const hasChanged =
    desiredCount !== service.desiredCount ||
    !isDeepStrictEqual(service.deploymentConfiguration, configuration) ||
    differing(service.otherParameters, others).length > 0;
  service.desiredCount = desiredCount;
  service.deploymentConfiguration = configuration;
  service.otherParameters = { ...service.otherParameters, ...others };
  service.revisionParameters = { ...service.revisionParameters, ...revisionParametersIn(input) };
  return hasChanged;
}

/** Not documented, but met: https://github.com/aws/containers-roadmap/issues/2836 */
function refuseSixthDeployment(service: Service): void {
  if (service.deployments.length < 5) return;
  const message = '5 active deployments exist, unable to create new deployment.';
  throw new EcsError('InvalidParameterException', message);
}
