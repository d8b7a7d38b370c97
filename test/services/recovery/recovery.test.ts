import { afterEach, describe, expect, it } from 'vitest';
import type { ChangedKey } from '../../../services/aws/table-stream';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { createRecovery } from '../../../services/recovery/recover';
import { logKeyOf } from '../../../state-machines/log/events';
import { crashing, RewindAtWork, service } from '../reconciler/worlds/rewind-at-work';
import { givenUpMessage } from './given-up-message';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

/**
 * A revision fails while the reconciler cannot run, so that its wake-ups are given up; then it runs
 * again, and is woken by the sweep alone.
 */
async function givenUp(): Promise<{ keys: ChangedKey[] }> {
  rewind = await RewindAtWork.start(memoryEventLog());
  await rewind.withStable();
  await rewind.pass(600);
  rewind.isAwake = false;
  const before = new Set((await rewind.events()).map(logKeyOf));
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
  await rewind.pass(120);
  const keys = (await rewind.events()).map((event) => ({ service, position: logKeyOf(event) }));
  return { keys: keys.filter(({ position }) => !before.has(position)) };
}

function recoveryOf(keys: readonly ChangedKey[] | 'trimmed') {
  return createRecovery({
    eventLog: rewind.log,
    tableStream: { keysIn: async () => keys },
    async *keysOfTable() {
      yield* ['alarm#arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors', service];
    },
    now: () => rewind.ecs.clock.now(),
  });
}

async function expectTakenBack(): Promise<void> {
  expect((await rewind.decisions('VerdictReached')).at(1)?.verdict).toMatchObject({ result: 'failed' });
  expect(rewind.writes('StopServiceDeployment')).toBe(1);
}

const message = () => givenUpMessage({}, rewind.ecs.clock.now());

describe('wake-ups that the reconciler gave up', () => {
  it('are found by no sweep, until they are recovered: then the failed rollout is taken back', async () => {
    const { keys } = await givenUp();
    expect(await rewind.sweep()).toEqual({ woken: 0, failed: 0 });
    const others = [{ service, position: 'snapshot' }, ...keys] as ChangedKey[];
    expect(await recoveryOf(others)(message())).toEqual({ services: 1, isTrimmed: false });
    expect(await rewind.sweep()).toEqual({ woken: 1, failed: 0 });
    await expectTakenBack();
  });

  it('are those of every service where the stream has forgotten them', async () => {
    await givenUp();
    expect(await recoveryOf('trimmed')(message())).toEqual({ services: 1, isTrimmed: true });
    await rewind.sweep();
    await expectTakenBack();
  });

  it('are recovered from where the log changed, though the service was reconciled since', async () => {
    const { keys } = await givenUp();
    const late = keys.slice(0, -3);
    const behind = keys.at(-1)?.position ?? null;
    // Whoever is woken for the last event only takes the log for known up to it.
    await rewind.reconcile({ service, changedFrom: behind });
    const recover = recoveryOf(late);
    await recover(message());
    await recover(message());
    await rewind.sweep();
    expect((await rewind.decisions('VerdictReached')).at(1)?.verdict).toMatchObject({ result: 'failed' });
  });

  it('stay in their queue where the message is not Lambda’s, or the log cannot be written', async () => {
    const { keys } = await givenUp();
    await expect(recoveryOf(keys)('{}')).rejects.toThrow();
    const broken = { ...rewind.log, writeSnapshot: async () => 'conflict' as const };
    const recover = createRecovery({
      eventLog: broken,
      tableStream: { keysIn: async () => keys },
      async *keysOfTable() {},
      now: () => rewind.ecs.clock.now(),
    });
    await expect(recover(message())).rejects.toThrow(/changed by somebody else/);
  });
});
