import { TagResourceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { crashing, RewindAtWork, service } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
let stable: string;
let bad: string;

beforeEach(async () => {
  rewind = await RewindAtWork.start(memoryEventLog());
  stable = await rewind.withStable();
  bad = await rewind.ecs.register(crashing);
});
afterEach(() => rewind.stop());

async function tag(key: string, value: string): Promise<void> {
  const { serviceArn: resourceArn } = await rewind.ecs.describe();
  await rewind.ecs.client.send(new TagResourceCommand({ resourceArn, tags: [{ key, value }] }));
}

/** The bad revision is deployed and opened, and fails while nobody looks. */
async function failUnseen(): Promise<void> {
  await rewind.ecs.update({ taskDefinition: bad });
  await rewind.pass(3);
  rewind.isAwake = false;
  await rewind.pass(90);
}

describe('a tag of the service that says observe', () => {
  it.each([
    ['rewind:mode', 'observe', 'the policy file or a tag of the service says observe'],
    [
      'rewind:Mode',
      'observe',
      'the tag rewind:Mode is not a key that Rewind knows: until it is right, Rewind observes the service',
    ],
  ])('holds back a rollback that is due already, and says so: %s = %s', async (key, value, because) => {
    await failUnseen();
    await tag(key, value);
    const reconcile = rewind.reconcilerWith();
    await reconcile({ service, changedFrom: '0' as never });
    expect(await rewind.decisions('VerdictReached')).toHaveLength(2);
    expect(rewind.reports.at(-1)).toMatchObject({ isHeld: true, because: `held: ${because}` });
    expect([await rewind.runs(), await rewind.decisions('RollbackRequested')]).toEqual([bad, []]);

    await tag(key, 'enforce');
    if (key !== 'rewind:mode') return;
    rewind.isAwake = true;
    await rewind.pass(120);
    expect(await rewind.runs()).toBe(stable);
  });

  it('by mistake, keeps a rollout from its start on from being taken back, and is told at its opening (I8)', async () => {
    await tag('rewind:mode', 'Observe');
    await rewind.ecs.update({ taskDefinition: bad });
    await rewind.pass(200);
    const problem =
      'the tag rewind:mode must be enforce or observe: until it is right, Rewind observes the service';
    const opened = (await rewind.decisions('RolloutOpened')).at(-1);
    expect(opened).toMatchObject({ policy: { mode: 'observe' }, policyProblems: [problem] });
    expect(rewind.reports.flatMap(({ policyProblems }) => policyProblems)).toEqual([problem]);
    expect(await rewind.runs()).toBe(bad);
  });
});

describe('Rewind that is deployed to observe', () => {
  it('writes nothing, with no switch to ask (I8)', async () => {
    await failUnseen();
    await rewind.reconcilerWith({ mode: 'observe' })({ service, changedFrom: '0' as never });
    expect([await rewind.runs(), rewind.writes('StopServiceDeployment')]).toEqual([bad, 0]);
    expect(rewind.reports.at(-1)?.because).toBe('held: Rewind is deployed to observe only');
  });
});
