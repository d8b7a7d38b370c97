import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import { dynamoDbProtectionLog } from '../../../services/event-log/protection-log';
import type { RewindEvent } from '../../../state-machines/log/events';
import { type EventId, parseServiceArn, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import {
  type NewProtectionEvent,
  type ProtectionEvent,
  recordAfter,
} from '../../../state-machines/protection/protection-events';
import { openOwnTable } from '../../fixtures/own-table';
import { collect } from '../event-log/collect';

let dynamoDb: LocalTable;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
});
afterAll(() => dynamoDb?.stop());

const at = 1_795_000_000_000 as Instant;
const logs = () => {
  const table = { client: dynamoDb.client, table: dynamoDb.tableName };
  return { protections: dynamoDbProtectionLog(table), rollouts: dynamoDbEventLog(table) };
};
const service = (name: string) => parseServiceArn(`arn:aws:ecs:eu-west-1:111122223333:service/prod/${name}`);

function stream(of: ServiceArn, happenings: readonly NewProtectionEvent[]): ProtectionEvent[] {
  const events: ProtectionEvent[] = [];
  for (const happening of happenings) {
    const last = events.at(-1) ?? null;
    const place = { service: of, sequence: events.length + 1, occurredAt: at };
    events.push({ ...happening, ...place, standing: recordAfter(last, happening) } as ProtectionEvent);
  }
  return events;
}

const bare = { strategy: 'ROLLING' };
const guarded = {
  ...bare,
  bakeTimeInMinutes: 5,
  alarms: { alarmNames: ['a'], enable: true, rollback: true },
};
const life: readonly NewProtectionEvent[] = [
  { type: 'ProtectionObserved', configuration: bare, drifted: [] },
  { type: 'ProtectionRequested', by: 'operator', before: bare, after: guarded, alarms: ['a'] },
  {
    type: 'ProtectionApplied',
    by: 'operator',
    before: bare,
    after: guarded,
    requestId: 'r-1',
    alarms: ['a'],
  },
  {
    type: 'ProtectionDrifted',
    fields: ['bakeTimeInMinutes'],
    expected: guarded,
    observed: bare,
    changedBy: 'arn:aws:iam::111122223333:user/somebody',
    changedAt: at,
    drift: 'mend',
  },
  { type: 'ProtectionRejected', by: 'guard', after: guarded, reason: 'AccessDeniedException', message: 'no' },
  { type: 'ProtectionRestored', before: guarded, after: bare, requestId: 'r-2', alarms: ['a'] },
];

describe('the guard’s part of a stream', () => {
  it('gives back every kind of event as it was written, in order', async () => {
    const { protections } = logs();
    const events = stream(service('all'), life);
    for (const event of events) expect(await protections.append({ event, recordedAt: at })).toBe('appended');
    const read = await collect(protections.read(service('all')));
    expect(read.map(({ event }) => event)).toEqual(events);
    expect(await protections.last(service('all'))).toEqual(events.at(-1));
    expect(await protections.last(service('none'))).toBeNull();
  });

  it('takes the event of a number once', async () => {
    const { protections } = logs();
    const [event] = stream(service('contended'), life);
    if (event === undefined) throw new Error('the life of a service begins with an event');
    const results = await Promise.all([1, 2, 3].map(() => protections.append({ event, recordedAt: at })));
    expect(results.sort()).toEqual(['appended', 'conflict', 'conflict']);
  });

  it('is read by no fold of rollouts, and names who called last', async () => {
    const { protections, rollouts } = logs();
    const of = service('both');
    for (const event of stream(of, life)) await protections.append({ event, recordedAt: at });
    expect(await protections.lastCall(of)).toBeNull();
    const call = (id: string, by: string, seconds: number): RewindEvent => ({
      type: 'ServiceUpdated',
      service: of,
      id: id as EventId,
      occurredAt: (at + seconds * 1000) as Instant,
      by,
      taskDefinition: null,
      deployment: null,
    });
    for (const event of [call('one', 'pipeline', 1), call('two', 'somebody', 2)])
      await rollouts.append({ event, recordedAt: at, notification: null });
    const read = await collect(rollouts.read(of, null));
    expect(read.map(({ event }) => event.id)).toEqual(['one', 'two']);
    expect(await protections.lastCall(of)).toMatchObject({ by: 'somebody', occurredAt: at + 2000 });
  });
});
