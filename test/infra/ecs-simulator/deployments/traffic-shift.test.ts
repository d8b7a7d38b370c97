import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from 'vitest';
import { blueGreen, everyStage, HookedService, lambdaHook, loadBalancers } from '../hooked-service';
import { breaker, type SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
let service: HookedService;
afterEach(() => ecs.stop());

async function createUnder(deploymentConfiguration: DeploymentConfiguration): Promise<void> {
  service = await HookedService.createUnder(deploymentConfiguration);
  ecs = service.ecs;
}

describe('a blue/green deployment', () => {
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
  it('calls the hooks of its stages in the documented order, with the documented payload', async () => {
    await createUnder(blueGreen(lambdaHook(...everyStage)));
    await ecs.update({ taskDefinition: await ecs.register() });
    await ecs.run(7200);
    expect(service.stages).toEqual(everyStage.slice(1));
    const [target, source] = await ecs.serviceDeployments();
    const targetRevision = target?.targetServiceRevision?.arn ?? '';
    const sourceRevision = source?.targetServiceRevision?.arn ?? '';
    const shifted = { [targetRevision]: 100, [sourceRevision]: 0 };
    for (const call of service.calls) {
      const isTest = call.lifecycleStage === 'TEST_TRAFFIC_SHIFT';
      const isProduction = /^(PRE_)?PRODUCTION_/.test(call.lifecycleStage);
      expect(call).toEqual({
        executionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        lifecycleStage: call.lifecycleStage,
        resourceArn: target?.serviceDeploymentArn,
        executionDetails: {
          serviceArn: 'arn:aws:ecs:us-east-1:123456789012:service/prod/web',
          targetServiceRevisionArn: targetRevision,
          testTrafficWeights: isTest ? shifted : {},
          productionTrafficWeights: isProduction ? shifted : {},
        },
      });
    }
  });

  it('calls RECONCILE_SERVICE where more than one revision is active at its start', async () => {
    await createUnder(blueGreen(lambdaHook(...everyStage)));
    await ecs.update({ taskDefinition: await ecs.register() });
    await ecs.run(60);
    await ecs.update({ taskDefinition: await ecs.register() });
    service.calls.length = 0;
    await ecs.run(7200);
    expect(service.stages[0]).toBe('RECONCILE_SERVICE');
    const [newest, superseded, first] = await ecs.serviceDeployments();
    expect(superseded?.status).toBe('STOPPED');
    const source = first?.targetServiceRevision?.arn;
    expect(newest?.sourceServiceRevisions?.[0]?.arn).toBe(source);
    expect(await ecs.describe()).toMatchObject({
      runningCount: 3,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
  });

  it('keeps both revisions at full count until its bake is over', async () => {
    await createUnder(blueGreen());
    await ecs.update({ taskDefinition: await ecs.register() });
    while ((await ecs.serviceDeployments())[0]?.lifecycleStage !== 'BAKE_TIME') await ecs.run(5);
    const [baking] = await ecs.serviceDeployments();
    expect(baking).toMatchObject({
      targetServiceRevision: { requestedProductionTrafficWeight: 100, runningTaskCount: 3 },
      sourceServiceRevisions: [{ requestedProductionTrafficWeight: 0, runningTaskCount: 3 }],
    });
    await ecs.run(290);
    expect((await ecs.serviceDeployments())[0]?.lifecycleStage).toBe('BAKE_TIME');
    await ecs.run(1200);
    expect((await ecs.serviceDeployments())[0]).toMatchObject({
      status: 'SUCCESSFUL',
      lifecycleStage: 'CLEAN_UP',
    });
  });

  it('is refused without a bake time, without a load balancer, and without its advanced configuration', async () => {
    await createUnder(blueGreen());
    const taskDefinition = 'web';
    const refuse = (input: object) =>
      expect(ecs.create({ serviceName: 'other', taskDefinition, ...input } as never)).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    await refuse({ loadBalancers, deploymentConfiguration: { strategy: 'BLUE_GREEN' } });
    await refuse({ deploymentConfiguration: blueGreen() });
    const plain = [{ targetGroupArn: 'arn', containerName: 'app', containerPort: 80 }];
    await refuse({ loadBalancers: plain, deploymentConfiguration: blueGreen() });
  });
});

describe('canary and linear deployments', () => {
  it('shift production traffic in steps and call the hooks of the shift at each', async () => {
    const hook = lambdaHook('PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT');
    await createUnder({
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 12.5, canaryBakeTimeInMinutes: 3 },
      lifecycleHooks: [hook],
    });
    await ecs.update({ taskDefinition: await ecs.register() });
    await ecs.run(7200);
    expect(service.productionShares).toEqual([12.5, 100]);
    expect(service.stages).toHaveLength(4);
  });

  it('are linear in equal steps, with a bake after each but the last', async () => {
    await createUnder({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: 10 },
      lifecycleHooks: [lambdaHook('PRODUCTION_TRAFFIC_SHIFT')],
    });
    await ecs.update({ taskDefinition: await ecs.register() });
    await ecs.run(3600);
    expect(service.productionShares).toEqual([30, 60, 90, 100]);
    const [{ startedAt, finishedAt } = {}] = await ecs.serviceDeployments();
    const minutes = ((finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 60_000;
    expect(minutes).toBeGreaterThan(30);
    expect(minutes).toBeLessThan(45);
  });

  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/nlb-resources-for-blue-green.html
  it('take ten minutes more for each shift of a Network Load Balancer', async () => {
    await createUnder({
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 0 },
      bakeTimeInMinutes: 0,
    });
    const listener = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/a/1/2';
    const network = loadBalancers.map((one) => ({
      ...one,
      advancedConfiguration: { ...one.advancedConfiguration, productionListenerRule: listener },
    }));
    await ecs.update({ taskDefinition: await ecs.register(), loadBalancers: network });
    await ecs.run(3600);
    const [{ status, startedAt, finishedAt } = {}] = await ecs.serviceDeployments();
    const minutes = ((finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 60_000;
    expect(status).toBe('SUCCESSFUL');
    // Of the test traffic, to 10 % and to all of it.
    expect(minutes).toBeGreaterThan(30);
    expect(minutes).toBeLessThan(40);
  });

  it('are rolled back by the circuit breaker', async () => {
    await createUnder({ strategy: 'CANARY', deploymentCircuitBreaker: breaker });
    await ecs.update({ taskDefinition: await ecs.register({ 'rewind.behaviour': 'crash' }) });
    await ecs.run(3600);
    expect((await ecs.serviceDeployments())[0]).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
    });
    expect((await ecs.describe()).taskDefinition).toMatch(/web:1$/);
  });
});
