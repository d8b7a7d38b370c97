import { z } from 'zod';
import { addTags, type OperationOutcome, type OperationRequest, tagsSchema } from '../../api/operation';
import {
  defaultDeploymentConfiguration,
  type EcsDeploymentConfiguration,
  mergeConfiguration,
} from '../../configuration/deployment-configuration';
import { callerArn, ecsArn } from '../../foundation/arn';
import { EcsError } from '../../foundation/ecs-error';
import { requireCluster } from '../../model/cluster';
import type { DeploymentController, Service } from '../../model/service';
import { requireActiveTaskDefinition, type TaskDefinition } from '../../model/task-definition';
import type { World } from '../../model/world';
import { refuseImpossible } from './configuration-rules';
import {
  otherParametersIn,
  refuseUnsupported,
  revisionParametersIn,
  serviceParameterSchemas,
  trafficOf,
} from './service-parameters';
import { serviceView } from './service-view';

export const creationSchema = z.looseObject({
  ...serviceParameterSchemas,
  serviceName: z.string().regex(/^[\w-]{1,255}$/),
  taskDefinition: z.string().optional(),
  launchType: z.string().optional(),
  schedulingStrategy: z.string().optional(),
  tags: tagsSchema.optional(),
});
type Creation = OperationRequest<z.infer<typeof creationSchema>>;

/** CreateService. Under EXTERNAL, no task runs: task sets are not simulated. */
export function create(request: Creation): OperationOutcome {
  const { world, scheduler, input } = request;
  refuseUnsupported(input);
  const cluster = requireCluster(world, input.cluster);
  refuseTakenName(cluster.services.get(input.serviceName));
  const controller = input.deploymentController?.type ?? 'ECS';
  if (input.desiredCount === undefined && controller !== 'EXTERNAL')
    throw new EcsError('InvalidParameterException', 'desiredCount cannot be empty.');
  const taskDefinition = taskDefinitionFor(world, controller, input.taskDefinition);
  const { deploymentConfiguration: given = {} } = input;
  const configuration = configurationIn(controller, given);
  refuseImpossible(world, { controller, given, configuration, ...trafficOf(revisionParametersIn(input)) });
  const service = createService(request, { controller, configuration });
  addTags(world, service.arn, input.tags);
  if (taskDefinition !== null) scheduler.startRollout(service, taskDefinition);
  return { output: { service: serviceView(service) }, resource: service.arn };
}

function refuseTakenName(existing: Service | undefined): void {
  if (existing?.status === 'DRAINING') {
    throw new EcsError('InvalidParameterException', 'Unable to Start a service that is still Draining.');
  }
  if (existing?.status === 'ACTIVE') {
    throw new EcsError('InvalidParameterException', 'Creation of service was not idempotent.');
  }
}

/**
 * https://github.com/terraform-aws-modules/terraform-aws-ecs/issues/278,
 * https://github.com/hashicorp/terraform-provider-aws/issues/27428
 */
function taskDefinitionFor(
  world: World,
  controller: DeploymentController,
  reference: string | undefined,
): TaskDefinition | null {
  if (controller !== 'EXTERNAL') {
    if (reference !== undefined) return requireActiveTaskDefinition(world, reference);
    throw new EcsError('InvalidParameterException', 'TaskDefinition can not be blank.');
  }
  if (reference === undefined) return null;
  throw new EcsError('InvalidParameterException', 'TaskDefinition must be blank');
}

function configurationIn(
  controller: DeploymentController,
  given: EcsDeploymentConfiguration,
): EcsDeploymentConfiguration {
  const { maximumPercent, minimumHealthyPercent } = defaultDeploymentConfiguration;
  const defaults =
    controller === 'ECS' ? defaultDeploymentConfiguration : { maximumPercent, minimumHealthyPercent };
  return mergeConfiguration(defaults, given);
}

function createService(
  { world, input, caller }: Creation,
  {
    controller,
    configuration,
  }: { controller: DeploymentController; configuration: EcsDeploymentConfiguration },
): Service {
  const cluster = requireCluster(world, input.cluster);
  const service: Service = {
    arn: ecsArn(world, `service/${cluster.name}/${input.serviceName}`),
    name: input.serviceName,
    cluster,
    createdAt: world.clock.now(),
    createdBy: callerArn(world, caller.accessKeyId),
    launchType: input.launchType ?? 'FARGATE',
    deploymentController: controller,
    status: 'ACTIVE',
    desiredCount: input.desiredCount ?? 0,
    deploymentConfiguration: configuration,
    revisionParameters: revisionParametersIn(input),
    otherParameters: otherParametersIn(input),
    deployments: [],
    lastCompleted: null,
    serviceDeployments: [],
    messages: [],
    knownProblem: null,
    unhealthyTasks: 0,
    nextPass: null,
    steadyState: null,
  };
  cluster.services.set(service.name, service);
  return service;
}
