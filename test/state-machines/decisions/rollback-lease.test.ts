import { describe, expect, it } from 'vitest';
import {
  callSeconds,
  hasTimeToAct,
  isHeldByAnother,
  leaseSeconds,
} from '../../../state-machines/decisions/rollback-lease';
import type { RollbackRequested } from '../../../state-machines/log/decided-events';
import { type EventId, parseTaskDefinitionArn } from '../../../state-machines/log/identifiers';
import { secondsAfter } from '../../../state-machines/log/instant';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { deploymentId, provenFirst, revision, second, service, started, stopped } from '../story';

function requested(attempt: number, owner: string, [at, cause]: [number, string]): RollbackRequested {
  return {
    type: 'RollbackRequested',
    id: `${cause}~2.0${attempt}.RollbackRequested` as EventId,
    service,
    occurredAt: second(1011),
    deployment: deploymentId(2),
    startedAt: second(1000),
    madeWith: { reducerVersion: 1, policyVersion: '', eventsSeen: 0 },
    attempt,
    owner,
    requestedAt: second(at),
    leaseUntil: second(at + leaseSeconds),
    target: parseTaskDefinitionArn(revision(1)),
  };
}

const failing = [
  ...provenFirst,
  started(2, 1000),
  stopped('b1', 1010, { deployment: 2 }),
  stopped('b2', 1011, { deployment: 2 }),
];

function attemptAfter(...requests: RollbackRequested[]) {
  const fold = foldOn(emptyFold(service), inOrder([...failing, ...requests]), defaultPolicy);
  return fold.state.rollouts.at(-1)?.recorded.attempt ?? null;
}

describe('the lease of a rollback', () => {
  it('keeps everybody but its owner from acting until it has run out', () => {
    const attempt = attemptAfter(requested(1, 'me', [1020, 'task-b2-5-1011']));
    expect(isHeldByAnother(attempt, { owner: 'me', now: second(1079) })).toBe(false);
    expect(isHeldByAnother(attempt, { owner: 'other', now: second(1079) })).toBe(true);
    expect(isHeldByAnother(attempt, { owner: 'other', now: second(1080) })).toBe(false);
  });

  it('lets its owner act only while a call would end, and show, before it does', () => {
    const attempt = attemptAfter(requested(1, 'me', [1020, 'task-b2-5-1011']));
    const last = secondsAfter(second(1080), -callSeconds - 5);
    expect(hasTimeToAct(attempt, { owner: 'me', now: last })).toBe(true);
    expect(hasTimeToAct(attempt, { owner: 'me', now: secondsAfter(last, 0.001) })).toBe(false);
    expect(hasTimeToAct(attempt, { owner: 'other', now: second(1020) })).toBe(false);
  });

  it("is nobody's where two of the same number were written for different causes, until both have run out", () => {
    const attempt = attemptAfter(
      requested(1, 'me', [1020, 'task-b2-5-1011']),
      requested(1, 'other', [1030, 'told-late']),
    );
    for (const owner of ['me', 'other']) {
      expect(hasTimeToAct(attempt, { owner, now: second(1031) })).toBe(false);
      expect(isHeldByAnother(attempt, { owner, now: second(1089) })).toBe(true);
    }
    expect(isHeldByAnother(attempt, { owner: 'me', now: second(1090) })).toBe(false);
  });

  it('is that of the highest number, wherever its cause stands', () => {
    const attempt = attemptAfter(
      requested(2, 'other', [1090, 'a-cause']),
      requested(1, 'me', [1020, 'task-b2-5-1011']),
    );
    expect(attempt).toMatchObject({ number: 2, owner: 'other' });
  });
});
