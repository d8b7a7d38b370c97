import { z } from 'zod';
import { findEach, read, tagsOf, write } from '../../api/operation';
import { cutPage, pagingFields } from '../../api/paging';
import { ecsArn } from '../../foundation/arn';
import { EcsError } from '../../foundation/ecs-error';
import { findService, requireCluster, requireService } from '../../model/cluster';
import { currentServiceDeployment, setStatus } from '../../model/service-deployment';
import { create, creationSchema } from './service-creation';
import { update, updateSchema } from './service-update';
import { serviceView } from './service-view';

export const serviceOperations = {
  CreateService: write(creationSchema, create),

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
        arnOfMissing: (name) => ecsArn(world, `service/${cluster.name}/${name}`),
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
      const { items, nextToken } = cutPage(arns, input, 10);
      return { serviceArns: items, nextToken };
    },
  ),
};
