import {
  DeleteServiceCommand,
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTagsForResourceCommand,
  paginateListServices,
  paginateListTaskDefinitions,
  paginateListTasks,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  TagResourceCommand,
  waitUntilServicesInactive,
  waitUntilServicesStable,
  waitUntilTasksRunning,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

async function post(target: string, body: string) {
  const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' };
  const response = await fetch(ecs.endpoint, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const target = (operation: string) => `AmazonEC2ContainerServiceV20141113.${operation}`;

describe('a request that cannot be answered', () => {
  it('gets UnknownOperationException for what the simulator does not speak', async () => {
    await expect(ecs.client.send(new DescribeCapacityProvidersCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await post('Other.Thing', '{}')).toMatchObject({ body: { __type: 'UnknownOperationException' } });
    expect(await post(target('constructor'), '{}')).toMatchObject({
      body: { __type: 'UnknownOperationException' },
    });
  });

  it.each([
    ['what is not JSON', '{', 'SerializationException'],
    ['a wrong type', '{"service":"web","desiredCount":"three"}', 'SerializationException'],
    ['a missing member', '{}', 'InvalidParameterException'],
    ['an impossible value', '{"service":"web","desiredCount":-1}', 'InvalidParameterException'],
    ['an unknown cluster', '{"service":"web","cluster":"none"}', 'ClusterNotFoundException'],
    ['an unknown service', '{"service":"web","cluster":"prod"}', 'ServiceNotFoundException'],
  ])('gets the right kind of error for %s', async (_, body, name) => {
    const answer = await post(target('UpdateService'), body);
    expect(answer).toMatchObject({ status: 400, body: { __type: name } });
    expect(answer.body.message).toEqual(expect.any(String));
  });

  it('gets UnsupportedFeatureException rather than a pretence', async () => {
    const taskDefinition = await ecs.register();
    await expect(ecs.create({ taskDefinition, schedulingStrategy: 'DAEMON' })).rejects.toMatchObject({
      name: 'UnsupportedFeatureException',
      message: expect.stringContaining('DAEMON'),
    });
  });

  it('gets InvalidParameterException for an eleventh service in one DescribeServices', async () => {
    const services = Array.from({ length: 11 }, (_, index) => `web-${index}`);
    await expect(
      ecs.client.send(new DescribeServicesCommand({ cluster: 'prod', services })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('a Describe operation', () => {
  it('reports as MISSING what is not there', async () => {
    const found = await ecs.client.send(new DescribeServicesCommand({ cluster: 'prod', services: ['none'] }));
    const arn = 'arn:aws:ecs:us-east-1:123456789012:service/prod/none';
    expect(found).toMatchObject({ services: [], failures: [{ arn, reason: 'MISSING' }] });
    const clusters = await ecs.client.send(new DescribeClustersCommand({ clusters: ['prod', 'none'] }));
    expect(clusters).toMatchObject({
      clusters: [{ clusterName: 'prod' }],
      failures: [{ reason: 'MISSING' }],
    });
  });

  it('shows tags only when they are asked for', async () => {
    const tags = [{ key: 'rewind:mode', value: 'observe' }];
    const { serviceArn } = await ecs.create({ taskDefinition: await ecs.register(), tags });
    await ecs.client.send(
      new TagResourceCommand({ resourceArn: serviceArn, tags: [{ key: 'team', value: 'a' }] }),
    );
    const both = [...tags, { key: 'team', value: 'a' }];
    const input = { cluster: 'prod', services: [serviceArn ?? ''] };
    const plain = await ecs.client.send(new DescribeServicesCommand(input));
    expect(plain.services?.[0]?.tags).toBeUndefined();
    const tagged = await ecs.client.send(new DescribeServicesCommand({ ...input, include: ['TAGS'] }));
    expect(tagged.services?.[0]?.tags).toEqual(both);
    const listed = await ecs.client.send(new ListTagsForResourceCommand({ resourceArn: serviceArn }));
    expect(listed.tags).toEqual(both);
  });

  it('finds a task definition by family, revision and ARN, and says when it is INACTIVE', async () => {
    const [first, second] = [await ecs.register(), await ecs.register()];
    await ecs.deregister(second);
    const statusOf = async (taskDefinition: string) => {
      const found = await ecs.client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      return `${found.taskDefinition?.taskDefinitionArn} ${found.taskDefinition?.status}`;
    };
    expect(await statusOf('web')).toBe(`${first} ACTIVE`);
    expect(await statusOf('web:2')).toBe(`${second} INACTIVE`);
    expect(await statusOf(second)).toBe(`${second} INACTIVE`);
    await expect(statusOf('none')).rejects.toMatchObject({ name: 'ClientException' });
  });

  it('gives back all that a task definition was registered with', async () => {
    const given: RegisterTaskDefinitionCommandInput = {
      family: 'web',
      taskRoleArn: 'arn:aws:iam::123456789012:role/task',
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '512',
      memory: '1024',
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      ephemeralStorage: { sizeInGiB: 30 },
      volumes: [{ name: 'data' }],
      containerDefinitions: [
        {
          name: 'app',
          image: 'example/web:1',
          portMappings: [{ containerPort: 80, protocol: 'tcp' }],
          environment: [{ name: 'RELEASE', value: '1' }],
          secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:us-east-1:123456789012:parameter/token' }],
          mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }],
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'web' } },
          ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }],
        },
      ],
      tags: [{ key: 'team', value: 'shop' }],
    };
    await ecs.client.send(new RegisterTaskDefinitionCommand(given));
    const { taskDefinition, tags } = await ecs.client.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'web', include: ['TAGS'] }),
    );
    expect({ ...taskDefinition, tags }).toMatchObject(given);
  });

  it('gives instants that the SDK reads to the millisecond', async () => {
    ecs.clock.advanceBy(0.123);
    await ecs.create({ taskDefinition: await ecs.register() });
    expect((await ecs.describe()).createdAt?.toISOString()).toBe('2026-01-01T00:00:00.123Z');
  });
});

describe("the SDK's paginators", () => {
  const paginator = () => ({ client: ecs.client, pageSize: 2 });

  it('see every service, task definition and task once', async () => {
    const taskDefinition = await ecs.register();
    await ecs.register();
    await ecs.register();
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const serviceName of names) await ecs.create({ serviceName, taskDefinition, desiredCount: 1 });
    ecs.clock.advanceBy(30);
    const services: string[] = [];
    for await (const page of paginateListServices(paginator(), { cluster: 'prod' }))
      services.push(...(page.serviceArns ?? []));
    const definitions: string[] = [];
    for await (const page of paginateListTaskDefinitions(paginator(), { sort: 'DESC' }))
      definitions.push(...(page.taskDefinitionArns ?? []));
    const tasks: string[] = [];
    for await (const page of paginateListTasks(paginator(), { cluster: 'prod' }))
      tasks.push(...(page.taskArns ?? []));
    expect(services.map((arn) => arn.at(-1))).toEqual(names);
    expect(definitions.map((arn) => arn.at(-1))).toEqual(['3', '2', '1']);
    expect(new Set(tasks).size).toBe(5);
  });
});

