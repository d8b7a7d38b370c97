import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { openOwnTable } from '../../fixtures/own-table';
import type { Effect, Gate } from './worlds/gated-effects';
import { emptyLog } from './worlds/log-table';
import { type BadRollout, openGate, RollbackWorld } from './worlds/rollback-world';

const plain: BadRollout = { crashes: 'at once', breaker: 'none' };
const inTheBake: BadRollout = { crashes: 'in the bake', breaker: 'none' };
const withoutTarget: BadRollout = { ...inTheBake, deregisters: true };
const withBreaker: BadRollout = { crashes: 'at once', breaker: 'rolls back' };

/** Every so many points, unless the environment asks for all of them. */
const onDynamoDb = Number(process.env.REWIND_EVERY_POINT ?? 24);

let dynamoDb: LocalTable;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
});
afterAll(() => dynamoDb?.stop());

/**
 * Calls `happen` at one point of a reconcile: the points stand before and behind each of its
 * effects, counted from 0.
 */
class Point implements Gate {
  readonly passed: string[] = [];
  constructor(
    readonly at: number,
    readonly happen: () => Promise<void>,
  ) {}
  before = ({ name }: Effect) => this.#pass(`before ${name}`);
  after = ({ name }: Effect) => this.#pass(`after ${name}`);

  async #pass(point: string): Promise<void> {
    this.passed.push(point);
    if (this.passed.length - 1 === this.at) await this.happen();
  }
}

async function pointsOf(rollout: BadRollout): Promise<string[]> {
  const world = await RollbackWorld.start({ log: memoryEventLog(), seed: 1, rollout });
  const none = new Point(-1, async () => {});
  await world.reconcilerBehind(none)(world.wakeUp());
  return none.passed;
}

const never = () => new Promise<void>(() => {});

/** Runs a reconcile until it stands at its crash for good. */
async function crashAt(world: RollbackWorld, point: number): Promise<void> {
  await new Promise<void>((crashed) => {
    const gate = new Point(point, () => {
      crashed();
      return never();
    });
    world.reconcilerBehind(gate)(world.wakeUp());
  });
}

async function expectOneRollback(world: RollbackWorld, point: string): Promise<void> {
  const told = await world.decisions('RollbackIssued', 'RollbackAdopted', 'RollbackRejected');
  const outcomes = (await world.decisions('RolloutConcluded')).map(({ outcome }) => outcome);
  expect(world.rollbacks, point).toHaveLength(1);
  expect(outcomes, point).toEqual(['succeeded', 'rolledBack', 'succeeded']);
  const [tale] = told;
  const isOurs =
    tale?.type === 'RollbackIssued' || (tale?.type === 'RollbackAdopted' && tale.by === 'rewind');
  expect(told, point).toHaveLength(1);
  expect(isOurs, point).toBe(true);
  expect(world.primary().taskDefinition, point).toBe(copyIn(world) ?? world.stable);
}

/** The one copy of the stable task definition that there may be; null where there is none. */
function copyIn(world: RollbackWorld): string | null {
  const { taskDefinitionArns } = world.call('ListTaskDefinitions', { familyPrefix: 'web' });
  const copies = (taskDefinitionArns as string[]).filter((arn) => arn !== world.stable && arn !== world.bad);
  expect(copies.length).toBeLessThanOrEqual(1);
  return copies[0] ?? null;
}

describe('a reconciler that dies (I3, I5)', () => {
  it.each([
    ['that is still in progress', plain],
    ['that has completed', inTheBake],
    ['that has completed, with a stable task definition that is INACTIVE', withoutTarget],
  ])(
    'before or behind any of its effects on a rollout %s is followed by one that takes it back once',
    async (_, rollout) => {
      const points = await pointsOf(rollout);
      expect(points.length).toBeGreaterThan(30);
      for (const [index, point] of points.entries()) {
        // Both logs keep the same contract; on DynamoDB a run takes ten times as long.
        const log = index % onDynamoDb === 0 ? await emptyLog(dynamoDb) : memoryEventLog();
        const world = await RollbackWorld.start({ log, seed: 1, rollout });
        await crashAt(world, index);
        await world.settle();
        await expectOneRollback(world, point);
      }
    },
    120_000,
  );
});

describe('fifty reconcilers woken at once', () => {
  it('take a rollout back once (I3)', async () => {
    const world = await RollbackWorld.start({ log: await emptyLog(dynamoDb), seed: 1, rollout: plain });
    const wakeUp = world.wakeUp();
    const all = Array.from({ length: 50 }, () => world.reconcilerBehind(openGate)(wakeUp));
    await Promise.allSettled(all);
    await world.settle();
    await expectOneRollback(world, 'at once');
  }, 60_000);
});

describe("ECS's circuit breaker", () => {
  it('may begin its rollback at any point of a reconcile: the service goes back once, and the log tells who did it (I3)', async () => {
    const points = await pointsOf(withBreaker);
    const tellers = new Set<string>();
    for (const [index, point] of points.entries()) {
      const world = await RollbackWorld.start({ log: memoryEventLog(), seed: 1, rollout: withBreaker });
      const trip = () => world.passUntil(() => world.nativeRollbacks > 0 || world.rollbacks.length > 0);
      await world.reconcilerBehind(new Point(index, trip))(world.wakeUp());
      await world.settle();
      expect(world.rollbacks.length + world.nativeRollbacks, point).toBe(1);
      const told = await world.decisions('RollbackIssued', 'RollbackAdopted');
      const by = told.map((tale) => (tale.type === 'RollbackIssued' ? 'rewind' : tale.by));
      const actor = world.rollbacks.length === 1 ? 'rewind' : 'ecs';
      tellers.add(actor);
      expect(by, point).toEqual([actor]);
      expect(world.primary().taskDefinition, point).toBe(world.stable);
    }
    expect([...tellers].sort()).toEqual(['ecs', 'rewind']);
  }, 120_000);
});
