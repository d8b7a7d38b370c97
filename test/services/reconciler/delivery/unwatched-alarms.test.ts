import { afterEach, describe, expect, it } from 'vitest';
import type { Ecs } from '../../../../services/aws/ecs/ecs';
import type { EventLog } from '../../../../services/event-log/event-log';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { verifyDecisions } from '../../../../state-machines/audit/verify';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { replay } from '../../../../state-machines/replay/replay';
import { RewindAtWork, service } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

/** A stable service whose policy watches the alarm errors, and a revision to be deployed. */
async function given(policy = ''): Promise<{ stable: string; next: string }> {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy: policyText(policy) });
  rewind.alarm('errors', 'OK');
  const stable = await rewind.withStable();
  return { stable, next: await rewind.ecs.register() };
}

function policyText(more: string): string {
  return `defaults: { alarms: [errors] ${more} }`;
}

/** The alarm is raised, and is over after so many seconds. */
async function flap(seconds: number): Promise<void> {
  rewind.alarm('errors', 'ALARM');
  await rewind.pass(seconds);
  rewind.alarm('errors', 'OK');
}

/** On the rollout after the stable one. */
async function verdict() {
  return (await rewind.decisions('VerdictReached')).at(1)?.verdict;
}

const raised = { result: 'failed', reason: 'AlarmRaised' };

/** A replay says what was decided, and the audit confirms it. */
async function expectSameAgain(): Promise<void> {
  const recorded = await rewind.recorded();
  const told = replay(
    recorded.map(({ event }) => event),
    { policy: defaultPolicy, until: rewind.ecs.clock.now() },
  );
  expect(told.at(1)?.verdict).toEqual(await verdict());
  const verified = [...verifyDecisions(recorded)];
  expect(verified.filter(({ verification }) => verification.result !== 'confirmed')).toEqual([]);
}

describe('an alarm that is raised when nobody watches it', () => {
  it('fails the rollout whose opening was not recorded yet, though it is over by then', async () => {
    const { stable, next } = await given();
    rewind.isAwake = false;
    await rewind.ecs.update({ taskDefinition: next });
    await rewind.pass(5);
    await flap(60);
    await rewind.pass(5);
    rewind.isAwake = true;
    await rewind.pass(400);
    expect(await verdict()).toMatchObject(raised);
    expect(await rewind.runs()).toBe(stable);
    const changes = (await rewind.recorded()).filter(({ event }) => event.type === 'AlarmChanged');
    expect(changes.slice(-2).every(({ notification }) => notification?.includes('aws.cloudwatch'))).toBe(
      true,
    );
    await expectSameAgain();
  });

  it('fails the rollout although ECS cannot be asked', async () => {
    const { next } = await given();
    rewind.isAwake = false;
    await rewind.ecs.update({ taskDefinition: next });
    await rewind.pass(5);
    await flap(60);
    await rewind.pass(5);
    const silent = new Proxy({} as Ecs, { get: () => () => Promise.reject(new Error('no answer')) });
    const policies = parsePolicyFile(policyText(''), 'policy');
    const reconcile = rewind.reconcilerWith({ ecs: silent, policies });
    await reconcile({ service, changedFrom: null });
    expect(await verdict()).toMatchObject(raised);
  });

  it('between the record of the opening and that of who watches fails the rollout within a sweep', async () => {
    const { stable, next } = await given();
    rewind.isAwake = false;
    await rewind.ecs.update({ taskDefinition: next });
    await rewind.pass(5);
    let hasRaised = false;
    const log: EventLog = {
      ...rewind.log,
      async writeSnapshot(...snapshot) {
        if (!hasRaised) rewind.alarm('errors', 'ALARM');
        hasRaised = true;
        await rewind.deliver();
        return rewind.log.writeSnapshot(...snapshot);
      },
    };
    const policies = parsePolicyFile(policyText(''), 'policy');
    await rewind.reconcilerWith({ log, policies })({ service, changedFrom: null });
    rewind.isAwake = true;
    await rewind.pass(30);
    rewind.alarm('errors', 'OK');
    await rewind.pass(40);
    expect(await verdict()).toMatchObject(raised);
    await rewind.pass(300);
    expect(await rewind.runs()).toBe(stable);
    await expectSameAgain();
  });

  it('between two rollouts has a past when the next one starts, and is doubted', async () => {
    const { next } = await given(', failureRule: evidence, probationSeconds: 0');
    await flap(120);
    await rewind.pass(2000);
    await rewind.ecs.update({ taskDefinition: next });
    await rewind.pass(60);
    await flap(60);
    await rewind.pass(900);
    const [, opening] = await rewind.decisions('RolloutOpened');
    expect(opening?.alarmHistory).toMatchObject([
      { alarm: 'errors', state: 'OK', raises: [expect.any(Number)] },
    ]);
    expect(await verdict()).toMatchObject({ result: 'passed' });
    await expectSameAgain();
    // What the first rollout saw of the alarm is no raise without a rollout, nor a new one.
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(60);
    const [, , third] = await rewind.decisions('RolloutOpened');
    expect(third?.alarmHistory?.[0]?.raises).toEqual(opening?.alarmHistory?.[0]?.raises);
  });
});
