import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { matchesEventPattern } from '../../../infra/local/aws/bus/event-patterns';
import { streamMappingOf } from '../../../infra/local/aws/declared/deployed-functions';
import { announcedTypes } from '../../../services/announcer/announcement';
import { detailSchemas } from '../../../services/announcer/announcement-schema';
import { createAnnouncer } from '../../../services/announcer/announcer';
import type { BusEvent } from '../../../services/aws/event-bus';
import type { Message } from '../../../services/aws/topic';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../services/policy/policy-file';
import { logKeyOf } from '../../../state-machines/log/events';
import type { Position } from '../../../state-machines/log/position';
import { crashing, RewindAtWork, service } from '../reconciler/worlds/rewind-at-work';

const announcedPatterns = streamMappingOf('announcer').filterPatterns;

/** The announcer on Rewind's log: whom it tells, and what they heard. */
class Heard {
  readonly events: BusEvent[] = [];
  readonly messages: Message[] = [];
  readonly positions: Position[] = [];
  isTopicDown = false;
  readonly #tell;
  readonly #rewind: RewindAtWork;

  constructor(rewind: RewindAtWork, { hasTopic = true } = {}) {
    const bus = { put: async (event: BusEvent) => void this.events.push(event) };
    const publish = async (message: Message) => {
      if (this.isTopicDown) throw new Error('the topic is down');
      this.messages.push(message);
    };
    const policies = parsePolicyFile('', 'policy');
    this.#rewind = rewind;
    this.#tell = createAnnouncer({
      eventLog: rewind.log,
      policies,
      bus,
      topic: hasTopic ? { publish } : null,
    });
  }

  /** Tells what Lambda's filter would let through of the log as it stands. */
  async all(): Promise<void> {
    for (const event of await this.#rewind.events()) {
      const position = logKeyOf(event);
      const record = { eventName: 'INSERT', dynamodb: { Keys: { position: { S: position } } } };
      if (announcedPatterns.some((pattern) => matchesEventPattern(pattern, record)))
        await this.tell(position);
    }
  }

  async tell(position: Position): Promise<void> {
    this.positions.push(position);
    await this.#tell({ service, position });
  }

  get detailTypes(): string[] {
    return this.events.map(({ detailType }) => detailType);
  }

  get subjects(): string[] {
    return this.messages.map(({ subject }) => subject);
  }
}

let rewind: RewindAtWork;
async function start(policy = ''): Promise<RewindAtWork> {
  rewind = await RewindAtWork.start(memoryEventLog(), { policy });
  return rewind;
}
beforeEach(() => start());
afterEach(() => rewind.stop());

async function deployCrashing(seconds: number): Promise<void> {
  await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
  await rewind.pass(seconds);
}

