import { describe, expect, it } from 'vitest';
import type { EventId } from '../../../state-machines/log/identifiers';
import { second } from '../../state-machines/story';
import { announced, crashLoop, makeDecision, rolloutIn } from './decisions';

const suspected = rolloutIn(crashLoop, { failureRule: 'evidence', evidenceRatio: 1000 });
const postponed = (reason: string) =>
  makeDecision<'VerdictPostponed'>(suspected, {
    type: 'VerdictPostponed',
    raisedBy: 'task-b2' as EventId,
    reason,
    until: second(1945),
  });

describe('a verdict that is postponed', () => {
  it('is told to people: what else may be to blame, and when the verdict falls at the latest (I6)', () => {
    const { detail, isForPeople } = announced(postponed('oldTasks'));
    expect(isForPeople).toBe(true);
    expect(detail.subject).toBe('Rewind: prod/web: web:2 is suspected, the verdict waits');
    expect(detail.message).toContain(
      'enough speaks against web:2 (2 of 2 started tasks failed), but something else may be to blame: old tasks are lost too, as never before.',
    );
    expect(detail.message).toContain('Rewind waits until 2026-01-01T00:32:25.000Z at the latest.');
    expect(detail).toMatchObject({
      postponement: { because: 'oldTasks', until: '2026-01-01T00:32:25.000Z', neededRatio: 1000 },
    });
  });

  it('is told with the reason as it stands in the log, where another version wrote it', () => {
    expect(announced(postponed('moonlight')).detail.message).toContain('to blame: moonlight.');
  });

  it('is told to be over where the tasks recover (I6)', () => {
    const { detail, isForPeople } = announced(
      makeDecision<'SuspicionLifted'>(suspected, { type: 'SuspicionLifted' }),
    );
    expect(isForPeople).toBe(true);
    expect(detail.subject).toBe('Rewind: prod/web: web:2 is not suspected any more');
    expect(detail).toMatchObject({ lifting: { at: '2026-01-01T00:17:25.000Z' } });
  });
});
