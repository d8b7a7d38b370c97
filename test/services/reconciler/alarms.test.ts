import { afterEach, describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { RewindAtWork } from './worlds/rewind-at-work';

let rewind: RewindAtWork | undefined;
afterEach(() => rewind?.stop());

/**
 * A stable service whose policy watches the alarms errors and latency, both OK, and whose next
 * revision is known. No alarm revokes the pass of the stable one.
 */
async function deployed(
  policy = ', probationSeconds: 0',
): Promise<{ rewind: RewindAtWork; stable: string; next: string }> {
  rewind = await RewindAtWork.start(memoryEventLog(), {
    policy: `defaults: { alarms: [errors, latency] ${policy} }`,
  });
  rewind.alarm('errors', 'OK');
  rewind.alarm('latency', 'OK');
  const stable = await rewind.withStable();
  const next = await rewind.ecs.register();
  return { rewind, stable, next };
}

async function outcomes(rewind: RewindAtWork): Promise<string[]> {
  return (await rewind.decisions('RolloutConcluded')).map(({ outcome }) => outcome);
}

describe('an alarm of the policy', () => {
  it('takes the rollout back when it is raised during the bake', async () => {
    const { rewind, stable, next } = await deployed();
    await rewind.ecs.update({ taskDefinition: next });
    await rewind.pass(150);
    rewind.alarm('errors', 'ALARM');
    await rewind.pass(200);
    expect((await rewind.decisions('VerdictReached')).at(1)).toMatchObject({
      verdict: { reason: 'AlarmRaised' },
    });
    expect(await rewind.runs()).toBe(stable);
  });

  it('(3) in ALARM before the start does not count; another one raised after it does', async () => {
    const { rewind, stable, next } = await deployed();
    rewind.alarm('errors', 'ALARM');
    await rewind.pass(10);
    await rewind.ecs.update({ taskDefinition: next });
    await rewind.pass(150);
    expect((await rewind.decisions('RolloutOpened')).at(1)?.alarms).toMatchObject([
      { alarm: 'errors', state: 'ALARM' },
      { alarm: 'latency', state: 'OK' },
    ]);
    expect(await rewind.runs()).toBe(next);
    rewind.alarm('latency', 'ALARM');
    await rewind.pass(200);
    expect(await rewind.runs()).toBe(stable);
    expect((await rewind.decisions('VerdictReached')).at(1)?.verdict.message).toMatch('alarm latency');
  });

  it('raised before the start lets the rollout pass when it stays so and nothing else is raised', async () => {
    const { rewind, next } = await deployed();
    rewind.alarm('errors', 'ALARM');
    await rewind.pass(10);
    await rewind.ecs.update({ taskDefinition: next });
    await rewind.pass(600);
    expect(await outcomes(rewind)).toEqual(['succeeded', 'succeeded']);
    expect(await rewind.runs()).toBe(next);
  });

  it('whose notification was lost is found raised when the bake ends', async () => {
    const { rewind, stable, next } = await deployed();
    await rewind.ecs.update({ taskDefinition: next });
    await rewind.pass(150);
    rewind.alarm('errors', 'ALARM', { isLost: true });
    await rewind.pass(600);
    expect((await rewind.decisions('VerdictReached')).at(1)?.verdict.message).toBe(
      'alarm errors is in ALARM at the end of the bake',
    );
    expect(await rewind.runs()).toBe(stable);
  });
});

describe('a bake whose alarms tell nothing', () => {
  const silences = {
    'has no data': (rewind: RewindAtWork) => rewind.alarm('errors', 'INSUFFICIENT_DATA'),
    'does not exist': (rewind: RewindAtWork) => rewind.alarms.states.delete('errors'),
    'cannot be read': (rewind: RewindAtWork) => {
      rewind.alarms.isReadable = false;
    },
  };

  it.each(Object.entries(silences))(
    '(4) is extended once and ends inconclusive when one %s',
    async (_how, silence) => {
      const { rewind, next } = await deployed();
      await rewind.ecs.update({ taskDefinition: next });
      silence(rewind);
      await rewind.pass(500);
      expect((await rewind.decisions('VerdictReached')).length).toBe(1);
      await rewind.pass(300);
      expect((await rewind.decisions('VerdictReached')).at(1)).toMatchObject({
        verdict: { result: 'inconclusive' },
      });
      expect(await rewind.decisions('AlarmsChecked')).toHaveLength(3);
      expect(await rewind.runs()).toBe(next);
      await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
      await rewind.pass(5);
      const [first] = await rewind.decisions('RolloutOpened');
      expect((await rewind.decisions('RolloutOpened')).at(2)?.stable).toBe(first?.taskDefinition);
    },
  );

  it('passes when the data comes back during the extension', async () => {
    const { rewind, next } = await deployed();
    await rewind.ecs.update({ taskDefinition: next });
    rewind.alarm('errors', 'INSUFFICIENT_DATA');
    await rewind.pass(500);
    rewind.alarm('errors', 'OK');
    await rewind.pass(300);
    expect((await rewind.decisions('VerdictReached')).at(1)).toMatchObject({ verdict: { result: 'passed' } });
  });

  it.each([
    ['rollback', 'rolledBack'],
    ['pass', 'succeeded'],
  ])('ends as the policy says: %s', async (onInconclusive, outcome) => {
    const { rewind, next } = await deployed(`, onInconclusive: ${onInconclusive}`);
    await rewind.ecs.update({ taskDefinition: next });
    rewind.alarm('errors', 'INSUFFICIENT_DATA');
    await rewind.pass(1000);
    expect((await outcomes(rewind)).at(1)).toBe(outcome);
  });
});
