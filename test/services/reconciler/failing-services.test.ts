import { describe, expect, it } from 'vitest';
import type { Ecs } from '../../../services/aws/ecs/ecs';
import type { EventLog } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import type { Effect, Gate } from './worlds/gated-effects';
import { openGate, RollbackWorld } from './worlds/rollback-world';

const start = () =>
  RollbackWorld.start({ log: memoryEventLog(), seed: 3, rollout: { crashes: 'at once', breaker: 'none' } });

function named(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

interface Fault {
  readonly error: string;
  readonly when: 'before' | 'after';
  readonly times: number;
}

/** Fails the effects of a kind some times, before or after they took place. */
function failing(effects: RegExp, { error, when, times }: Fault): Gate {
  let left = times;
  const fail = ({ name }: Effect) => {
    if (!effects.test(name) || left === 0) return Promise.resolve();
    left -= 1;
    return Promise.reject(named(error));
  };
  return { ...openGate, [when]: fail };
}

/**
 * Wakes Rewind as the platform does: a wake-up that failed is repeated, and the sweep comes when it
 * is due.
 */
async function wakeUntilDone(world: RollbackWorld, gate: Gate, parts: { log?: EventLog; ecs?: Ecs } = {}) {
  const reconcile = world.reconcilerBehind(gate, parts);
  for (let minute = 0; minute < 30; minute += 1) {
    const wakeUp = world.wakeUp();
    for (let again = 0; again < 4; again += 1) {
      const hasWorked = await reconcile(wakeUp).then(
        () => true,
        () => false,
      );
      if (hasWorked) break;
    }
    world.clock.advanceBy(30);
    await world.deliver();
  }
}

async function outcomesOf(world: RollbackWorld) {
  return (await world.decisions('RolloutConcluded')).map(({ outcome }) => outcome);
}

const writes = /StopServiceDeployment|UpdateService/;

describe('ECS that fails', () => {
  it.each([
    ['is throttled', 'ThrottlingException', 'before'],
    ['answers 5xx', 'ServerException', 'before'],
    ['does not answer, having done nothing', 'TimeoutError', 'before'],
    ['does not answer, having done it', 'TimeoutError', 'after'],
    ['answers 5xx, having done it', 'ServerException', 'after'],
  ] as const)('when it %s is asked again, and the service goes back once', async (_, error, when) => {
    for (const times of [1, 3]) {
      const world = await start();
      await wakeUntilDone(world, failing(writes, { error, when, times }));
      expect([world.rollbacks.length, await outcomesOf(world)]).toEqual([
        1,
        ['succeeded', 'rolledBack', 'succeeded'],
      ]);
      expect(await world.decisions('RollbackRejected')).toEqual([]);
    }
  });

  it('while it is looked at is asked again later and later, and says so in the report', async () => {
    const world = await start();
    const reconcile = world.reconcilerBehind(
      failing(/observe/, { error: 'ThrottlingException', when: 'before', times: 99 }),
    );
    const waits = [];
    for (let again = 0; again < 9; again += 1) {
      const { nextWakeAt } = await reconcile(world.wakeUp());
      waits.push(((nextWakeAt ?? 0) - world.clock.now()) / 1000);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    expect(world.reports.at(-1)?.because).toMatch('ThrottlingException');
  });

  it.each([['AccessDeniedException'], ['InvalidParameterException'], ['ClientException']])(
    'with %s on the write is not asked again: the refusal is recorded and told (I6)',
    async (error) => {
      const world = await start();
      await wakeUntilDone(world, failing(writes, { error, when: 'before', times: 99 }));
      expect(await world.decisions('RollbackRejected')).toMatchObject([{ reason: error, attempt: 1 }]);
      expect(await outcomesOf(world)).toEqual(['succeeded', 'rollbackFailed']);
      expect(world.rollbacks).toEqual([]);
      expect(world.reports.some(({ because }) => because.startsWith(error))).toBe(true);
    },
  );

  it.each(['VerdictReached', 'RollbackRequested'])(
    'with AccessDeniedException on every look from %s on is told as a refusal too',
    async (decision) => {
      const world = await start();
      const dying = failing(new RegExp(`append ${decision}`), { error: 'Stop', when: 'before', times: 1 });
      await world
        .reconcilerBehind(dying)(world.wakeUp())
        .catch(() => {});
      const denied = { error: 'AccessDeniedException', when: 'before', times: 99 } as const;
      await wakeUntilDone(world, failing(/observe/, denied));
      const rejections = await world.decisions('RollbackRejected');
      expect(rejections).toMatchObject([{ reason: 'AccessDeniedException' }]);
    },
  );
});

describe('DynamoDB that fails', () => {
  it.each([
    ['is throttled', 'ProvisionedThroughputExceededException', 'before'],
    ['answers 5xx', 'InternalServerError', 'before'],
    ['does not answer, having written', 'TimeoutError', 'after'],
    ['has lost its table for a while', 'ResourceNotFoundException', 'before'],
    ['denies access for a while', 'AccessDeniedException', 'before'],
  ] as const)('when it %s loses nothing and makes nothing happen twice', async (_, error, when) => {
    for (const effects of [/append/, /^read/, /writeSnapshot/, /append|read|write/]) {
      for (const times of [1, 2, 7]) {
        const world = await start();
        await wakeUntilDone(world, failing(effects, { error, when, times }));
        expect([world.rollbacks.length, await outcomesOf(world)]).toEqual([
          1,
          ['succeeded', 'rolledBack', 'succeeded'],
        ]);
      }
    }
  });
});
