import { readFileSync } from 'node:fs';
import { ContinueServiceDeploymentCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { snapshotContent } from '../../../../services/event-log/snapshot';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { parseServiceArn } from '../../../../state-machines/log/identifiers';
import type { StageObserved } from '../../../../state-machines/log/observed-events';
import { describeRollout } from '../../../../state-machines/rollout/live-rollout';
import { loadBalancers } from '../../../infra/ecs-simulator/hooked-service';
import { service as atWork, never, RewindAtWork } from '../worlds/rewind-at-work';
import { foldedState } from './folded-state';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

/** A stable service that shifts traffic, and a deployment of it that has just begun. */
async function deployUnder(deploymentConfiguration: object, input: object = { loadBalancers }) {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy: 'defaults: { bakeSeconds: 60 }' });
  await rewind.withStable();
  const taskDefinition = await rewind.ecs.register({});
  await rewind.ecs.update({ taskDefinition, deploymentConfiguration, ...input });
}

async function stages() {
  const seen = (await rewind.events()).filter(
    (event): event is StageObserved => event.type === 'StageObserved',
  );
  return seen.map(({ stage, production, hooks }) => [stage, production, hooks.length]);
}

const progress = async () => {
  const live = (await foldedState(rewind)).rollouts.at(-1);
  return live === undefined ? null : describeRollout(live).progress;
};
const overdue = () => rewind.decisions('DeadlineElapsed');
const outcomes = async () => (await rewind.decisions('RolloutConcluded')).map(({ outcome }) => outcome);

const slowly = [
  {
    ...loadBalancers[0],
    advancedConfiguration: {
      ...loadBalancers[0]?.advancedConfiguration,
      productionListenerRule: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/a/1/2',
    },
  },
];

describe('a rollout that shifts traffic', () => {
  it('R40 becomes facts step by step, each told once, and its bakes never make it late', async () => {
    await deployUnder({ strategy: 'LINEAR', bakeTimeInMinutes: 20 });
    await rewind.pass(600);
    expect(await progress()).toMatchObject({ state: 'shifting', step: 2, steps: 10, weight: 20, gate: null });
    const kept = snapshotContent(await rewind.log.readSnapshot(atWork), atWork);
    expect(kept.stageSeenAt, 'ECS was looked at').toBeGreaterThan(rewind.ecs.clock.now() - 60_000);
    await rewind.pass(4_800);
    const told = await stages();
    expect(told.filter(([stage]) => stage === 'PRODUCTION_TRAFFIC_SHIFT').map(([, share]) => share)).toEqual([
      10, 20, 30, 40, 50, 60, 70, 80, 90,
    ]);
    expect(new Set(told.map(String)).size).toBe(told.length);
    expect(await overdue()).toEqual([]);
    expect(await outcomes()).toEqual(['succeeded', 'succeeded']);
  });

  it('as the page of the guard declares it, with a pause of an hour, runs to its end and is never late', async () => {
    const page = readFileSync(new URL('../../../../docs/guard.md', import.meta.url), 'utf8');
    const [example = ''] = [...page.matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, text = '']) =>
      text.includes('CANARY') ? [text] : [],
    );
    const api = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/api');
    const { configuration } = parsePolicyFile(example, 'docs/guard.md').protectionFor(api);
    const { strategy, canaryConfiguration, lifecycleHooks } = configuration as Record<string, unknown>;
    await deployUnder({ strategy, canaryConfiguration, lifecycleHooks });
    await rewind.pass(3_600);
    const [{ serviceDeploymentArn } = {}] = await rewind.ecs.serviceDeployments();
    const waiting = (await progress())?.gate;
    expect(waiting?.stage).toBe('POST_TEST_TRAFFIC_SHIFT');
    await rewind.ecs.client.send(
      new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: waiting?.hookId }),
    );
    await rewind.pass(2_400);
    expect([await overdue(), await outcomes()]).toEqual([[], ['succeeded', 'succeeded']]);
  });

  it('R40 is not late for a bake of an hour, nor for a hook that waits for a day', async () => {
    const lifecycleHooks = [
      {
        targetType: 'PAUSE',
        lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
        timeoutConfiguration: { timeoutInMinutes: 1440, action: 'CONTINUE' },
      },
    ];
    await deployUnder({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60, lifecycleHooks });
    await rewind.pass(7_200);
    expect(await progress()).toMatchObject({
      state: 'testing',
      stage: 'POST_TEST_TRAFFIC_SHIFT',
      weight: 0,
      gate: { stage: 'POST_TEST_TRAFFIC_SHIFT' },
    });
    expect(await overdue()).toEqual([]);
  });

  it('R41 is not late for the ten minutes that a Network Load Balancer takes for each shift', async () => {
    await deployUnder(
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 1 } },
      { loadBalancers: slowly },
    );
    await rewind.pass(3_700);
    expect(await progress()).toMatchObject({ steps: 5 });
    expect(await overdue()).toEqual([]);
    await rewind.pass(900);
    expect(await outcomes()).toEqual(['succeeded', 'succeeded']);
  });

  it('R25 shows its gate within a sweep where no notification of it arrived', async () => {
    const lifecycleHooks = [{ targetType: 'PAUSE', lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT'] }];
    await deployUnder({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5, lifecycleHooks });
    await rewind.pass(60);
    rewind.delaysOf = never;
    await rewind.pass(240);
    expect(await progress()).toMatchObject({
      state: 'keeping',
      weight: 100,
      gate: { hookId: expect.stringMatching(/^ecs-pause-/), expiresAt: expect.any(Number) },
    });
  });
});
