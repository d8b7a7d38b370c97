import { ContinueServiceDeploymentCommand, type DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from 'vitest';
import {
  blueGreen,
  type HookCall,
  HookedService,
  lambdaHook,
  loadBalancers,
  type Stage,
} from '../hooked-service';
import { SimulatedEcs } from '../simulated-ecs';

let ecs: SimulatedEcs;
let service: HookedService;
afterEach(() => ecs.stop());

async function createUnder(deploymentConfiguration: DeploymentConfiguration): Promise<void> {
  service = await HookedService.createUnder(deploymentConfiguration);
  ecs = service.ecs;
}

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
describe('a Lambda hook', () => {
  async function updateWith(returned: (call: HookCall) => unknown, ...at: Stage[]): Promise<void> {
    await createUnder(blueGreen(lambdaHook(...at)));
    service.answer = returned;
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
    expect(service.calls.map(({ hookDetails }) => hookDetails)).toEqual([undefined, { run: 1 }, { run: 2 }]);
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
    expect(service.stages).toEqual([...shifts, 'PRODUCTION_TRAFFIC_SHIFT', 'TEST_TRAFFIC_SHIFT']);
    expect(service.productionShares).toEqual([100, 0]);
    const targets = service.calls.map(({ executionDetails }) => executionDetails.targetServiceRevisionArn);
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
    expect(ecs.details('AWS API Call via CloudTrail').at(-1)).toMatchObject({
      eventName: 'ContinueServiceDeployment',
      requestParameters: paused,
      responseElements: { serviceDeploymentArn: paused.serviceDeploymentArn },
    });
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
