import { describe, expect, it } from 'vitest';
import { inProcessClients } from '../../../../infra/local/in-process-clients';
import { awsEcs } from '../../../../services/aws/ecs/aws-ecs';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { type BadRollout, openGate, RollbackWorld } from '../worlds/rollback-world';

interface Raced {
  /** The calls that Rewind made, in order. */
  readonly calls: readonly string[];
  readonly runs: string;
  readonly newer: string;
  /** The verdicts on what was deployed in between. */
  readonly verdicts: readonly string[];
}

/** Somebody deploys something good directly before the call of that number. */
async function deployBefore(number: number, rollout: BadRollout): Promise<Raced> {
  const world = await RollbackWorld.start({ log: memoryEventLog(), seed: 1, rollout });
  const newer = world.register({});
  const calls: string[] = [];
  let deployed = '';
  const { ecs: client } = inProcessClients(world.simulator, 'rewind', async (operation, run) => {
    if (calls.length === number) {
      world.clock.advanceBy(1);
      world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: newer });
      deployed = world.primary().id;
    }
    calls.push(operation);
    return run();
  });
  const reconcile = world.reconcilerBehind(openGate, { ecs: awsEcs(client) });
  for (let again = 0; again < 3; again += 1) {
    await reconcile(world.wakeUp());
    world.clock.advanceBy(2);
    await world.deliver();
  }
  await world.settle();
  const verdicts = (await world.decisions('VerdictReached'))
    .filter(({ deployment }) => deployment === deployed)
    .map(({ verdict }) => verdict.result);
  return { calls, runs: world.primary().taskDefinition, newer, verdicts };
}

const nowhere = Number.POSITIVE_INFINITY;
const writes = ['StopServiceDeployment', 'UpdateService'];

describe('what somebody deploys while Rewind looks and calls (I3)', () => {
  it.each([
    { crashes: 'at once', breaker: 'none' },
    { crashes: 'in the bake', breaker: 'none' },
  ] as const)(
    'is never stopped and never condemned, before whichever call it happens: %o',
    async (rollout) => {
      const { calls } = await deployBefore(nowhere, rollout);
      const write = calls.findIndex((name) => writes.includes(name));
      expect(write).toBeGreaterThan(2);
      // UpdateService names no deployment: the last round trip before it is all that is left open.
      const last = calls[write] === 'UpdateService' ? write - 1 : write;
      for (let number = 0; number <= last; number += 1) {
        const { runs, newer, verdicts } = await deployBefore(number, rollout);
        expect([number, runs, verdicts]).toEqual([number, newer, ['passed']]);
      }
      if (calls[write] === 'UpdateService') expect(calls[write - 1]).toBe('DescribeServices');
    },
  );
});
