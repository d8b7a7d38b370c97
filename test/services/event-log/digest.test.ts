import { describe, expect, it } from 'vitest';
import { isAsWritten, withDigest } from '../../../services/event-log/digest';
import type { RecordedEvent } from '../../../services/event-log/event-log';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import type { Instant } from '../../../state-machines/log/instant';
import { recordedAt, recordedDecision } from './recorded-events';

const decision = recordedDecision({ attempt: 1 });

function changed(recorded: RecordedEvent, change: object): RecordedEvent {
  return { ...recorded, event: { ...recorded.event, ...change } as DecidedEvent };
}

describe('the digest of a decision', () => {
  it('is the same whatever the order of its fields', () => {
    const reversed = Object.fromEntries(Object.entries(decision.event).reverse());
    const { event } = withDigest({
      ...decision,
      event: JSON.parse(JSON.stringify(reversed)) as DecidedEvent,
    });
    expect(event).toHaveProperty('digest', 'gPRvTYaA5DK9Hc9PP2B7G9j4SttH68vEN4jzRSgpbdE');
    expect(withDigest(decision).event).toEqual(event);
  });

  it('is left as it is where there is one, and given to decisions only', () => {
    const written = withDigest(decision);
    expect(withDigest(written)).toBe(written);
    const observed = recordedAt(1_700_000_000_000);
    expect(withDigest(observed)).toBe(observed);
  });

  it.each<[string, (written: RecordedEvent) => RecordedEvent]>([
    ['a field', (written) => changed(written, { attempt: 2 })],
    ['a field within a field', (written) => changed(written, { madeWith: { eventsSeen: 10 } })],
    ['its service', (written) => changed(written, { service: `${written.event.service}s` })],
    ['its place in the log', (written) => changed(written, { occurredAt: written.event.occurredAt + 1 })],
    ['its type', (written) => changed(written, { type: 'RollbackIssued' })],
    ['a field more', (written) => changed(written, { note: null })],
    ['when it was recorded', (written) => ({ ...written, recordedAt: (written.recordedAt + 1) as Instant })],
    ['the digest', (written) => changed(written, { digest: 'A'.repeat(43) })],
  ])('shows a change of %s', (_, change) => {
    const written = withDigest(decision);
    expect(isAsWritten(written)).toBe(true);
    expect(isAsWritten(change(written))).toBe(false);
  });
});