describe("the SDK's waiters", () => {
  const waiter = () => ({ client: ecs.client, maxWaitTime: 2, minDelay: 1, maxDelay: 1 });
  const web = { cluster: 'prod', services: ['web'] };

  it('find a service stable after a good deployment, and its tasks running', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(120);
    expect((await waitUntilServicesStable(waiter(), web)).state).toBe('SUCCESS');
    const { taskArns } =
      (await paginateListTasks({ client: ecs.client }, { cluster: 'prod' }).next()).value ?? {};
    expect((await waitUntilTasksRunning(waiter(), { cluster: 'prod', tasks: taskArns })).state).toBe(
      'SUCCESS',
    );
    const { tasks = [] } = await ecs.client.send(
      new DescribeTasksCommand({ cluster: 'prod', tasks: taskArns }),
    );
    expect(tasks.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
  });

  it('do not while a bad one is under way', async () => {
    await ecs.create({ taskDefinition: await ecs.register({ 'rewind.behaviour': 'crash' }) });
    ecs.clock.advanceBy(120);
    await expect(waitUntilServicesStable(waiter(), web)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('find a deleted service inactive', async () => {
    await ecs.create({ taskDefinition: await ecs.register() });
    await ecs.client.send(new DeleteServiceCommand({ cluster: 'prod', service: 'web', force: true }));
    ecs.clock.advanceBy(60);
    expect((await waitUntilServicesInactive(waiter(), web)).state).toBe('SUCCESS');
  });
});
