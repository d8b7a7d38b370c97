import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDecision } from '../../../services/announcer/read-decision';
import type { EventLog } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { logKeyOf } from '../../../state-machines/log/events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { type Position, positionOf } from '../../../state-machines/log/position';
import { RewindAtWork, service } from '../reconciler/worlds/rewind-at-work';

let rewind: RewindAtWork;
beforeEach(async () => {
  rewind = await RewindAtWork.start(memoryEventLog());
});
afterEach(() => rewind.stop());

/** The log, counting what is read of it. */
function counting(log: EventLog): EventLog & { eventsRead: number } {
  const counted = {
    ...log,
    eventsRead: 0,
    async *read(...range: Parameters<EventLog['read']>) {
      for await (const recorded of log.read(...range)) {
        counted.eventsRead += 1;
        yield recorded;
      }
    },
  };
  return counted;
}

describe('a decision, read', () => {
  it('is read from the last quiet point on, as the reconciler keeps it: not from the start of the stream', async () => {
    await rewind.withStable();
    for (let rollout = 0; rollout < 6; rollout += 1) {
      await rewind.pass(3700);
      await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
      await rewind.pass(500);
    }
    const verdict = (await rewind.decisions('VerdictReached')).at(-1);
    if (verdict === undefined) throw new Error('no verdict fell');
    const log = counting(rewind.log);
    const decision = await readDecision(
      { eventLog: log, policy: defaultPolicy },
      { service, position: logKeyOf(verdict) },
    );
    expect(decision).toMatchObject({
      event: verdict,
      rollout: { deployment: verdict.deployment, phase: 'done' },
    });
    const events = await rewind.events();
    const atOnce = events.filter(({ occurredAt }) => occurredAt >= verdict.startedAt - 3_700_000).length;
    expect(log.eventsRead).toBeLessThanOrEqual(atOnce);
    expect(log.eventsRead).toBeLessThan(events.length / 2);
  });

  it('is missed where the log holds none, or no decision', async () => {
    await rewind.withStable();
    const observed = (await rewind.events()).find(({ type }) => type === 'TaskChanged');
    if (observed === undefined) throw new Error('no task was reported');
    const missing = [positionOf(observed), '1700000000000#nothing~1.VerdictReached' as Position];
    for (const position of missing) {
      const reading = readDecision({ eventLog: rewind.log, policy: defaultPolicy }, { service, position });
      await expect(reading).rejects.toMatchObject({ name: 'MissingDecisionError' });
    }
  });
});
