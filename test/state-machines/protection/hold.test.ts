import { describe, expect, it } from 'vitest';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { instantFrom, secondsAfter } from '../../../state-machines/log/instant';
import { holdFor } from '../../../state-machines/protection/hold';
import {
  type NewProtectionEvent,
  type ProtectionEvent,
  recordAfter,
} from '../../../state-machines/protection/protection-events';

const service = parseServiceArn('arn:aws:ecs:eu-west-1:111122223333:service/prod/web');
const start = instantFrom(Date.UTC(2026, 0, 1));
const [right, wrong] = [{ bakeTimeInMinutes: 5 }, { bakeTimeInMinutes: 0 }];

/** The last of these events, as the log gives it back. */
function lastOf(...added: readonly NewProtectionEvent[]): ProtectionEvent | null {
  return added.reduce<ProtectionEvent | null>((last, event, index) => {
    const standing = recordAfter(last, event);
    return { ...event, service, sequence: index + 1, occurredAt: start, standing } as ProtectionEvent;
  }, null);
}

const drifted: NewProtectionEvent = {
  type: 'ProtectionDrifted',
  fields: ['bakeTimeInMinutes'],
  expected: right,
  observed: wrong,
  changedBy: null,
  changedAt: null,
  drift: 'tell',
};
const rejected: NewProtectionEvent = {
  type: 'ProtectionRejected',
  by: 'guard',
  after: right,
  reason: 'AccessDeniedException',
  message: 'not allowed',
};
const restored: NewProtectionEvent = {
  type: 'ProtectionRestored',
  before: right,
  after: wrong,
  requestId: null,
  alarms: [],
};
const subject = {
  plan: { after: right },
  declared: { drift: 'mend' },
  policy: { mode: 'enforce' },
  last: null,
} as const;
const day = 86_400;

describe('the guard', () => {
  it('changes a service that nothing holds it from', () => {
    expect(holdFor('guard', subject, start)).toBe(null);
    expect(holdFor('guard', { ...subject, last: lastOf(drifted) }, start)).toBe(null);
  });

  it.each([
    ['its policy only observes', 'told', { ...subject, policy: { mode: 'observe' } }],
    [
      'somebody changed it and its policy says tell',
      'told',
      { ...subject, declared: { drift: 'tell' }, last: lastOf(drifted) },
    ],
    ['a person undid it', 'released', { ...subject, last: lastOf(restored) }],
    ['it was refused a moment ago', 'failed', { ...subject, last: lastOf(rejected) }],
  ] as const)('is held from a service where %s, and a person is not', (_case, outcome, held) => {
    expect(holdFor('guard', held, start)?.outcome).toBe(outcome);
    expect(holdFor('operator', held, start)).toBe(null);
  });

  it('changes a service with `drift: tell` that differs because the declaration changed', () => {
    const observed = lastOf({ type: 'ProtectionObserved', configuration: wrong, drifted: [] });
    expect(holdFor('guard', { ...subject, declared: { drift: 'tell' }, last: observed }, start)).toBe(null);
  });

  it('repeats what was refused after a day, and another change at once', () => {
    const last = lastOf(rejected);
    expect(holdFor('guard', { ...subject, last }, secondsAfter(start, day - 1))).not.toBe(null);
    expect(holdFor('guard', { ...subject, last }, secondsAfter(start, day))).toBe(null);
    expect(holdFor('guard', { ...subject, plan: { after: wrong }, last }, start)).toBe(null);
  });
});
