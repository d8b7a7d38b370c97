import { z } from 'zod';
import { findEach, read, write } from '../../api/operation';
import { cutPage, pagingFields } from '../../api/paging';
import { EcsError } from '../../foundation/ecs-error';
import { requireCluster, requireService } from '../../model/cluster';
import type { ServiceRevision } from '../../model/deployment';
import type { Service } from '../../model/service';
import { isFinal, type ServiceDeployment, serviceDeploymentStatuses } from '../../model/service-deployment';
import type { World } from '../../model/world';
import {
  serviceDeploymentBrief,
  serviceDeploymentView,
  serviceRevisionView,
} from './service-deployment-view';

export const serviceDeploymentOperations = {
  ListServiceDeployments: read(
    z.looseObject({
      service: z.string(),
      cluster: z.string().optional(),
      status: z.array(z.enum(serviceDeploymentStatuses)).optional(),
      createdAt: z.object({ before: z.number().optional(), after: z.number().optional() }).optional(),
      ...pagingFields,
    }),
    ({ world, input }) => {
      const service = requireService(requireCluster(world, input.cluster), input.service);
      const { before = Number.POSITIVE_INFINITY, after = Number.NEGATIVE_INFINITY } = input.createdAt ?? {};
      const matching = serviceDeploymentsOf(service)
        .filter(
          ({ status }) =>
            input.status === undefined || input.status.length === 0 || input.status.includes(status),
        )
        .filter(({ createdAt }) => createdAt / 1000 >= after && createdAt / 1000 <= before);
      const { items, nextToken } = cutPage(matching, input, 20);
      return { serviceDeployments: items.map(serviceDeploymentBrief), nextToken };
    },
  ),

  DescribeServiceDeployments: read(
    z.looseObject({ serviceDeploymentArns: z.array(z.string()).min(1).max(20) }),
    ({ world, input }) => {
      const { found, failures } = findEach(input.serviceDeploymentArns, {
        find: (arn) => findServiceDeployment(world, arn),
        arnOfMissing: (arn) => arn,
      });
      return { serviceDeployments: found.map(serviceDeploymentView), failures };
    },
  ),

  DescribeServiceRevisions: read(
    z.looseObject({ serviceRevisionArns: z.array(z.string()).min(1).max(20) }),
    ({ world, input }) => {
      const { found, failures } = findEach(input.serviceRevisionArns, {
        find: (arn) => findServiceRevision(world, arn),
        arnOfMissing: (arn) => arn,
      });
      return {
        serviceRevisions: found.map(({ service, revision }) => serviceRevisionView(service, revision)),
        failures,
      };
    },
  ),

  StopServiceDeployment: write(
    z.looseObject({ serviceDeploymentArn: z.string(), stopType: z.string().default('ROLLBACK') }),
    ({ world, scheduler, input }) => {
      // The type lists ABORT, its description says that ROLLBACK is the only valid value:
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html
      if (input.stopType !== 'ROLLBACK') {
        throw new EcsError('InvalidParameterException', `The stop type ${input.stopType} is not valid.`);
      }
      const serviceDeployment = requireServiceDeployment(world, input.serviceDeploymentArn);
      if (isFinal(serviceDeployment)) {
        const message = `The service deployment is in the ${serviceDeployment.status} state and can't be stopped.`;
        throw new EcsError('ConflictException', message);
      }
      return {
        output: { serviceDeploymentArn: serviceDeployment.arn },
        resource: serviceDeployment.service.arn,
        hadEffect: scheduler.protection.requestRollback(serviceDeployment) === 'requested',
      };
    },
  ),

  ContinueServiceDeployment: write(
    z.looseObject({
      serviceDeploymentArn: z.string(),
      hookId: z.string(),
      action: z.enum(['CONTINUE', 'ROLLBACK']).default('CONTINUE'),
    }),
    ({ world, scheduler, input }) => {
      const serviceDeployment = requireServiceDeployment(world, input.serviceDeploymentArn);
      const hook = serviceDeployment.hooks.find(({ id }) => id === input.hookId);
      if (hook === undefined) throw new EcsError('InvalidParameterException', 'The hook was not found.');
      if (isFinal(serviceDeployment) || !scheduler.trafficShift.hooks.answer(hook, input.action)) {
        throw new EcsError('InvalidParameterException', 'The hook is not awaiting action.');
      }
      return {
        output: { serviceDeploymentArn: serviceDeployment.arn },
        resource: serviceDeployment.service.arn,
      };
    },
  ),
};

function requireServiceDeployment(world: World, arn: string): ServiceDeployment {
  const serviceDeployment = findServiceDeployment(world, arn);
  if (serviceDeployment !== null) return serviceDeployment;
  throw new EcsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
}

/** What CodeDeploy deploys is no service deployment. */
function serviceDeploymentsOf(service: Service): readonly ServiceDeployment[] {
  return service.deploymentController === 'ECS' ? service.serviceDeployments : [];
}

/**
 * Both kinds of ARN name the cluster and the service: `…:service-deployment/cluster/service/id`.
 */
function serviceNamedIn(world: World, arn: string) {
  const [, clusterName = '', serviceName = ''] = arn.split('/');
  return world.clusters.get(clusterName)?.services.get(serviceName) ?? null;
}

function findServiceDeployment(world: World, arn: string): ServiceDeployment | null {
  const service = serviceNamedIn(world, arn);
  return (service && serviceDeploymentsOf(service).find((one) => one.arn === arn)) ?? null;
}

function findServiceRevision(world: World, arn: string) {
  const service = serviceNamedIn(world, arn);
  const revision: ServiceRevision | undefined = service?.serviceDeployments
    .map(({ deployment }) => deployment.revision)
    .find((one) => one.arn === arn);
  return service === null || revision === undefined ? null : { service, revision };
}
