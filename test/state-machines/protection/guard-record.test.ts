import { describe, expect, it } from 'vitest';
import {
  type NewProtectionEvent,
  type ProtectionEvent,
  recordAfter,
} from '../../../state-machines/protection/protection-events';
import { restorationAfter } from '../../../state-machines/protection/restoration';

const first = { maximumPercent: 150 };
const second = { maximumPercent: 110 };
const wanted = { maximumPercent: 150, bakeTimeInMinutes: 5 };

/** The last of these events; of an event only its record is looked at. */
function lastOf(...added: readonly NewProtectionEvent[]): ProtectionEvent | null {
  return added.reduce<ProtectionEvent | null>(
    (last, event) => ({ ...event, standing: recordAfter(last, event) }) as ProtectionEvent,
    null,
  );
}

const requested = (before: object, alarms: readonly string[] = []): NewProtectionEvent => ({
  type: 'ProtectionRequested',
  by: 'guard',
  before,
  after: wanted,
  alarms,
});
const applied: NewProtectionEvent = {
  type: 'ProtectionApplied',
  by: 'guard',
  before: first,
  after: wanted,
  requestId: null,
  alarms: ['mine'],
};
const rejected: NewProtectionEvent = {
  type: 'ProtectionRejected',
  by: 'guard',
  after: wanted,
  reason: 'AccessDeniedException',
  message: 'not allowed',
};
const restored: NewProtectionEvent = {
  type: 'ProtectionRestored',
  before: wanted,
  after: first,
  requestId: null,
  alarms: ['mine'],
};
const drifted = (fields: readonly string[], expected: object, observed: object): NewProtectionEvent => ({
  ...{ type: 'ProtectionDrifted', fields, expected, observed },
  ...{ changedBy: null, changedAt: null, drift: 'tell' },
});

describe('what the guard knows', () => {
  it('has as the original what was there before its first write, however often it writes', () => {
    const last = lastOf(requested(first), applied, requested(second), applied);
    expect(last?.standing.original).toEqual(first);
  });

  it('has another original after a first write that was refused', () => {
    const refused = lastOf(requested(first), rejected);
    expect(refused?.standing.original).toBe(null);
    expect(lastOf(requested(first), rejected, requested(second))?.standing.original).toEqual(second);
  });

  it('keeps the original when a later write is refused', () => {
    const last = lastOf(requested(first), applied, requested(wanted), rejected);
    expect(last?.standing.original).toEqual(first);
  });

  it('has no original and no alarms after an undo, and is released until somebody applies', () => {
    const undone = lastOf(requested(first, ['mine']), applied, restored);
    expect(undone?.standing).toMatchObject({ original: null, alarms: [], isReleased: true });
    const again = lastOf(requested(first, ['mine']), applied, restored, requested(first), applied);
    expect(again?.standing).toMatchObject({ isReleased: false, alarms: ['mine'] });
  });

  it('counts a field as drifted until it is as declared again', () => {
    const declared = { maximumPercent: 150, bakeTimeInMinutes: 5 };
    const percent = drifted(['maximumPercent'], declared, { maximumPercent: 110, bakeTimeInMinutes: 5 });
    const both = drifted(['bakeTimeInMinutes'], declared, { maximumPercent: 110 });
    expect(lastOf(percent, both)?.standing.drifted).toEqual(['maximumPercent', 'bakeTimeInMinutes']);
    const bake = drifted(['bakeTimeInMinutes'], declared, { maximumPercent: 150 });
    expect(lastOf(percent, bake)?.standing.drifted).toEqual(['bakeTimeInMinutes']);
  });
});

describe('an undo', () => {
  it('has nothing to do where the guard wrote nothing', () => {
    const observed = lastOf({ type: 'ProtectionObserved', configuration: first, drifted: [] });
    expect(restorationAfter(null, first)).toBe(null);
    expect(restorationAfter(observed, first)).toBe(null);
    expect(restorationAfter(lastOf(requested(first), applied, restored), first)).toBe(null);
  });

  it('removes alarms that were made before ECS refused the rest, and changes no field', () => {
    const last = lastOf(requested(first, ['mine']), rejected);
    expect(restorationAfter(last, second)).toEqual({ after: second, changes: [], alarms: ['mine'] });
  });

  it('sets a bake time to 0 where none was set, since ECS cannot be made to forget one', () => {
    const last = lastOf(requested(first), applied);
    expect(restorationAfter(last, wanted)?.after).toEqual({ ...first, bakeTimeInMinutes: 0 });
    expect(restorationAfter(last, second)?.after).toEqual(first);
  });
});
