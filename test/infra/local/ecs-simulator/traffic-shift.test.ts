import { ContinueServiceDeploymentCommand, type DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from 'vitest';
import { breaker, SimulatedEcs } from './simulated-ecs';

interface HookCall {
  readonly lifecycleStage: string;
  readonly resourceArn: string;
  readonly hookDetails?: unknown;
  readonly executionDetails: {
    readonly serviceArn: string;
    readonly targetServiceRevisionArn: string;
    readonly testTrafficWeights: Record<string, number>;
    readonly productionTrafficWeights: Record<string, number>;
  };
}

let ecs: SimulatedEcs;
let calls: HookCall[];
let answer: (call: HookCall) => unknown;
afterEach(() => ecs.stop());

const everyStage = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
] as const;
type Stage = (typeof everyStage)[number];

const lambdaHook = (...lifecycleStages: Stage[]) => ({
  hookTargetArn: 'arn:aws:lambda:us-east-1:123456789012:function:check',
  roleArn: 'arn:aws:iam::123456789012:role/hooks',
  lifecycleStages,
});
const loadBalancers = [
  {
    targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/blue/1',
    containerName: 'app',
    containerPort: 80,
    advancedConfiguration: {
      alternateTargetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/green/1',
      productionListenerRule: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/a/1/2/3',
      roleArn: 'arn:aws:iam::123456789012:role/shift',
    },
  },
];

/** Creates `web` under the configuration, settles it, and forgets the hooks' calls so far. */
async function createUnder(deploymentConfiguration: DeploymentConfiguration): Promise<void> {
  calls = [];
  answer = () => ({ hookStatus: 'SUCCEEDED' });
  ecs = await SimulatedEcs.start(1, {
    invokeLambda: async (_, payload) => {
      calls.push(payload as HookCall);
      return answer(payload as HookCall);
    },
  });
  await ecs.create({ taskDefinition: await ecs.register(), loadBalancers, deploymentConfiguration });
  await ecs.run(7200);
  expect((await ecs.serviceDeployments())[0]?.status).toBe('SUCCESSFUL');
  calls = [];
}

const blueGreen = (...hooks: object[]): DeploymentConfiguration => ({
  strategy: 'BLUE_GREEN',
  bakeTimeInMinutes: 5,
  lifecycleHooks: hooks as never,
});
const stages = () => calls.map(({ lifecycleStage }) => lifecycleStage);
const productionShares = () =>
  calls
    .filter(({ lifecycleStage }) => lifecycleStage === 'PRODUCTION_TRAFFIC_SHIFT')
    .map(
      ({ executionDetails }) =>
        executionDetails.productionTrafficWeights[executionDetails.targetServiceRevisionArn],
    );

