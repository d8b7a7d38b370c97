import { describe, expect, it } from 'vitest';
import { announce } from '../../../services/announcer/announcement';
import type { DecisionInContext } from '../../../services/announcer/decision-in-context';
import { pending, provenFirst, second, started, stopped, unplaceable } from '../../state-machines/story';
import { announced, makeDecision, rolloutIn } from './decisions';

const waiting = rolloutIn([
  ...provenFirst,
  started(2, 1000),
  stopped('b1', 1020, { deployment: 2, because: unplaceable }),
  pending('b2', 1030, { deployment: 2 }),
]);

/** The rollout's deadline passes at its end, as far as the story has told by then. */
function overdueAt(seconds: number, known: Partial<DecisionInContext> = {}): DecisionInContext {
  const decision = makeDecision<'DeadlineElapsed'>(waiting, { type: 'DeadlineElapsed' });
  return { ...decision, event: { ...decision.event, occurredAt: second(seconds) }, ...known };
}

describe('a rollout that is overdue', () => {
  it('is told to people with what it waits for, since when, and when it is told again', () => {
    const { detail, isForPeople } = announced(overdueAt(4600));
    expect(isForPeople).toBe(true);
    expect(detail.subject).toBe('Rewind: prod/web: web:2 is not complete yet');
    expect(detail.message).toContain(
      'prod/web: the rollout of web:2 has not completed since 2026-01-01T00:16:40.000Z: 0 of 2 started tasks run; tasks that stopped for want of capacity: 1. It has not failed: no task of it failed.',
    );
    expect(detail.message).toContain(
      'What is done: Rewind goes on watching, because time alone is no failure. If it is still not complete, this is told again at 2026-01-02T01:16:40.000Z.',
    );
  });

  it('is told with the hooks that wait, what ECS has planned, and the trouble that ECS reported (I6)', () => {
    const evidence = { ...waiting.evidence, impairments: { SERVICE_TASK_PLACEMENT_FAILURE: 7 } };
    const { detail } = announced(
      overdueAt(4600, {
        rollout: { ...waiting, evidence },
        wait: { plannedSeconds: 4620, hooks: ['hook-1'] },
      }),
    );
    expect(detail.message).toContain('ECS reported SERVICE_TASK_PLACEMENT_FAILURE (7 ×)');
    expect(detail.message).toContain('hooks that wait for an answer: hook-1');
    expect(detail.message).toContain('ECS itself has planned to wait 77 minutes of that');
    expect(detail).toMatchObject({
      overdue: {
        at: '2026-01-01T01:16:40.000Z',
        deadlineSeconds: 3600,
        plannedSeconds: 4620,
        impairments: { SERVICE_TASK_PLACEMENT_FAILURE: 7 },
        hooks: ['hook-1'],
        nextAt: '2026-01-02T01:16:40.000Z',
      },
    });
  });

  it('that is a rollback is told to tools alone: people hear how the way back ends', () => {
    const rollout = { ...waiting, rollbackOf: waiting.deployment };
    expect(announced(overdueAt(4600, { rollout })).isForPeople).toBe(false);
  });

  it('that is a rollback of which nobody told what it takes back is told to people (I6)', () => {
    const { detail, isForPeople } = announced(
      overdueAt(4600, { rollout: { ...waiting, isGoingBack: true } }),
    );
    expect(isForPeople).toBe(true);
    expect(detail.message).toContain('the rollback to web:2 has not completed since');
  });

  it.each(['baking', 'rollingBack', 'done'] as const)('is no news in the phase %s', (phase) => {
    expect(announce(overdueAt(4600, { rollout: { ...waiting, phase } }))).toBe(null);
  });

  it('is no news at an earlier deadline, or where the log no longer tells of it', () => {
    expect(announce(overdueAt(4599))).toBe(null);
    expect(announce(overdueAt(4600, { rollout: null }))).toBe(null);
  });
});
