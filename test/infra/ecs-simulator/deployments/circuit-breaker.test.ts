import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureThreshold } from '../../../../infra/ecs-simulator/src/deployments/circuit-breaker';
import { breaker, SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
beforeEach(async () => {
  ecs = await SimulatedEcs.start();
});
afterEach(() => ecs.stop());

const crash = { 'rewind.behaviour': 'crash', 'rewind.crash-after': '5', 'rewind.exit-code': '3' };
const withBreaker = { deploymentCircuitBreaker: breaker };

/** Creates `web` on a good task definition and lets it settle; returns that deployment's id. */
async function createGood(deploymentConfiguration = {}): Promise<string> {
  await ecs.create({ taskDefinition: await ecs.register(), deploymentConfiguration });
  ecs.clock.advanceBy(120);
  return (await ecs.describe()).deployments?.[0]?.id ?? '';
}

describe('the threshold of the circuit breaker', () => {
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
  it.each([
    [1, 3],
    [25, 13],
    [400, 200],
    [800, 200],
  ])('is, by default, for %i tasks %i', (desiredCount, threshold) => {
    expect(failureThreshold(withBreaker, desiredCount)).toBe(threshold);
  });

  it('is the share itself when it is unbounded, and the number itself when it is a count', () => {
    const configure = (type: 'COUNT' | 'UNBOUNDED_PERCENT', value: number) => ({
      deploymentCircuitBreaker: { ...breaker, thresholdConfiguration: { type, value } },
    });
    expect(failureThreshold(configure('UNBOUNDED_PERCENT', 50), 800)).toBe(400);
    expect(failureThreshold(configure('UNBOUNDED_PERCENT', 10), 5)).toBe(1);
    expect(failureThreshold(configure('COUNT', 2), 800)).toBe(2);
  });

  it('is none where the breaker is off', () => {
    expect(failureThreshold({ deploymentCircuitBreaker: { enable: false, rollback: true } }, 10)).toBeNull();
    expect(failureThreshold({}, 10)).toBeNull();
  });
});

// The example of D1 (complete), D2 (failed, rolled back to D1) and D3 (started meanwhile: stalled),
// and the others, are of
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
describe('a deployment of tasks that fail, with a circuit breaker that rolls back', () => {
  it('fails, and the last completed deployment is taken up again under its old id, 1 ms later', async () => {
    const good = await createGood(withBreaker);
    const failing = await ecs.update({ taskDefinition: await ecs.register(crash) });
    const bad = failing.deployments?.[0]?.id;
    ecs.clock.advanceBy(600);
    expect(ecs.deploymentHistory().slice(2)).toEqual([
      `IN_PROGRESS ${bad}`,
      `FAILED ${bad}`,
      `IN_PROGRESS ${good}`,
      `COMPLETED ${good}`,
    ]);
    const [, failed, rollback] = ecs.details('ECS Deployment State Change').slice(2);
    expect(failed).toMatchObject({
      eventType: 'ERROR',
      reason: 'ECS deployment circuit breaker: tasks failed to start.',
    });
    expect(rollback).toMatchObject({
      eventType: 'INFO',
      reason: `ECS deployment circuit breaker: rolling back to deploymentId ${good}.`,
    });
    expect(Date.parse(String(rollback?.updatedAt)) - Date.parse(String(failed?.updatedAt))).toBe(1);
    expect(await ecs.describe()).toMatchObject({
      runningCount: 3,
      deployments: [{ id: good, status: 'PRIMARY', rolloutState: 'COMPLETED' }],
    });
  });

  it('shows the rollback inside the service deployment that failed', async () => {
    await createGood(withBreaker);
    const [first] = await ecs.serviceDeployments();
    await ecs.update({ taskDefinition: await ecs.register(crash) });
    ecs.clock.advanceBy(600);
    const [second, ...others] = await ecs.serviceDeployments();
    expect(others).toHaveLength(1);
    expect(second).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
      rollback: { serviceRevisionArn: first?.targetServiceRevision?.arn },
      sourceServiceRevisions: [{ arn: first?.targetServiceRevision?.arn }],
    });
  });

  it('makes no UpdateService call for the rollback', async () => {
    await createGood(withBreaker);
    await ecs.update({ taskDefinition: await ecs.register(crash) });
    ecs.clock.advanceBy(600);
    const calls = ecs.details('AWS API Call via CloudTrail').map(({ eventName }) => eventName);
    expect(calls).toEqual(['CreateService', 'UpdateService']);
  });

  it('keeps the old tasks running throughout', async () => {
    const deploymentConfiguration = withBreaker;
    const good = await ecs.register();
    await ecs.create({ taskDefinition: good, deploymentConfiguration });
    ecs.clock.advanceBy(120);
    await ecs.update({ taskDefinition: await ecs.register(crash) });
    ecs.clock.advanceBy(600);
    expect(ecs.stopsOf(good)).toEqual([]);
  });

  it('has nowhere to go when a rollback is not over: D1 was good, D2 is rolled back to it, D3 fails and stalls', async () => {
    await createGood(withBreaker);
    await ecs.update({ taskDefinition: await ecs.register(crash) });
    while (!ecs.deploymentHistory().some((line) => line.startsWith('FAILED'))) ecs.clock.advanceBy(1);
    ecs.clock.advanceBy(1);
    await ecs.update({ taskDefinition: await ecs.register(crash) });
    ecs.clock.advanceBy(3600);
    expect((await ecs.describe()).deployments?.[0]).toMatchObject({
      status: 'PRIMARY',
      rolloutState: 'FAILED',
    });
    expect((await ecs.serviceDeployments())[0]).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    });
  });

  it('stalls in FAILED when it is the first one', async () => {
    await ecs.create({ taskDefinition: await ecs.register(crash), deploymentConfiguration: withBreaker });
    ecs.clock.advanceBy(3600);
    expect(await ecs.describe()).toMatchObject({
      runningCount: 0,
      pendingCount: 0,
      deployments: [{ rolloutState: 'FAILED' }],
    });
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_FAILED');
  });
});

describe('a circuit breaker that does not roll back', () => {
  it('fails the deployment and leaves the old tasks as they are', async () => {
    await createGood({ deploymentCircuitBreaker: { enable: true, rollback: false } });
    await ecs.update({ taskDefinition: await ecs.register(crash) });
    ecs.clock.advanceBy(3600);
    const { deployments = [] } = await ecs.describe();
    expect(deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'FAILED', runningCount: 0 },
      { status: 'ACTIVE', rolloutState: 'COMPLETED', runningCount: 3 },
    ]);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('STOPPED');
  });
});

describe('a deployment whose tasks become healthy and then crash', () => {
  const late = { ...crash, 'rewind.crash-after': '45' };

  it('never trips the breaker by default: each healthy task forgives the failures before it', async () => {
    await createGood({ ...withBreaker, maximumPercent: 150 });
    await ecs.update({ taskDefinition: await ecs.register(late), desiredCount: 1 });
    ecs.clock.advanceBy(3600);
    expect(ecs.deploymentHistory().some((line) => line.startsWith('FAILED'))).toBe(false);
  });

  it('trips it when resetOnHealthyTask is false', async () => {
    const stubborn = { ...breaker, resetOnHealthyTask: false };
    await createGood({ deploymentCircuitBreaker: stubborn, minimumHealthyPercent: 100, maximumPercent: 134 });
    await ecs.update({ taskDefinition: await ecs.register(late) });
    ecs.clock.advanceBy(3600);
    expect(ecs.deploymentHistory().some((line) => line.startsWith('FAILED'))).toBe(true);
  });
});
