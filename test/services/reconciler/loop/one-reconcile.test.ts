import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { observing } from '../../../../services/aws/kill-switch';
import type { EventLog, HistoryLog, RecordedEvent } from '../../../../services/event-log/event-log';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { readStream } from '../../../../services/reconciler/service-stream';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { positionOf } from '../../../../state-machines/log/position';
import { emptyFold, foldOn, inOrder } from '../../../../state-machines/service/fold';
import { crashing, RewindAtWork, service } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
let history: HistoryLog;
beforeEach(async () => {
  const log = memoryEventLog();
  history = log;
  rewind = await RewindAtWork.start(log);
  await rewind.withStable();
});
afterEach(() => rewind.stop());

const wakeUp = { service, changedFrom: null };

/** The log, at which somebody else is sooner to keep a snapshot so many times. */
function contended(times: number) {
  let tries = 0;
  const log: EventLog = {
    ...rewind.log,
    async writeSnapshot(of, snapshot) {
      tries += 1;
      return tries <= times ? 'conflict' : rewind.log.writeSnapshot(of, snapshot);
    },
  };
  return { log, tries: () => tries };
}

async function deployUnseen(labels: Record<string, string>): Promise<void> {
  rewind.isAwake = false;
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(labels) });
}

describe('a reconcile', () => {
  it('says when time alone calls for the next one, and never where nothing is live', async () => {
    expect(await rewind.reconcile(wakeUp)).toEqual({ nextWakeAt: null });
    await deployUnseen({});
    await rewind.pass(5);
    const { nextWakeAt } = await rewind.reconcile(wakeUp);
    expect(nextWakeAt).toBeGreaterThan(rewind.ecs.clock.now() + 600_000);
  });

  it('starts over where somebody else was sooner, five times at most', async () => {
    await deployUnseen({});
    await rewind.pass(5);
    const five = contended(5);
    await expect(rewind.reconcilerWith({ log: five.log })(wakeUp)).rejects.toMatchObject({
      name: 'ContendedServiceError',
      message: `the snapshot of ${service} was changed by somebody else 5 times in a row`,
    });
    expect(five.tries()).toBe(5);
    const four = contended(4);
    await rewind.reconcilerWith({ log: four.log })(wakeUp);
    expect(four.tries()).toBe(5);
    expect((await rewind.log.readSnapshot(service))?.nextWakeAt).not.toBeNull();
  });

  it('asks people who hold it back at a steady pace, and does not call AWS silent meanwhile', async () => {
    await deployUnseen(crashing);
    await rewind.pass(90);
    const held = rewind.reconcilerWith({ killSwitch: observing });
    for (let turn = 0; turn < 6; turn += 1) {
      const { nextWakeAt } = await held(wakeUp);
      expect(nextWakeAt).toBeGreaterThanOrEqual(rewind.ecs.clock.now() + 5000);
      expect(nextWakeAt).toBeLessThanOrEqual(rewind.ecs.clock.now() + 7500);
      expect(rewind.reports.at(-1)).toMatchObject({ isHeld: true, unansweredSince: null });
      await rewind.pass(10);
    }
  });

  it.each([
    ['one stop', 1],
    ['every stop, and with it the verdict', Infinity],
  ])('keeps the fold of everything where it knows from when on something came late: %s', async (_, count) => {
    await deployUnseen(crashing);
    await rewind.pass(90);
    const told = await rewind.recorded();
    const isStop = ({ event }: RecordedEvent) => event.type === 'TaskChanged' && event.stopped !== null;
    const late = told.filter(isStop).slice(0, count);
    const [first] = late;
    if (first === undefined) throw new Error('a task has crashed');
    const log = memoryEventLog();
    for (const recorded of told) if (!late.includes(recorded)) await log.append(recorded);
    const reconcile = rewind.reconcilerWith({ log });
    await reconcile(wakeUp);
    for (const recorded of late) await log.append(recorded);
    await reconcile({ service, changedFrom: positionOf(first.event) });
    const kept = await readStream({ eventLog: log, service, policy: defaultPolicy }, { changedFrom: null });
    const events = [];
    for await (const { event } of log.read(service, null)) events.push(event);
    expect(kept.fold.state).toEqual(foldOn(emptyFold(service), inOrder(events), defaultPolicy).state);
  });

  it('appends what ECS shows once, whatever the log makes of it', async () => {
    await deployUnseen({});
    await rewind.pass(1200);
    const told = await rewind.recorded();
    const log = memoryEventLog();
    for (const one of told) if (one.event.type !== 'TaskChanged') await log.append(one);
    const appended: string[] = [];
    const reconcile = rewind.reconcilerWith({
      log: {
        ...log,
        async append(recorded) {
          if (recorded.event.type !== 'TaskChanged') return log.append(recorded);
          appended.push(recorded.event.id);
          return 'duplicate';
        },
      },
    });
    await reconcile(wakeUp);
    expect(appended.length).toBeGreaterThan(1);
    expect(new Set(appended).size).toBe(appended.length);
  });

  it('says in a request by which role ECS is called, where that is known', async () => {
    await deployUnseen(crashing);
    await rewind.pass(90);
    const caller = 'arn:aws:sts::123456789012:assumed-role/rewind/reconciler';
    await rewind.reconcilerWith({ callerFor: () => caller })(wakeUp);
    expect(await rewind.decisions('RollbackRequested')).toMatchObject([{ caller }]);
  });

  it('keeps in short what it concluded, as the history lists it, and nothing of what is live', async () => {
    const bad = await rewind.ecs.register(crashing);
    await rewind.ecs.update({ taskDefinition: bad });
    await rewind.pass(90);
    const conclusions = await rewind.decisions('RolloutConcluded');
    const records = await history.rollouts(service, 10);
    expect(records).toHaveLength(conclusions.length);
    const [failed, stable] = records;
    expect(failed).toMatchObject({
      taskDefinition: bad,
      phase: 'done',
      outcome: 'rolledBack',
      dueAt: null,
      verdict: { result: 'failed', reason: 'TaskFailures' },
    });
    expect(failed?.endedAt).toBe(conclusions.at(-1)?.occurredAt);
    expect(stable).toMatchObject({ phase: 'done', outcome: 'succeeded', dueAt: null });
    expect(stable?.startedAt).toBeLessThan(failed?.startedAt ?? 0);
  });
});
