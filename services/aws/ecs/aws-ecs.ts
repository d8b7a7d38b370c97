import {
  ClientException,
  ClusterNotFoundException,
  type Deployment,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type Service,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  parseDeploymentId,
  parseTaskDefinitionArn,
  partsOfService,
  type ServiceArn,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';
import type { ObservedDeployment, ObservedService } from '../../../state-machines/log/observed-service';
import { describedFacts } from './described-events';
import type { Ecs, Observation, ObservationRequest } from './ecs';
import { awsInventory } from './inventory';
import { parametersLeftBehind } from './revision-parameters';
import {
  controllerOf,
  describeServiceDeployments,
  noServiceDeployments,
  rollbackIn,
} from './service-deployments';
import { copyOf } from './task-definition-copy';
import { answerOrLook } from './waiting-hooks';

/** Amazon ECS, through the SDK. */
export function awsEcs(client: ECSClient): Ecs {
  return {
    observe: (service, question) => observeService(client, service, question),
    async facts(service) {
      const described = await describeService(client, service);
      return described?.status === 'ACTIVE' ? describedFacts(awsInventory(client), described) : [];
    },
    async primaryOf(service) {
      const { deployments = [] } = (await describeService(client, service)) ?? {};
      const primary = deployments.find(({ status }) => status === 'PRIMARY');
      return primary?.id === undefined ? null : parseDeploymentId(primary.id);
    },
    parametersLeftBehind: (service, wayBack) => parametersLeftBehind(client, service, wayBack),
    copyOf: (request) => copyOf(client, request),
    async stopServiceDeployment(serviceDeploymentArn) {
      const command = new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' });
      const { $metadata } = await client.send(command);
      // ECS accepts it for one that goes back or is superseded already, and does not say so.
      const rollback = await rollbackIn(client, serviceDeploymentArn);
      return { requestId: $metadata.requestId ?? null, isOnRequest: rollback?.isByEcs === false };
    },
    answerHook: (hook) => answerOrLook(client, hook),
    async updateService(service, { target, parameters, isForced }) {
      const { cluster, name } = partsOfService(service);
      const command = new UpdateServiceCommand({
        cluster,
        service: name,
        taskDefinition: target,
        ...parameters,
        ...(isForced ? { forceNewDeployment: true } : {}),
      });
      const { $metadata, service: updated } = await client.send(command);
      const primary = updated?.deployments?.find(({ status }) => status === 'PRIMARY');
      const deployment = primary?.id === undefined ? null : parseDeploymentId(primary.id);
      return { requestId: $metadata.requestId ?? null, deployment };
    },
  };
}

/** Sends each question and call to the ECS that `ecsAt` finds for the ARN in it. */
export function routedEcs(ecsAt: (arn: string) => Ecs): Ecs {
  return {
    observe: async (service, question) => ecsAt(service).observe(service, question),
    facts: async (service) => ecsAt(service).facts(service),
    primaryOf: async (service) => ecsAt(service).primaryOf(service),
    parametersLeftBehind: async (service, wayBack) => ecsAt(service).parametersLeftBehind(service, wayBack),
    copyOf: async (request) => ecsAt(request.taskDefinition).copyOf(request),
    stopServiceDeployment: async (arn) => ecsAt(arn).stopServiceDeployment(arn),
    updateService: async (service, update) => ecsAt(service).updateService(service, update),
    answerHook: async (hook) => ecsAt(hook.serviceDeployment).answerHook(hook),
  };
}

async function observeService(
  client: ECSClient,
  arn: ServiceArn,
  question: ObservationRequest,
): Promise<Observation> {
  const service = await describeService(client, arn);
  if (service?.status !== 'ACTIVE') return { observed: gone, tags: [] };
  const controller = controllerOf(service);
  const deployments = (service.deployments ?? []).flatMap(observedDeployment).sort(primaryFirst(service));
  const [history, status] = await Promise.all([
    controller === 'ECS'
      ? describeServiceDeployments(client, { arn, deployments }, question)
      : noServiceDeployments,
    statusesOf(client, question.candidates),
  ]);
  const observed: ObservedService = {
    exists: true,
    controller,
    desiredCount: service.desiredCount ?? 0,
    deploymentConfiguration: service.deploymentConfiguration ? { ...service.deploymentConfiguration } : null,
    ...shiftSecondsOf(service),
    deployments,
    ...history,
    ...status,
  };
  return { observed, tags: service.tags ?? [] };
}

/**
 * A Network Load Balancer takes its time for each shift:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
 */
function shiftSecondsOf({ loadBalancers = [] }: Service): Pick<ObservedService, 'trafficShiftSeconds'> {
  const isSlow = loadBalancers.some(({ advancedConfiguration }) =>
    advancedConfiguration?.productionListenerRule?.includes(':listener/net/'),
  );
  return isSlow ? { trafficShiftSeconds: 600 } : {};
}

const gone: ObservedService = {
  exists: false,
  controller: 'ECS',
  desiredCount: 0,
  deploymentConfiguration: null,
  deployments: [],
  ...noServiceDeployments,
  active: [],
};

async function describeService(client: ECSClient, arn: ServiceArn): Promise<Service | undefined> {
  const { cluster, name } = partsOfService(arn);
  const command = new DescribeServicesCommand({ cluster, services: [name], include: ['TAGS'] });
  try {
    const { services } = await client.send(command);
    return services?.[0];
  } catch (error) {
    if (error instanceof ClusterNotFoundException) return undefined;
    throw error;
  }
}

/**
 * Every field of an answer is optional in the SDK; a deployment without id or task definition tells
 * nothing.
 */
function observedDeployment(deployment: Deployment): ObservedDeployment[] {
  const { id, taskDefinition, createdAt } = deployment;
  if (id === undefined || taskDefinition === undefined) return [];
  return [
    {
      id: parseDeploymentId(id),
      taskDefinition: parseTaskDefinitionArn(taskDefinition),
      // Not returned for services with a Classic Load Balancer.
      rolloutState: deployment.rolloutState ?? 'UNKNOWN',
      runningCount: deployment.runningCount ?? 0,
      createdAt: instantFrom(createdAt?.getTime() ?? 0),
    },
  ];
}

function primaryFirst({ deployments = [] }: Service) {
  const primary = deployments.find(({ status }) => status === 'PRIMARY')?.id;
  const rank = ({ id }: ObservedDeployment) => (id === primary ? 0 : 1);
  return (a: ObservedDeployment, b: ObservedDeployment) => rank(a) - rank(b);
}

/**
 * A deregistered revision can still run and scale, but UpdateService refuses to go back to it: of
 * what is described, a copy can be registered.
 */
async function statusesOf(client: ECSClient, candidates: readonly TaskDefinitionArn[]) {
  const described = await Promise.all(
    candidates.map(async (taskDefinition) => ({
      taskDefinition,
      status: await statusOf(client, taskDefinition),
    })),
  );
  const having = (isWanted: (status: string | undefined) => boolean) =>
    described.filter(({ status }) => isWanted(status)).map(({ taskDefinition }) => taskDefinition);
  const inactive = having((status) => status !== undefined && status !== 'ACTIVE');
  return {
    active: having((status) => status === 'ACTIVE'),
    ...(inactive.length === 0 ? {} : { inactive }),
  };
}

/**
 * A task definition that was deleted is refused like any other mistake of the caller: it is gone.
 */
async function statusOf(client: ECSClient, taskDefinition: TaskDefinitionArn): Promise<string | undefined> {
  try {
    const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    return answer.taskDefinition?.status;
  } catch (error) {
    if (error instanceof ClientException) return undefined;
    throw error;
  }
}