describe('the announcer', () => {
  it('tells people of a rollback in three messages, and tools of every decision (I6)', async () => {
    await rewind.withStable();
    await deployCrashing(900);
    const heard = new Heard(rewind);
    await heard.all();
    expect(heard.subjects).toEqual([
      'Rewind: prod/web: web:2 failed',
      'Rewind: prod/web: goes back to web:1',
      'Rewind: prod/web: is back on web:1',
    ]);
    expect(heard.detailTypes.toSorted()).toEqual(
      [
        ...['Rewind Verdict Reached', 'Rewind Rollout Concluded'],
        ...['Rewind Verdict Reached', 'Rewind Rollback Issued', 'Rewind Rollback Settled'],
        ...['Rewind Verdict Reached', 'Rewind Rollout Concluded'],
      ].toSorted(),
    );
    for (const { detailType, detail } of heard.events) {
      expect(detailSchemas[detailType as keyof typeof detailSchemas].parse(detail)).toEqual(detail);
    }
    expect(heard.messages[0]?.text).toContain('essential-container-exited, app exited with 1');
  });

  it('tells every decision once, however often the reconciler runs', async () => {
    await rewind.withStable();
    await deployCrashing(600);
    for (let run = 0; run < 5; run += 1) await rewind.reconcile({ service, changedFrom: null });
    const heard = new Heard(rewind);
    await heard.all();
    const ids = heard.events.map(({ detail }) => (detail as { id: string }).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(heard.subjects.filter((subject) => subject.includes('failed'))).toHaveLength(1);
  });

  it('tells a decision in the same words under the same id, now or when the service has moved on', async () => {
    await rewind.withStable();
    await deployCrashing(60);
    const early = new Heard(rewind);
    await early.all();
    await rewind.pass(7200);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(7200);
    const late = new Heard(rewind);
    for (const position of early.positions) await late.tell(position);
    expect(late.events).toEqual(early.events);
    expect(late.messages).toEqual(early.messages);
  });

  it('tells the bus again, and people once, when the topic was down (I6)', async () => {
    await rewind.withStable();
    await deployCrashing(60);
    const [verdict] = (await rewind.decisions('VerdictReached')).slice(-1);
    if (verdict === undefined) throw new Error('no verdict fell');
    const heard = new Heard(rewind);
    heard.isTopicDown = true;
    await expect(heard.tell(logKeyOf(verdict))).rejects.toThrow('down');
    heard.isTopicDown = false;
    await heard.tell(logKeyOf(verdict));
    expect(heard.messages).toHaveLength(1);
    expect(heard.events).toHaveLength(2);
    expect(heard.events[1]).toEqual(heard.events[0]);
  });

  it('tells the bus alone where there is no topic', async () => {
    await rewind.withStable();
    const heard = new Heard(rewind, { hasTopic: false });
    await heard.all();
    expect([heard.detailTypes.length > 0, heard.messages]).toEqual([true, []]);
  });

  it('tells once of a first rollout that has nowhere to go back to', async () => {
    await rewind.ecs.create({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(4000);
    const heard = new Heard(rewind);
    await heard.all();
    expect(heard.subjects.filter((subject) => subject.endsWith('no safe target'))).toHaveLength(1);
  });

  it('tells that a service is frozen, and not again that its rollout failed', async () => {
    await rewind.stop();
    await start('defaults: { rollbackBudget: 0 }');
    await rewind.withStable();
    await deployCrashing(300);
    const heard = new Heard(rewind);
    await heard.all();
    expect(heard.subjects).toEqual([
      'Rewind: prod/web: web:2 failed',
      'Rewind: prod/web: frozen, web:2 stays',
    ]);
    expect(heard.detailTypes).toContain('Rewind Service Frozen');
  });

  it('never tells what a notification holds beside ECS’s own reasons', async () => {
    await rewind.withStable();
    await deployCrashing(300);
    const { log } = rewind;
    const read: typeof log.read = async function* (...range) {
      for await (const recorded of log.read(...range))
        yield { ...recorded, notification: 'PASSWORD=hunter2' };
    };
    Object.assign(rewind, { log: { ...log, read } });
    const heard = new Heard(rewind);
    await heard.all();
    expect(JSON.stringify([heard.events, heard.messages])).not.toContain('hunter2');
  });
});

describe('the stream of the announcer', () => {
  it('lets through each decision that is told, and nothing else (I6)', async () => {
    await rewind.withStable();
    await deployCrashing(300);
    const heard = new Heard(rewind);
    await heard.all();
    const told = (await rewind.events()).filter(({ type }) =>
      announcedTypes.some((announced) => announced === type),
    );
    expect(heard.positions).toEqual(told.map(logKeyOf));
    expect(heard.events).toHaveLength(told.length);
  });

  it('lets through the deadline of a rollout that is watched, which tells people that it waits', async () => {
    await rewind.stop();
    await start('defaults: { deadlineSeconds: 120 }');
    await rewind.withStable();
    rewind.ecs.simulator.platform.setCapacity('prod', false);
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register() });
    await rewind.pass(500);
    const heard = new Heard(rewind);
    await heard.all();
    const overdue = await rewind.decisions('DeadlineElapsed');
    expect(heard.positions.slice(-1)).toEqual(overdue.map(logKeyOf));
    expect(heard.subjects).toEqual(['Rewind: prod/web: web:2 is not complete yet']);
  });
});
