import { afterEach, describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { isDecided } from '../../../../state-machines/log/events';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { emptyFold, foldOn } from '../../../../state-machines/service/fold';
import { crashing, never, promptly, RewindAtWork, service } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

describe('a bake of no seconds', () => {
  it.each([
    ['passes', '', 'passed'],
    ['ends inconclusive where an alarm of the policy does not exist', ', alarms: [gone]', 'inconclusive'],
  ])('%s, every time', async (_how, alarms, result) => {
    rewind = await RewindAtWork.start(memoryEventLog(), { policy: `defaults: { bakeSeconds: 0 ${alarms} }` });
    await rewind.withStable();
    for (let deployment = 0; deployment < 5; deployment += 1) {
      await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
      await rewind.pass(300);
    }
    const results = (await rewind.decisions('VerdictReached')).map(({ verdict }) => verdict.result);
    expect(results).toEqual(Array.from({ length: 6 }, () => result));
    expect(rewind.reports.some(({ isAtStandstill }) => isAtStandstill)).toBe(false);
  });
});

describe('on its first day', () => {
  it('Rewind goes back to what ran before it came, and not to what it saw fail to prove itself', async () => {
    rewind = await RewindAtWork.start(memoryEventLog());
    rewind.delaysOf = never;
    rewind.isAwake = false;
    const before = await rewind.withStable();
    rewind.delaysOf = promptly;
    rewind.isAwake = true;
    const unproven = { ...crashing, 'rewind.crash-after': '450' };
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(unproven) });
    await rewind.pass(300);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(120);
    const [request] = await rewind.decisions('RollbackRequested');
    expect(request?.target).toBe(before);
  });
});

describe('when every observed event has expired', () => {
  it('the decisions that stay still say what is proven', async () => {
    rewind = await RewindAtWork.start(memoryEventLog());
    const stable = await rewind.withStable();
    const left = (await rewind.events()).filter(isDecided);
    const { state } = foldOn(emptyFold(service), left, defaultPolicy);
    expect(state.memory.proven.map(({ taskDefinition }) => taskDefinition)).toEqual([stable]);
  });
});
