import { afterEach, describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { createLifecycleHook } from '../../../services/hook/lifecycle-hook';
import { parsePolicyFile } from '../../../services/policy/policy-file';
import { verifyDecisions } from '../../../state-machines/audit/verify';
import { type HookCall, lambdaHook, loadBalancers } from '../../infra/ecs-simulator/hooked-service';
import { RewindAtWork } from '../reconciler/worlds/rewind-at-work';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

type Hook = ReturnType<typeof createLifecycleHook>;

const policyWith = (gates: string) => `defaults: { bakeSeconds: 60, alarms: [web-5xx], gates: { ${gates} } }`;
const bothStages = 'stages: [POST_TEST_TRAFFIC_SHIFT, PRE_PRODUCTION_TRAFFIC_SHIFT], minimumSeconds: 60';
const testStage = 'stages: [POST_TEST_TRAFFIC_SHIFT]';
const hookedStages = [
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
] as const;

let calls: HookCall[];
let answers: string[];
let troubles: unknown[];
/** What stands between ECS and the function. */
let ask: (hook: Hook, payload: unknown) => Promise<unknown>;

/** A stable service, and a canary of it whose hooks name Rewind's function. */
async function deploy(gates = bothStages, labels: Record<string, string> = {}): Promise<string> {
  const policy = policyWith(gates);
  const eventLog = memoryEventLog();
  [calls, answers, troubles] = [[], [], []];
  ask = (hook, payload) => hook(payload);
  rewind = await RewindAtWork.start(eventLog, {
    policy,
    invokeLambda: async (_, payload) => {
      calls.push(payload as HookCall);
      const answer = (await ask(hookOn(rewind.log), payload)) as { hookStatus: string };
      answers.push(answer.hookStatus);
      return answer;
    },
  });
  rewind.alarm('web-5xx', 'OK');
  await rewind.withStable();
  const taskDefinition = await rewind.ecs.register(labels);
  await rewind.ecs.update({
    taskDefinition,
    loadBalancers,
    deploymentConfiguration: {
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 1 },
      bakeTimeInMinutes: 1,
      lifecycleHooks: [lambdaHook(...hookedStages)],
    },
  });
  return taskDefinition;
}

function hookOn(eventLog: RewindAtWork['log']): Hook {
  return createLifecycleHook({
    eventLog,
    policies: parsePolicyFile(policyWith(bothStages), 'policy'),
    now: () => rewind.ecs.clock.now(),
    patience: () => new Promise(() => {}),
    onTrouble: (error) => troubles.push(error),
  });
}

const decided = async () =>
  (await rewind.decisions('GateDecided')).map(({ stage, answer }) => [stage, answer]);
const outcomes = async () =>
  (await rewind.decisions('RolloutConcluded')).slice(1).map(({ outcome }) => outcome);

async function expectEveryDecisionConfirmed(): Promise<void> {
  for (const { decision, verification } of verifyDecisions(await rewind.recorded())) {
    expect([decision.event.type, verification]).toMatchObject([decision.event.type, { result: 'confirmed' }]);
  }
}

