import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dictionary1 } from '../../../services/event-log/dictionary-1';
import { eventOf, itemOf } from '../../../services/event-log/event-item';
import { UnstorableEventError } from '../../../services/event-log/event-log';
import { attribute, type ItemKey } from '../../../services/event-log/event-table';
import { itemBytes } from '../../../services/event-log/item-size';
import { upcasters } from '../../../services/event-log/schema';
import goldenItem from './golden-item-1.json' with { type: 'json' };
import { recordedAt, recordedDecision, recordedTask } from './recorded-events';

describe('the item of a typical Fargate task notification', () => {
  it.each(['RUNNING', 'STOPPED'] as const)(
    'takes one write unit, notification and all (%s)',
    (lastStatus) => {
      const recorded = recordedTask(lastStatus);
      const notificationBytes = Buffer.byteLength(recorded.notification ?? '');
      expect(notificationBytes).toBeGreaterThan(2_000);
      expect(notificationBytes).toBeLessThan(2_700);
      expect(itemBytes(itemOf(recorded))).toBeLessThanOrEqual(1_024);
      expect(eventOf(itemOf(recorded), upcasters)).toEqual(recorded);
    },
  );
});

describe('an item', () => {
  it('says what is in its key only there', () => {
    const { event, notification } = recordedTask('STOPPED');
    const item = itemOf({ event, recordedAt: event.occurredAt, notification });
    expect(Object.keys(item).sort()).toEqual(['body', 'position', 'recordedAt', 'schema', 'service', 'type']);
    expect(item[attribute.position]).toBe(`${event.occurredAt}#${event.id}`);
  });

  it('may be let go of after the days that the log is told, if it was observed; a decision never (I2)', () => {
    const observed = recordedTask('RUNNING');
    const keeping = { observedEventsDays: 90 };
    const item = itemOf(observed, keeping);
    expect(item[attribute.expiresAt]).toBe(Math.ceil(observed.recordedAt / 1000) + 90 * 86_400);
    expect(itemBytes(item)).toBeLessThanOrEqual(1_024);
    expect(eventOf(item, upcasters)).toEqual(observed);
    expect(itemOf(recordedDecision({ attempt: 1 }), keeping)).not.toHaveProperty(attribute.expiresAt);
  });

  it('is refused whole when it is larger than DynamoDB takes', () => {
    const notification = noise(450_000);
    expect(() => itemOf(recordedAt(1_700_000_000_000, { notification }))).toThrow(UnstorableEventError);
  });

  it('is read as it was written by the first Rewind (golden item)', () => {
    const { event, recordedAt: recordedAtInstant, notification } = recordedTask('STOPPED');
    const item = { ...goldenItem, body: Buffer.from(goldenItem.body, 'base64') };
    expect(eventOf(item, upcasters)).toEqual({ event, recordedAt: recordedAtInstant, notification });
  });

  it('cannot be read when its dictionary or its schema is not known, or it holds no body', () => {
    const item = itemOf(recordedTask('STOPPED'));
    const broken = [
      { ...item, body: Buffer.concat([Buffer.of(2), item[attribute.body].subarray(1)]) },
      { ...item, body: new Uint8Array() },
      { ...item, schema: 2 },
      { ...item, schema: 0 },
    ];
    for (const one of broken) expect(() => eventOf(one, upcasters)).toThrow(/the log cannot read/);
  });
});

describe('dictionary 1', () => {
  it('has not changed since bodies were written with it', () => {
    const key = { service: goldenItem.service, position: goldenItem.position } as ItemKey;
    expect(createHash('sha256').update(dictionary1(key)).digest('hex')).toBe(goldenItem.dictionarySha256);
  });
});

describe('the schema of stored events', () => {
  it('brings an event of schema 0 to the shape of today', () => {
    const { event, ...rest } = recordedTask('RUNNING');
    // Schema 0 called the deployment `startedBy` and kept times as text.
    const { deployment, createdAt, ...facts } = event as typeof event & {
      deployment: string;
      createdAt: number;
    };
    const old = { ...facts, startedBy: deployment, createdAt: new Date(createdAt).toISOString() };
    const item = { ...itemOf({ event: old as never, ...rest }), [attribute.schema]: 0 };
    const fromSchema0 = eventOf(item, {
      0: ({ startedBy, createdAt: text, ...same }) => ({
        ...same,
        deployment: startedBy,
        createdAt: Date.parse(String(text)),
      }),
    });
    expect(fromSchema0).toEqual({ event, ...rest });
  });
});

/** Text that nothing compresses: the same on every run. */
function noise(length: number): string {
  let text = '';
  for (let block = 0; text.length < length; block += 1) {
    text += createHash('sha512').update(String(block)).digest().toString('latin1');
  }
  return text.slice(0, length);
}
