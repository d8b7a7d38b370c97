import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breaker, SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const targetGroupArn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1';
const balanced = {
  loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
  deploymentConfiguration: { deploymentCircuitBreaker: breaker },
};
const neverHealthy = { 'rewind.behaviour': 'unhealthy', 'rewind.check': 'load-balancer' };

async function createGood(others: object = {}): Promise<void> {
  await ecs.create({ taskDefinition: await ecs.register(), desiredCount: 1, ...balanced, ...others });
  ecs.clock.advanceBy(600);
  expect((await ecs.describe()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
}

describe('a service behind a load balancer', () => {
  it('registers its tasks, and drains those that are replaced before it stops them', async () => {
    await createGood();
    await ecs.update({ taskDefinition: await ecs.register() });
    ecs.clock.advanceBy(200);
    expect((await ecs.describe()).deployments).toMatchObject([{ runningCount: 1 }, { runningCount: 0 }]);
    expect((await ecs.describe()).deployments?.[0]?.rolloutState).toBe('IN_PROGRESS');
    ecs.clock.advanceBy(300);
    const { deployments, events = [] } = await ecs.describe();
    expect(deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
    const messages = events.map(({ message }) => message ?? '');
    expect(messages).toContain(`(service web) registered 1 targets in (target-group ${targetGroupArn})`);
    expect(
      messages.some((one) =>
        /\(service web, taskSet ecs-svc\/\d+\) has begun draining connections on 1 task\.$/.test(one),
      ),
    ).toBe(true);
  });

  it('rolls back a deployment whose targets are never healthy', async () => {
    await createGood();
    const bad = await ecs.register(neverHealthy);
    await ecs.update({ taskDefinition: bad });
    ecs.clock.advanceBy(3600);
    expect(ecs.stopsOf(bad)[0]).toBe(
      `ServiceSchedulerInitiated: Task failed ELB health checks in (target-group ${targetGroupArn})`,
    );
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
    const { events = [] } = await ecs.describe();
    expect(
      events.some(({ message }) =>
        /\(port 8080\) is unhealthy in \(target-group .*\) due to \(reason Health checks failed\)/.test(
          message ?? '',
        ),
      ),
    ).toBe(true);
  });

  it('gives a slow start the grace period, and no more', async () => {
    const slow = { 'rewind.behaviour': 'slow-start', 'rewind.start-seconds': '150' };
    await createGood({ healthCheckGracePeriodSeconds: 200 });
    await ecs.update({ taskDefinition: await ecs.register(slow) });
    ecs.clock.advanceBy(900);
    expect((await ecs.describe()).taskDefinition).toMatch(/web:2$/);
    expect((await ecs.describe()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
    await ecs.update({ healthCheckGracePeriodSeconds: 60, forceNewDeployment: true });
    ecs.clock.advanceBy(7200);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
  });

  it('replaces a task that is healthy first and fails its checks then', async () => {
    const sickens = {
      'rewind.behaviour': 'sickens',
      'rewind.check': 'load-balancer',
      'rewind.healthy-for': '900',
    };
    await createGood();
    await ecs.update({ taskDefinition: await ecs.register(sickens) });
    ecs.clock.advanceBy(900);
    expect((await ecs.describe()).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
    ecs.clock.advanceBy(1200);
    expect(ecs.stopsOf((await ecs.describe()).taskDefinition ?? '').join()).toContain(
      'Task failed ELB health checks',
    );
    expect(ecs.deploymentHistory()).toHaveLength(4);
  });
});
