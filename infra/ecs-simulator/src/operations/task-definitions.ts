import { z } from 'zod';
import { addTags, type OperationRequest, read, tagsOf, tagsSchema, write } from '../api/operation';
import { cutPage, pagingFields } from '../api/paging';
import { choosesBehaviour, lastLinesOf, parseBehaviour } from '../configuration/behaviours';
import { callerArn, ecsArn } from '../foundation/arn';
import { EcsError } from '../foundation/ecs-error';
import { type ContainerDefinition, findTaskDefinition, type TaskDefinition } from '../model/task-definition';
import { epochSeconds, type World } from '../model/world';
import { defaultHealthCheck } from '../tasks/task-health';

const healthCheckSchema = z.looseObject({
  command: z.array(z.string()),
  interval: z.number().min(5).max(300).optional(),
  retries: z.number().int().min(1).max(10).optional(),
  startPeriod: z.number().min(0).max(300).optional(),
});
const logConfigurationSchema = z.looseObject({
  logDriver: z.string(),
  options: z.record(z.string(), z.string()).default({}),
});
const containerSchema = z.looseObject({
  name: z.string().min(1),
  image: z.string().min(1),
  essential: z.boolean().optional(),
  cpu: z.number().optional(),
  memory: z.number().optional(),
  dockerLabels: z.record(z.string(), z.string()).optional(),
  versionConsistency: z.enum(['enabled', 'disabled']).optional(),
  healthCheck: healthCheckSchema.optional(),
  logConfiguration: logConfigurationSchema.optional(),
});
const registrationSchema = z.looseObject({
  family: z.string().regex(/^[\w-]{1,255}$/),
  containerDefinitions: z.array(containerSchema).min(1),
  tags: tagsSchema.optional(),
});

export const taskDefinitionOperations = {
  RegisterTaskDefinition: write(registrationSchema, (request) => {
    const taskDefinition = register(request);
    const { world, input } = request;
    addTags(world, taskDefinition.arn, input.tags);
    return {
      output: { taskDefinition: taskDefinitionView(taskDefinition), tags: tagsOf(world, taskDefinition.arn) },
      resource: taskDefinition.arn,
    };
  }),

  DescribeTaskDefinition: read(
    z.looseObject({ taskDefinition: z.string(), include: z.array(z.string()).default([]) }),
    ({ world, input }) => {
      const taskDefinition = requireTaskDefinition(world, input.taskDefinition);
      return {
        taskDefinition: taskDefinitionView(taskDefinition),
        tags: input.include.includes('TAGS') ? tagsOf(world, taskDefinition.arn) : undefined,
      };
    },
  ),

  DeregisterTaskDefinition: write(z.looseObject({ taskDefinition: z.string() }), ({ world, input }) => {
    if (!input.taskDefinition.includes(':')) {
      throw new EcsError('ClientException', 'Task definition revision is required.');
    }
    const taskDefinition = requireTaskDefinition(world, input.taskDefinition);
    const hadEffect = taskDefinition.status === 'ACTIVE';
    taskDefinition.status = 'INACTIVE';
    taskDefinition.deregisteredAt ??= world.clock.now();
    return {
      output: { taskDefinition: taskDefinitionView(taskDefinition) },
      resource: taskDefinition.arn,
      hadEffect,
    };
  }),

  ListTaskDefinitions: read(
    z.looseObject({
      familyPrefix: z.string().optional(),
      status: z.enum(['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS']).default('ACTIVE'),
      sort: z.enum(['ASC', 'DESC']).default('ASC'),
      ...pagingFields,
    }),
    ({ world, input }) => {
      // Despite its name, familyPrefix is a whole family:
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
      const families = [...world.taskDefinitions.keys()]
        .sort()
        .filter((family) => input.familyPrefix === undefined || family === input.familyPrefix);
      const arns = families
        .flatMap((family) => world.taskDefinitions.get(family) ?? [])
        .filter(({ status }) => status === input.status)
        .map(({ arn }) => arn);
      const { items, nextToken } = cutPage(input.sort === 'ASC' ? arns : arns.reverse(), input, 100);
      return { taskDefinitionArns: items, nextToken };
    },
  ),
};

function register({
  world,
  input,
  caller,
}: OperationRequest<z.infer<typeof registrationSchema>>): TaskDefinition {
  const { tags: _, ...request } = input;
  const containers = input.containerDefinitions.map(containerOf);
  if (!containers.some(({ isEssential }) => isEssential)) {
    throw new EcsError('ClientException', 'Task definition does not have any essential containers.');
  }
  const revisions = world.taskDefinitions.get(input.family) ?? [];
  const revision = revisions.length + 1;
  const taskDefinition: TaskDefinition = {
    arn: ecsArn(world, `task-definition/${input.family}:${revision}`),
    family: input.family,
    revision,
    containers,
    request,
    registeredAt: world.clock.now(),
    registeredBy: callerArn(world, caller.accessKeyId),
    status: 'ACTIVE',
    deregisteredAt: null,
  };
  world.taskDefinitions.set(input.family, [...revisions, taskDefinition]);
  return taskDefinition;
}

function containerOf(container: z.infer<typeof containerSchema>): ContainerDefinition {
  const { healthCheck, dockerLabels: labels = {} } = container;
  const behaviour = parseBehaviour(labels);
  return {
    name: container.name,
    image: container.image,
    isVersionConsistent: container.versionConsistency !== 'disabled',
    isEssential: container.essential ?? true,
    cpu: container.cpu ?? 0,
    memory: container.memory ?? null,
    healthCheck: healthCheck
      ? {
          intervalSeconds: healthCheck.interval ?? defaultHealthCheck.intervalSeconds,
          retries: healthCheck.retries ?? defaultHealthCheck.retries,
          startPeriodSeconds: healthCheck.startPeriod ?? defaultHealthCheck.startPeriodSeconds,
        }
      : null,
    labelled: choosesBehaviour(labels) ? behaviour : null,
    log: logOf(container),
    says: lastLinesOf(labels),
  };
}

/** Without a prefix the stream has the name of a container that no API tells. */
function logOf({ logConfiguration }: z.infer<typeof containerSchema>): ContainerDefinition['log'] {
  const { logDriver, options = {} } = logConfiguration ?? {};
  const { 'awslogs-group': group, 'awslogs-stream-prefix': streamPrefix } = options;
  if (logDriver !== 'awslogs' || group === undefined || streamPrefix === undefined) return null;
  return { group, streamPrefix };
}

function requireTaskDefinition(world: World, reference: string): TaskDefinition {
  const taskDefinition = findTaskDefinition(world, reference);
  if (taskDefinition === null) throw new EcsError('ClientException', 'Unable to describe task definition.');
  return taskDefinition;
}

function taskDefinitionView(taskDefinition: TaskDefinition) {
  return {
    volumes: [],
    placementConstraints: [],
    ...taskDefinition.request,
    taskDefinitionArn: taskDefinition.arn,
    family: taskDefinition.family,
    revision: taskDefinition.revision,
    status: taskDefinition.status,
    registeredAt: epochSeconds(taskDefinition.registeredAt),
    deregisteredAt: epochSeconds(taskDefinition.deregisteredAt),
    registeredBy: taskDefinition.registeredBy,
  };
}
