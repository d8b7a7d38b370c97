import { afterEach, describe, expect, it } from 'vitest';
import type { EventLog } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import { isDecided, logKeyOf } from '../../../state-machines/log/events';
import type { EventId } from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';
import { crashing, RewindAtWork } from './worlds/rewind-at-work';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

/** A log in which something that says nothing stands wherever such a decision belongs. */
function occupied(isMeant: (event: DecidedEvent) => boolean) {
  const log = memoryEventLog();
  let appends = 0;
  const occupiedLog: EventLog = {
    ...log,
    async append(recorded) {
      const { event, recordedAt } = recorded;
      if (isDecided(event) && isMeant(event)) {
        appends += 1;
        const [instant, id] = logKeyOf(event).split('#') as [string, EventId];
        const occurredAt = instantFrom(Number(instant));
        const probe = { type: 'StackProbed', id, service: event.service, occurredAt } as const;
        await log.append({ event: probe, recordedAt, notification: null });
      }
      return log.append(recorded);
    },
  };
  return { log: occupiedLog, appends: () => appends };
}

describe('a decision whose place in the log is taken by what changes nothing', () => {
  it('is told as a standstill, and asked for again every five minutes only', async () => {
    let isMeant = false;
    const { log, appends } = occupied(({ type }) => isMeant && type === 'BakeElapsed');
    rewind = await RewindAtWork.start(log);
    await rewind.withStable();
    isMeant = true;
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(1200);
    const standing = rewind.reports.filter(({ isAtStandstill }) => isAtStandstill);
    expect(standing.length).toBeGreaterThanOrEqual(2);
    expect(appends()).toBe(standing.length);
    expect(standing.length).toBeLessThanOrEqual(4);
    expect(standing[0]).toMatchObject({ phase: 'baking', decision: 'BakeElapsed, noProgress' });
    expect(standing[0]?.because).toMatch(
      /^what stands in the log at \d{13}#BakeElapsed~\S+ changes nothing$/,
    );
  });

  it('keeps no other rollout of the service from its way back (I5)', async () => {
    const { log } = occupied((event) => event.type === 'RolloutConcluded' && event.outcome === 'superseded');
    rewind = await RewindAtWork.start(log);
    const stable = await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(30);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(300);
    expect(rewind.reports.some(({ isAtStandstill }) => isAtStandstill)).toBe(true);
    expect(await rewind.decisions('RollbackIssued')).toHaveLength(1);
    expect(await rewind.runs()).toBe(stable);
  });
});
