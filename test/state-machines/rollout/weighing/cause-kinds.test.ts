import { describe, expect, it } from 'vitest';
import { rolloutsOf } from '../../judging';
import { deploymentId, pending, provenFirst, second, started, stopped, unpulled } from '../../story';

const notFound = 'failed to resolve ref web:2: not found';
const timedOut = 'dial tcp 10.0.3.17:443: i/o timeout';

/** Deployment 2 starts tasks, a minute after one another, that all fail for this. */
function failing(count: number, reason: string) {
  const tasks = Array.from({ length: count }, (_, index) => `b${index}`);
  return [
    ...provenFirst,
    started(2, 1000),
    ...tasks.flatMap((task, index) => [
      pending(task, 1010 + 60 * index, { deployment: 2 }),
      stopped(task, 1030 + 60 * index, { deployment: 2, because: unpulled(reason) }),
    ]),
  ];
}

const byEvidence = { failureRule: 'evidence' } as const;

function judged(events: ReturnType<typeof failing>, policy: object, until = 10_000) {
  return rolloutsOf(events, { policy, until }).find(({ deployment }) => deployment === deploymentId(2));
}

describe('by the rule `evidence`, a failure', () => {
  it('that no further try can mend fails the rollout at the first task', () => {
    const rollout = judged(failing(1, notFound), byEvidence);
    expect(rollout?.verdict).toMatchObject({
      result: 'failed',
      reason: 'TaskFailures',
      message: `1 of 1 started tasks failed for what no further try can mend: image-pull: CannotPullContainerError: ${notFound}`,
      at: second(1030),
    });
    expect(rollout?.evidence).toMatchObject({ failed: 1, byCauseKind: { certain: 1 } });
  });

  it('that a further try may mend is counted, and left to the stall', () => {
    const rollout = judged(failing(10, timedOut), byEvidence, 1800);
    expect(rollout).toMatchObject({ phase: 'watching', verdict: null });
    expect(rollout?.evidence).toMatchObject({
      failed: 10,
      byClass: { 'image-pull': 10 },
      byCauseKind: { transient: 10 },
    });
    expect(judged(failing(10, timedOut), byEvidence)?.verdict).toMatchObject({ reason: 'Stalled' });
  });

  it('that only the end of a pipeline mends is left to the stall where the policy waits for it', () => {
    const policy = { ...byEvidence, certainCauses: 'wait' };
    expect(judged(failing(10, notFound), policy, 1800)).toMatchObject({ phase: 'watching', verdict: null });
    expect(judged(failing(10, notFound), policy)?.verdict).toMatchObject({ reason: 'Stalled' });
  });

  it('of a class that does not count for the service says nothing', () => {
    const policy = { ...byEvidence, failureClasses: ['out-of-memory'] };
    expect(judged(failing(3, notFound), policy, 1800)?.verdict).toBeNull();
  });
});

describe('by the rule `percent`, a failure', () => {
  it.each([notFound, timedOut])('counts like any other: %s', (reason) => {
    const byPercent = { failureRule: 'percent' };
    expect(judged(failing(1, reason), byPercent, 1800)?.verdict).toBeNull();
    expect(judged(failing(2, reason), byPercent)?.verdict).toMatchObject({ at: second(1090) });
  });
});