describe('a lifecycle hook that is Rewind’s function', () => {
  it('passes on one answer a gate, decided as any other, and the canary goes on to its end', async () => {
    const next = await deploy();
    await rewind.pass(1_500);
    expect(await decided()).toEqual([
      ['POST_TEST_TRAFFIC_SHIFT', 'CONTINUE'],
      ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'CONTINUE'],
      ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'CONTINUE'],
    ]);
    expect([await rewind.runs(), await outcomes(), troubles]).toEqual([next, ['succeeded'], []]);
    expect(rewind.ecs.simulator.calls.list().map(({ operation }) => operation)).not.toContain(
      'ContinueServiceDeployment',
    );
    await expectEveryDecisionConfirmed();
  });

  it('R31 lets everything pass on the way back, whatever the verdict', async () => {
    await deploy();
    const isShifting = () =>
      calls.some(({ lifecycleStage }) => lifecycleStage === 'PRODUCTION_TRAFFIC_SHIFT');
    for (let second = 0; !isShifting() && second < 900; second += 1) await rewind.pass(1);
    await rewind.pass(30);
    rewind.alarm('web-5xx', 'ALARM');
    await rewind.pass(60);
    rewind.alarm('web-5xx', 'OK');
    await rewind.pass(900);
    const back = calls.flatMap((call, index) => {
      const { targetServiceRevisionArn: target, productionTrafficWeights } = call.executionDetails;
      return productionTrafficWeights[target] === 0 ? [answers[index]] : [];
    });
    expect(back.length).toBeGreaterThan(0);
    expect(new Set(back)).toEqual(new Set(['SUCCEEDED']));
    expect((await outcomes())[0]).toBe('rolledBack');
  });

  it('refuses a release that failed while it waited, and ECS goes back', async () => {
    await deploy(`${testStage}, minimumSeconds: 3000`, {
      'rewind.behaviour': 'crash',
      'rewind.crash-after': '120',
    });
    await rewind.pass(1_200);
    expect(await decided()).toEqual([['POST_TEST_TRAFFIC_SHIFT', 'ROLLBACK']]);
    expect(rewind.writes('StopServiceDeployment')).toBe(1);
    expect((await outcomes())[0]).toBe('rolledBack');
    await expectEveryDecisionConfirmed();
  });

  it('R32 is not done while the log cannot be read, and throws nothing: the release goes on afterwards', async () => {
    const next = await deploy();
    const throttled = async () => {
      throw Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });
    };
    const broken = { ...rewind.log, readSnapshot: throttled, append: throttled };
    ask = (_, payload) => hookOn(broken)(payload);
    await rewind.pass(400);
    expect(new Set(answers)).toEqual(new Set(['IN_PROGRESS']));
    expect(troubles.length).toBeGreaterThan(5);
    ask = (hook, payload) => hook(payload);
    await rewind.pass(1_500);
    expect([await rewind.runs(), await outcomes()]).toEqual([next, ['succeeded']]);
  });

  it('R33 R62 asked 200 times under changing ids has one answer, and gives back its details and the delay', async () => {
    await deploy(`${testStage}, minimumSeconds: 600`);
    for (let second = 0; calls.length === 0 && second < 600; second += 1) await rewind.pass(1);
    const [call] = calls;
    for (let time = 0; time < 200; time += 1) {
      const asked = { ...call, executionId: `${time}`, hookDetails: { bucket: 'tests' } };
      const answer = await hookOn(rewind.log)(asked);
      expect(answer).toEqual({
        hookStatus: 'IN_PROGRESS',
        callBackDelay: 20,
        hookDetails: { bucket: 'tests' },
      });
    }
    await rewind.pass(900);
    expect(await decided()).toEqual([['POST_TEST_TRAFFIC_SHIFT', 'CONTINUE']]);
    const asked = (await rewind.events()).filter(
      (event) => event.type === 'HookChanged' && event.hookId.startsWith('rewind-hook~'),
    );
    expect(asked.map((event) => 'eventName' in event && event.eventName)).toEqual([
      'HOOK_IN_PROGRESS',
      'HOOK_SUCCEEDED',
    ]);
  });

  it('is not done where what it is asked cannot be read, or the log takes too long', async () => {
    await deploy();
    expect(await hookOn(rewind.log)({ lifecycleStage: 7 })).toMatchObject({ hookStatus: 'IN_PROGRESS' });
    const hanging = { ...rewind.log, readSnapshot: () => new Promise<never>(() => {}) };
    const impatient = createLifecycleHook({
      eventLog: hanging,
      policies: parsePolicyFile('', 'policy'),
      now: () => rewind.ecs.clock.now(),
      patience: async () => {},
      onTrouble: () => {},
    });
    for (let second = 0; calls.length === 0 && second < 600; second += 1) await rewind.pass(1);
    expect(await impatient(calls[0])).toMatchObject({ hookStatus: 'IN_PROGRESS' });
  });
});
