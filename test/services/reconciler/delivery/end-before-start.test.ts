import { afterEach, expect, it } from 'vitest';
import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { verifyDecisions } from '../../../../state-machines/audit/verify';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { replay } from '../../../../state-machines/replay/replay';
import { crashing, RewindAtWork } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

const end = 'SERVICE_DEPLOYMENT_COMPLETED';

/** Its end at once, and what came before it minutes later. */
function endFirst({ detail }: Notification): readonly number[] {
  return [detail.eventName === end ? 0 : 900];
}

it('a rollout whose completion is told minutes before its start and its tasks proves its revision, which a crash goes back to (I2, I4)', async () => {
  rewind = await RewindAtWork.start(memoryEventLog());
  rewind.delaysOf = endFirst;
  const stable = await rewind.withStable();
  await rewind.pass(600);
  rewind.delaysOf = () => [0];
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
  await rewind.pass(600);

  expect(await rewind.runs()).toBe(stable);
  const recorded = await rewind.recorded();
  const told = replay(
    recorded.map(({ event }) => event),
    { policy: defaultPolicy, until: rewind.ecs.clock.now() },
  );
  expect(told.map(({ outcome, taskDefinition }) => [outcome, taskDefinition])).toEqual([
    ['succeeded', stable],
    ['rolledBack', expect.anything()],
    ['succeeded', stable],
  ]);
  const verified = [...verifyDecisions(recorded)];
  expect(verified.filter(({ verification }) => verification.result !== 'confirmed')).toEqual([]);
});
