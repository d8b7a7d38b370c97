import { z } from 'zod';
import { parseServiceArn } from '../../../../state-machines/identifiers';
import { findService, requireCluster, requireService } from '../cluster';
import { type DeploymentConfiguration, defaultDeploymentConfiguration } from '../deployment-configuration';
import { EcsError } from '../ecs-error';
import { callerArn } from '../notifications/api-call-notification';
import { primaryOf, type Service } from '../service';
import { currentServiceDeployment, setStatus } from '../service-deployment';
import { requireActiveTaskDefinition, type TaskDefinition } from '../task-definition';
import { arnOf } from '../world';
import { addTags, findEach, type Outcome, type Request, read, tagsOf, tagsSchema, write } from './operation';
import { pageOf, pagingFields } from './paging';
import {
  differs,
  otherParametersIn,
  refuseImpossible,
  refuseUnsupported,
  revisionParametersIn,
  serviceParameterSchemas,
} from './service-parameters';
import { serviceView } from './service-view';

const creationSchema = z.looseObject({
  ...serviceParameterSchemas,
  serviceName: z.string().regex(/^[\w-]{1,255}$/),
  taskDefinition: z.string(),
  desiredCount: z.number().int().min(0).max(10_000),
  launchType: z.string().optional(),
  schedulingStrategy: z.string().optional(),
  tags: tagsSchema.optional(),
});
const updateSchema = z.looseObject({
  ...serviceParameterSchemas,
  service: z.string(),
  taskDefinition: z.string().optional(),
  forceNewDeployment: z.boolean().optional(),
});

export const serviceOperations = {
  CreateService: write(creationSchema, (request) => {
    const { world, scheduler, input } = request;
    refuseUnsupported(input);
    const cluster = requireCluster(world, input.cluster);
    refuseTakenName(cluster.services.get(input.serviceName));
    const taskDefinition = requireActiveTaskDefinition(world, input.taskDefinition);
    refuseImpossible(world, configurationIn(input), revisionParametersIn(input));
    const service = createService(request);
    addTags(world, service.arn, input.tags);
    scheduler.startRollout(service, taskDefinition);
    return { output: { service: serviceView(service) }, resource: service.arn };
  }),

  UpdateService: write(updateSchema, update),

  DeleteService: write(
    z.looseObject({ cluster: z.string().optional(), service: z.string(), force: z.boolean().default(false) }),
    ({ world, scheduler, input }) => {
      const service = requireService(requireCluster(world, input.cluster), input.service);
      if (service.status === 'INACTIVE') throw new EcsError('ServiceNotFoundException', 'Service not found.');
      if (service.desiredCount > 0 && !input.force) {
        const message = 'The service cannot be stopped while it is scaled above 0.';
        throw new EcsError('InvalidParameterException', message);
      }
      const hadEffect = service.status === 'ACTIVE';
      service.status = 'DRAINING';
      service.desiredCount = 0;
      const underWay = currentServiceDeployment(service);
      if (underWay !== null)
        setStatus(world, underWay, { status: 'STOPPED', reason: 'The service was deleted.' });
      scheduler.wake(service);
      return { output: { service: serviceView(service) }, resource: service.arn, hadEffect };
    },
  ),

  DescribeServices: read(
    z.looseObject({
      cluster: z.string().optional(),
      services: z.array(z.string()).min(1).max(10, 'Services cannot have more than 10 elements'),
      include: z.array(z.string()).default([]),
    }),
    ({ world, input }) => {
      const cluster = requireCluster(world, input.cluster);
      const { found, failures } = findEach(input.services, {
        find: (reference) => findService(cluster, reference),
        arnOfMissing: (name) => arnOf(world, `service/${cluster.name}/${name}`),
      });
      const services = found.map((service) => ({
        ...serviceView(service),
        tags: input.include.includes('TAGS') ? tagsOf(world, service.arn) : undefined,
      }));
      return { services, failures };
    },
  ),

  ListServices: read(
    z.looseObject({ cluster: z.string().optional(), launchType: z.string().optional(), ...pagingFields }),
    ({ world, input }) => {
      const arns = [...requireCluster(world, input.cluster).services.values()]
        .filter(({ status }) => status !== 'INACTIVE')
        .filter(({ launchType }) => input.launchType === undefined || launchType === input.launchType)
        .map(({ arn }) => arn);
      const { items, nextToken } = pageOf(arns, input, 10);
      return { serviceArns: items, nextToken };
    },
  ),
};

function refuseTakenName(existing: Service | undefined): void {
  if (existing?.status === 'DRAINING') {
    throw new EcsError('InvalidParameterException', 'Unable to Start a service that is still Draining.');
  }
  if (existing?.status === 'ACTIVE') {
    throw new EcsError('InvalidParameterException', 'Creation of service was not idempotent.');
  }
}

function configurationIn({
  deploymentConfiguration,
}: z.infer<typeof creationSchema>): DeploymentConfiguration {
  return { ...defaultDeploymentConfiguration, ...deploymentConfiguration };
}

function createService({ world, input, caller }: Request<z.infer<typeof creationSchema>>): Service {
  const cluster = requireCluster(world, input.cluster);
  const service: Service = {
    arn: parseServiceArn(arnOf(world, `service/${cluster.name}/${input.serviceName}`)),
    name: input.serviceName,
    cluster,
    createdAt: world.clock.now(),
    createdBy: callerArn(world, caller.accessKeyId),
    launchType: input.launchType ?? 'FARGATE',
    status: 'ACTIVE',
    desiredCount: input.desiredCount,
    deploymentConfiguration: configurationIn(input),
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

function update({ world, scheduler, input }: Request<z.infer<typeof updateSchema>>): Outcome {
  const service = requireService(requireCluster(world, input.cluster), input.service);
  if (service.status !== 'ACTIVE') {
    throw new EcsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  }
  refuseUnsupported(input);
  refuseImpossible(
    world,
    { ...service.deploymentConfiguration, ...input.deploymentConfiguration },
    { ...service.revisionParameters, ...revisionParametersIn(input) },
  );
  const running = primaryOf(service).revision.taskDefinition;
  const wanted =
    input.taskDefinition === undefined ? running : requireActiveTaskDefinition(world, input.taskDefinition);
  const startsRollout =
    wanted !== running ||
    input.forceNewDeployment === true ||
    differs(service.revisionParameters, revisionParametersIn(input));
  if (startsRollout) refuseSixthDeployment(service);
  const hasChanged = applyParameters(service, input);
  startOrWake({ scheduler, service, wanted, startsRollout });
  return {
    output: { service: serviceView(service) },
    resource: service.arn,
    hadEffect: startsRollout || hasChanged,
  };
}

function startOrWake(rollout: {
  scheduler: Request<unknown>['scheduler'];
  service: Service;
  wanted: TaskDefinition;
  startsRollout: boolean;
}): void {
  if (rollout.startsRollout) rollout.scheduler.startRollout(rollout.service, rollout.wanted);
  else rollout.scheduler.wake(rollout.service);
}

/** Applies what a call gives, whether it starts a deployment or not, and says whether anything is other than before. */
function applyParameters(service: Service, input: z.infer<typeof updateSchema>): boolean {
  const { desiredCount = service.desiredCount, deploymentConfiguration = {} } = input;
  const others = otherParametersIn(input);
  const hasChanged =
    desiredCount !== service.desiredCount ||
    differs(service.deploymentConfiguration, deploymentConfiguration) ||
    differs(service.otherParameters, others);
  service.desiredCount = desiredCount;
  service.deploymentConfiguration = { ...service.deploymentConfiguration, ...deploymentConfiguration };
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
