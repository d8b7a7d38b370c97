import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { type BadRollout, RollbackWorld, type WorldParts } from '../worlds/rollback-world';

const scenarios: BadRollout[] = [
  { crashes: 'at once', breaker: 'none' },
  { crashes: 'at once', breaker: 'rolls back' },
  { crashes: 'in the bake', breaker: 'none' },
];

/** What became of the service and what was said of each of its deployments, whoever came first. */
async function endOf(rollout: BadRollout, delaysOf?: WorldParts['delaysOf']) {
  const world = await RollbackWorld.start({
    log: memoryEventLog(),
    seed: 5,
    rollout,
    ...(delaysOf && { delaysOf }),
  });
  await world.settle();
  const verdicts = await world.decisions('VerdictReached');
  const conclusions = await world.decisions('RolloutConcluded');
  return {
    runs: world.primary().taskDefinition,
    rollbacks: world.rollbacks.length + world.nativeRollbacks,
    // Which of several reasons tips it first depends on which is told first.
    verdicts: verdicts.map(({ verdict }) => verdict.result),
    outcomes: conclusions.map(({ outcome }) => outcome),
  };
}

const random = new SeededRandom(11);
const late: [string, NonNullable<WorldParts['delaysOf']>][] = [
  ['shuffled within ten minutes', () => [random.between(0, 600)]],
  ['ten minutes late', () => [600]],
  ['three times, shuffled within ten minutes', () => [1, 2, 3].map(() => random.between(0, 600))],
];

describe('notifications that arrive three times (I1)', () => {
  it.each(scenarios)(
    'lead to the same end, and to one rollback ($crashes, breaker: $breaker)',
    async (rollout) => {
      expect(await endOf(rollout, () => [0, 7, 45])).toEqual(await endOf(rollout));
    },
  );
});

describe.each(late)('(11) notifications that arrive %s (I2)', (_, delaysOf) => {
  it.each(scenarios)(
    'lead to the same end, and to one rollback ($crashes, breaker: $breaker)',
    async (rollout) => {
      expect(await endOf(rollout, delaysOf)).toEqual(await endOf(rollout));
    },
  );
});
