import { describe, expect, it } from 'vitest';
import { AccountNotConfiguredError } from '../../../services/aws/ecs/ecs';
import { itemOf } from '../../../services/event-log/event-item';
import type { RecordedEvent } from '../../../services/event-log/event-log';
import { itemBytes } from '../../../services/event-log/item-size';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { verifyDecisions } from '../../../state-machines/audit/verify';
import { isDecided, type RewindEvent } from '../../../state-machines/log/events';
import { interleave } from './worlds/interleaving';
import { service } from './worlds/rewind-at-work';
import { openGate, RollbackWorld } from './worlds/rollback-world';

const seeds = Number(process.env.REWIND_VERIFIED ?? 12);

async function recordedIn(world: RollbackWorld): Promise<RecordedEvent[]> {
  const recorded: RecordedEvent[] = [];
  for await (const one of world.log.read(service, null)) recorded.push(one);
  return recorded;
}

/** What differs when every decision is made again, as `type: field`. */
function differencesIn(recorded: readonly RecordedEvent[]): string[] {
  return [...verifyDecisions(recorded)].flatMap(({ decision, verification }) =>
    verification.result === 'differs' ? [`${decision.event.type}: ${verification.difference.field}`] : [],
  );
}

function resultsIn(recorded: readonly RecordedEvent[]): Set<string> {
  return new Set([...verifyDecisions(recorded)].map(({ verification }) => verification.result));
}

/** The same log, with the first such event otherwise; null: without it. */
function withChanged(
  recorded: readonly RecordedEvent[],
  isIt: (event: RewindEvent) => boolean,
  change: (event: RewindEvent) => object | null,
): RecordedEvent[] {
  const index = recorded.findIndex(({ event }) => isIt(event));
  return recorded.flatMap((one, at) => {
    if (at !== index) return [one];
    const event = change(one.event);
    return event === null ? [] : [{ ...one, event: event as RewindEvent }];
  });
}

function crashingWorld(): Promise<RollbackWorld> {
  const rollout = { crashes: 'at once', breaker: 'none' } as const;
  return RollbackWorld.start({ log: memoryEventLog(), seed: 5, rollout });
}

describe('a decision made again from what was known', () => {
  it(`is the one recorded, however several reconcilers raced, died and were late (I9) (seeds 1 to ${seeds})`, async () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const recorded = await recordedIn((await interleave({ seed })).world);
      const decisions = recorded.filter(({ event }) => isDecided(event));
      expect(decisions.length).toBeGreaterThan(5);
      // What it was made from is kept with it, within the one write unit that it takes anyway.
      expect(Math.max(...decisions.map((one) => itemBytes(itemOf(one))))).toBeLessThan(1024);
      expect({ seed, differences: differencesIn(recorded) }).toEqual({ seed, differences: [] });
      expect(resultsIn(recorded)).toEqual(new Set(['confirmed']));
    }
  }, 60_000);

  it('differs where what it was made from is no longer what it was (I9)', async () => {
    const world = await crashingWorld();
    await world.settle();
    const recorded = await recordedIn(world);
    expect(resultsIn(recorded)).toEqual(new Set(['confirmed']));

    const hasFailed = (event: RewindEvent) =>
      event.type === 'TaskChanged' && event.stopped?.stopCode === 'EssentialContainerExited';
    // Each stop is told twice: once while the task is stopping, and once when it has stopped.
    const tasksForgiven = recorded.map((one) =>
      hasFailed(one.event) ? { ...one, event: { ...one.event, stopped: null } as RewindEvent } : one,
    );
    expect(differencesIn(tasksForgiven)).toEqual(['VerdictReached: ']);
    const tasksGone = withChanged(recorded, hasFailed, () => null);
    expect(differencesIn(tasksGone)).toContain('VerdictReached: madeWith.eventsSeen');
    const isRequest = ({ type }: RewindEvent) => type === 'RollbackRequested';
    const otherTarget = withChanged(recorded, isRequest, (event) => ({ ...event, target: world.bad }));
    expect(differencesIn(otherTarget)).toContain('RollbackRequested: target');
    const isVerdict = (event: RewindEvent) =>
      event.type === 'VerdictReached' && event.verdict.result === 'failed';
    const verdictGone = withChanged(recorded, isVerdict, () => null);
    expect(differencesIn(verdictGone)[0]).toBe('RollbackRequested: madeWith.eventsSeen');
  });

  it('is not decidable, and never called changed, where more was learnt out of order than can be searched', async () => {
    const world = await crashingWorld();
    await world.settle();
    const recorded = await recordedIn(world);
    const request = recorded.find(({ event }) => event.type === 'RollbackRequested')?.recordedAt ?? 0;
    const seen = recorded.filter((one) => one.event.type === 'TaskChanged' && one.recordedAt < request);
    const late = new Set(seen.slice(-6));
    // Written long after it was stamped, or by a clock that was wrong: the digests do not cover it.
    const disordered = recorded.map((one) =>
      late.has(one) ? { ...one, recordedAt: (one.recordedAt + 90_000) as typeof one.recordedAt } : one,
    );
    expect(differencesIn(disordered)).toEqual([]);
    expect(resultsIn(disordered)).toEqual(new Set(['confirmed', 'undecidable']));
  });

  it('is the one recorded too where nobody said how ECS is reached, and the rollout was given up', async () => {
    const world = await crashingWorld();
    const observe = () => Promise.reject(new AccountNotConfiguredError({ account: '1', region: 'x' }));
    await world.reconcilerBehind(openGate, { ecs: { ...world.plainEcs, observe } })(world.wakeUp());
    const outcomes = (await world.decisions('RolloutConcluded')).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['succeeded', 'abandoned']);
    expect(resultsIn(await recordedIn(world))).toEqual(new Set(['confirmed']));
  });

  it('is not known where another version made it, and it comes out otherwise (I9)', async () => {
    const world = await RollbackWorld.startStable({ log: memoryEventLog(), seed: 5 });
    const older = withChanged(
      await recordedIn(world),
      ({ type }) => type === 'VerdictReached',
      (event) => ({
        ...event,
        madeWith: { reducerVersion: 1, policyVersion: '00000000', eventsSeen: 3 },
      }),
    );
    expect([...verifyDecisions(older)].map(({ verification }) => verification)).toContainEqual({
      result: 'unknown',
      because: expect.stringContaining('it was made by reducer 1'),
    });
  });
});
