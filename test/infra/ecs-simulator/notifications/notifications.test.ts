import { describe, expect, it } from 'vitest';
import { breaker, SimulatedEcs } from '../simulated-ecs';

/** Creates, updates well, updates badly: what every kind of notification comes from. */
async function tellStory(seed: number): Promise<SimulatedEcs> {
  const ecs = await SimulatedEcs.start(seed);
  const deploymentConfiguration = { deploymentCircuitBreaker: breaker };
  await ecs.create({ taskDefinition: await ecs.register(), deploymentConfiguration });
  ecs.clock.advanceBy(200);
  await ecs.update({ taskDefinition: await ecs.register({ 'rewind.behaviour': 'crash' }) });
  ecs.clock.advanceBy(600);
  await ecs.update({ taskDefinition: 'web:9' }).catch(() => {});
  await ecs.stop();
  return ecs;
}

describe('notifications', () => {
  it('are the same byte for byte for the same seed and the same calls', async () => {
    const [one, again, other] = [await tellStory(7), await tellStory(7), await tellStory(8)];
    expect(JSON.stringify(again.notifications)).toBe(JSON.stringify(one.notifications));
    expect(JSON.stringify(other.notifications)).not.toBe(JSON.stringify(one.notifications));
  });

  it('have an id of their own, whole seconds, and come in the order of time', async () => {
    const { notifications } = await tellStory(1);
    const ids = new Set(notifications.map(({ id }) => id));
    expect(ids.size).toBe(notifications.length);
    const times = notifications.map(({ time }) => time);
    expect(times.every((time) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time))).toBe(true);
    expect(times).toEqual([...times].sort());
  });
});

describe('task notifications', () => {
  it("count each task's versions up from 1 through the documented life cycle", async () => {
    const ecs = await tellStory(1);
    const changes = ecs.details('ECS Task State Change');
    const tasks = [...new Set(changes.map(({ taskArn }) => taskArn))];
    const histories = tasks.map((task) => changes.filter(({ taskArn }) => taskArn === task));
    for (const history of histories) {
      expect(history.map(({ version }) => version)).toEqual(history.map((_, index) => index + 1));
    }
    const crashed = histories.find((history) => history.at(-1)?.stopCode === 'EssentialContainerExited');
    expect(crashed?.map(({ lastStatus, desiredStatus }) => `${lastStatus}/${desiredStatus}`)).toEqual([
      'PROVISIONING/RUNNING',
      'PENDING/RUNNING',
      'ACTIVATING/RUNNING',
      'RUNNING/RUNNING',
      'DEPROVISIONING/STOPPED',
      'DEPROVISIONING/STOPPED',
      'STOPPED/STOPPED',
    ]);
  });

  it('name the service by group and the deployment by startedBy, and never tell a health status', async () => {
    const ecs = await tellStory(1);
    const deployments = new Set(
      ecs.details('ECS Deployment State Change').map(({ deploymentId }) => deploymentId),
    );
    for (const detail of ecs.details('ECS Task State Change')) {
      expect(detail).toMatchObject({ group: 'service:web', launchType: 'FARGATE' });
      expect(deployments.has(detail.startedBy)).toBe(true);
      expect(detail).not.toHaveProperty('healthStatus');
    }
  });
});

describe('API call notifications', () => {
  it('name the service as each call does, its caller and what was answered', async () => {
    const ecs = await tellStory(1);
    const [created, updated, refused] = ecs.details('AWS API Call via CloudTrail');
    expect(created).toMatchObject({
      eventName: 'CreateService',
      eventSource: 'ecs.amazonaws.com',
      requestParameters: { serviceName: 'web', cluster: 'prod' },
      userIdentity: { arn: 'arn:aws:iam::123456789012:user/deployer' },
      responseElements: {
        service: { deployments: [{ rolloutState: 'IN_PROGRESS' }], createdAt: 'Jan 1, 2026, 12:00:00 AM' },
      },
    });
    expect(updated).toMatchObject({
      eventName: 'UpdateService',
      requestParameters: { service: 'web', cluster: 'prod' },
      responseElements: { service: { deployments: [{ status: 'PRIMARY' }, { status: 'ACTIVE' }] } },
    });
    expect(refused).toMatchObject({ errorCode: 'ClientException', responseElements: null });
  });
});
