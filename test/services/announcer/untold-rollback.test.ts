import { describe, expect, it } from 'vitest';
import { provenFirst, started, stopped } from '../../state-machines/story';
import { announced, makeDecision, makeVerdict, rolloutIn } from './decisions';

describe('a rollback of which nobody told what it takes back', () => {
  const untold = rolloutIn([
    ...provenFirst,
    started(1, 5000, true),
    ...['b1', 'b2'].map((task) => stopped(task, 5010, { deployment: 1 })),
  ]);

  it('is told to people as a rollback when it fails (I6)', () => {
    const { detail, isForPeople } = announced(makeVerdict({ ...untold, hasFailedBefore: true }));
    expect(isForPeople).toBe(true);
    expect(detail.rollout.rollbackOf).toBeNull();
    expect(detail.message).toMatch(/^prod\/web: the rollback to web:1 failed: /);
    expect(detail.message).toContain('a rollback is never rolled back itself');
    expect(detail.message).toMatch(/^Rollout: web:1, ecs-svc\/1, started .* UTC, a rollback$/m);
  });

  it('is told to tools as a rollback when it ends', () => {
    const { detail, isForPeople } = announced(
      makeDecision<'RolloutConcluded'>(untold, {
        type: 'RolloutConcluded',
        outcome: 'rollbackFailed',
        reason: 'TaskFailures',
        eventId: untold.startedBy,
        message: 'they crash',
      }),
    );
    expect(isForPeople).toBe(false);
    expect(detail.message).toContain('the rollback to web:1 has ended: rollback failed (they crash)');
  });
});
