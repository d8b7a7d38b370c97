import { describe, expect, it } from 'vitest';
import { eventsKnownTo } from '../../../state-machines/audit/events-known-to';
import { type LoggedEvent, RecordedStream } from '../../../state-machines/audit/recorded-stream';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import type { EventId } from '../../../state-machines/log/identifiers';
import { reducerVersion } from '../../../state-machines/log/reducer-version';
import { deploymentId, running, second, service } from '../story';

interface Digested {
  readonly digest: string;
  readonly after: readonly string[];
  readonly eventsSeen: number;
}

/** A decision whose fingerprint is that of no set of events. */
function decided(seconds: number, { digest, after, eventsSeen }: Digested): LoggedEvent<DecidedEvent> {
  const madeWith = { reducerVersion, policyVersion: '0', eventsSeen, eventsFingerprint: 1, after };
  const rollout = { service, deployment: deploymentId(1), startedAt: second(0) };
  const event: DecidedEvent = {
    ...rollout,
    type: 'BakeElapsed',
    id: digest as EventId,
    occurredAt: second(seconds),
    madeWith,
    digest,
  };
  return { event, recordedAt: event.occurredAt };
}

const earlier = decided(1, { digest: 'earlier', after: [], eventsSeen: 0 });
const reports = Array.from({ length: 400 }, (_, index): LoggedEvent => {
  const event = running(`t${index}`, 10 + index, { deployment: 1 });
  return { event, recordedAt: event.occurredAt };
});
const later = decided(500, { digest: 'later', after: ['earlier'], eventsSeen: 401 });

describe('the events that a decision was made from, where no search finds them', () => {
  it('are not called lost because the decision before it lies hundreds of reports back', () => {
    expect(eventsKnownTo(later, new RecordedStream([earlier, ...reports, later]))).toMatchObject({
      kind: 'notFound',
    });
  });

  it('are called lost where the chain names a decision that stands nowhere', () => {
    const instead = decided(1, { digest: 'other', after: [], eventsSeen: 0 });
    expect(eventsKnownTo(later, new RecordedStream([instead, ...reports, later]))).toEqual({ kind: 'lost' });
  });
});