describe('a blue/green deployment', () => {
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
  it('calls the hooks of its stages in the documented order, with the documented payload', async () => {
    await createUnder(blueGreen(lambdaHook(...everyStage)));
    await ecs.update({ taskDefinition: await ecs.register() });
    await ecs.run(7200);
    expect(stages()).toEqual(everyStage.slice(1));
    const [target, source] = await ecs.serviceDeployments();
    const targetRevision = target?.targetServiceRevision?.arn ?? '';
    const sourceRevision = source?.targetServiceRevision?.arn ?? '';
    const shifted = { [targetRevision]: 100, [sourceRevision]: 0 };
    for (const call of calls) {
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
    calls = [];
    await ecs.run(7200);
    expect(stages()[0]).toBe('RECONCILE_SERVICE');
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
    expect(productionShares()).toEqual([12.5, 100]);
    expect(stages()).toHaveLength(4);
  });

  it('are linear in equal steps, with a bake after each but the last', async () => {
    await createUnder({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 30, stepBakeTimeInMinutes: 10 },
      lifecycleHooks: [lambdaHook('PRODUCTION_TRAFFIC_SHIFT')],
    });
    await ecs.update({ taskDefinition: await ecs.register() });
    await ecs.run(3600);
    expect(productionShares()).toEqual([30, 60, 90, 100]);
    const [{ startedAt, finishedAt } = {}] = await ecs.serviceDeployments();
    const minutes = ((finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 60_000;
    expect(minutes).toBeGreaterThan(30);
    expect(minutes).toBeLessThan(45);
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

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
describe('a Lambda hook', () => {
  async function updateWith(returned: (call: HookCall) => unknown, ...at: Stage[]): Promise<void> {
    await createUnder(blueGreen(lambdaHook(...at)));
    answer = returned;
    await ecs.update({ taskDefinition: await ecs.register() });
    await ecs.run(3600);
  }

  it.each([
    ['FAILED', () => ({ hookStatus: 'FAILED' }), /returned FAILED status\.$/],
    ['nothing to be understood', () => ({ status: 'fine' }), /unable to parse the response/],
    ['an error', () => Promise.reject(new Error('timed out')), /failed: timed out$/],
  ])('rolls the deployment back when it returns %s', async (_, returned, reason) => {
    await updateWith(returned, 'POST_SCALE_UP');
    expect((await ecs.serviceDeployments())[0]).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: expect.stringMatching(reason),
    });
    expect((await ecs.describe()).taskDefinition).toMatch(/web:1$/);
  });

  it('is called again after callBackDelay, with the hookDetails that it returned', async () => {
    const answers: unknown[] = [
      { hookStatus: 'IN_PROGRESS', callBackDelay: 90, hookDetails: { run: 1 } },
      { hookStatus: 'IN_PROGRESS', hookDetails: { run: 2 } },
      { hookStatus: 'SUCCEEDED' },
    ];
    await updateWith(() => answers.shift(), 'PRE_SCALE_UP');
    expect(calls.map(({ hookDetails }) => hookDetails)).toEqual([undefined, { run: 1 }, { run: 2 }]);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('SUCCESSFUL');
  });

  it('is called again for a rollback, for the new revision still: only the weights tell', async () => {
    const shifts: Stage[] = [
      'TEST_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
    ];
    await updateWith(
      ({ lifecycleStage }) => ({ hookStatus: lifecycleStage.startsWith('POST') ? 'FAILED' : 'SUCCEEDED' }),
      ...shifts,
    );
    expect(stages()).toEqual([...shifts, 'PRODUCTION_TRAFFIC_SHIFT', 'TEST_TRAFFIC_SHIFT']);
    expect(productionShares()).toEqual([100, 0]);
    const targets = calls.map(({ executionDetails }) => executionDetails.targetServiceRevisionArn);
    expect(new Set(targets).size).toBe(1);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
  });

  it('does harm when it fails during the rollback', async () => {
    await updateWith(
      ({ executionDetails: { productionTrafficWeights: weights, targetServiceRevisionArn: target } }) => ({
        hookStatus: weights[target] === 100 ? 'SUCCEEDED' : 'FAILED',
      }),
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
    );
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_FAILED');
  });

  it('is refused where nothing runs functions', async () => {
    ecs = await SimulatedEcs.start();
    const deploymentConfiguration = blueGreen(lambdaHook('PRE_SCALE_UP'));
    await expect(
      ecs.create({ taskDefinition: await ecs.register(), loadBalancers, deploymentConfiguration }),
    ).rejects.toMatchObject({ name: 'UnsupportedFeatureException' });
  });
});

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
describe('a PAUSE hook', () => {
  const pause = { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] };
  const hookEvents = () => ecs.details('ECS Hook State Change').map(({ eventName }) => eventName);

  async function updateToPause(
    hook: object = pause,
  ): Promise<{ serviceDeploymentArn: string; hookId: string }> {
    await createUnder(blueGreen());
    const deploymentConfiguration = blueGreen(hook);
    await ecs.update({ taskDefinition: await ecs.register(), deploymentConfiguration });
    await ecs.run(600);
    const [{ serviceDeploymentArn = '', lifecycleHookDetails = [] } = {}] = await ecs.serviceDeployments();
    return { serviceDeploymentArn, hookId: lifecycleHookDetails[0]?.hookId ?? '' };
  }

  it('holds the deployment until somebody continues it, and tells so', async () => {
    const paused = await updateToPause();
    expect((await ecs.serviceDeployments())[0]).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      lifecycleHookDetails: [{ targetType: 'PAUSE', status: 'AWAITING_ACTION', timeoutAction: 'ROLLBACK' }],
    });
    const [event] = ecs.notifications.filter((one) => one['detail-type'] === 'ECS Hook State Change');
    expect(event).toMatchObject({
      resources: [paused.serviceDeploymentArn],
      detail: {
        eventType: 'INFO',
        eventName: 'HOOK_AWAITING_ACTION',
        hookId: paused.hookId,
        hookType: 'PAUSE',
        lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
        updatedAt: expect.stringMatching(/\.\d{9}Z$/),
      },
    });
    await ecs.client.send(new ContinueServiceDeploymentCommand(paused));
    await ecs.run(3600);
    expect(hookEvents()).toEqual(['HOOK_AWAITING_ACTION', 'HOOK_SUCCEEDED']);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('SUCCESSFUL');
    await expect(ecs.client.send(new ContinueServiceDeploymentCommand(paused))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('rolls back when somebody says so', async () => {
    const paused = await updateToPause();
    await ecs.client.send(new ContinueServiceDeploymentCommand({ ...paused, action: 'ROLLBACK' }));
    await ecs.run(3600);
    expect((await ecs.serviceDeployments())[0]?.status).toBe('ROLLBACK_SUCCESSFUL');
    expect(hookEvents()).toEqual(['HOOK_AWAITING_ACTION', 'HOOK_FAILED']);
  });

  it.each([
    ['ROLLBACK', 'ROLLBACK_SUCCESSFUL'],
    ['CONTINUE', 'SUCCESSFUL'],
  ] as const)('does what its time-out says, %s', async (action, status) => {
    await updateToPause({ ...pause, timeoutConfiguration: { timeoutInMinutes: 30, action } });
    await ecs.run(7200);
    expect((await ecs.serviceDeployments())[0]?.status).toBe(status);
    expect(hookEvents()).toEqual(['HOOK_AWAITING_ACTION', 'HOOK_TIMED_OUT']);
  });
});
