import { describe, expect, it } from 'vitest';
import type { DeploymentId } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import type { RolloutRecord } from '../../../../state-machines/service/history/rollout-record';
import {
  ecsOnlyResultOf,
  rolloutMeant,
  rolloutOfDeployment,
  type WaitEnd,
  waitResultOf,
} from '../../../../state-machines/service/history/wait-answer';
import { deploymentId, revision, second } from '../../story';

const plain: RolloutRecord = {
  deployment: deploymentId(2),
  startedAt: second(1000),
  taskDefinition: revision(2),
  serviceRevision: null,
  images: null,
  phase: 'watching',
  outcome: null,
  endedAt: null,
  dueAt: null,
  mode: 'enforce',
  verdict: null,
  rollback: null,
  rollbackOf: null,
  hasFailedBefore: false,
  tasks: { started: 2, running: 2, failed: 0 },
  firstFailures: [],
  by: null,
  act: null,
};
const judged = (result: 'passed' | 'failed' | 'inconclusive') => ({
  verdict: { result, reason: 'TaskFailures' as const, message: '', at: second(1050) },
});
const done = (outcome: RolloutRecord['outcome'], result: 'passed' | 'failed' | 'inconclusive') => ({
  phase: 'done' as const,
  outcome,
  ...judged(result),
});

const untold = { rolloutState: 'COMPLETED', endedUntoldSince: second(1000) };
const inProgress = { rolloutState: 'IN_PROGRESS', endedUntoldSince: null };
const complete: { rolloutState: string; endedUntoldSince: Instant | null } = {
  rolloutState: 'COMPLETED',
  endedUntoldSince: null,
};

function answer(change: Partial<RolloutRecord> | null, { ecs = complete, until = 'judged' as WaitEnd } = {}) {
  const record = change === null ? null : { ...plain, ...change };
  return waitResultOf({ record, ecs, until, now: second(1200) });
}

describe('whoever waits for a rollout', () => {
  it.each([
    ['waits while ECS works on it', {}, null],
    ['waits through the bake, though ECS calls it complete', { phase: 'baking' }, null],
    ['hears that it passed', done('succeeded', 'passed'), 'passed'],
    [
      'R111 hears of a failure in the bake, though ECS shows success',
      done('rolledBack', 'failed'),
      'failedAndSafe',
    ],
    ['waits while the service goes back', { phase: 'rollingBack', ...judged('failed') }, null],
    [
      'R114 hears at once that it still runs in observe mode',
      { phase: 'rollingBack', mode: 'observe', ...judged('failed') },
      'failedAndNotSafe',
    ],
    ['hears that nobody took it back', done('notEnforced', 'failed'), 'failedAndNotSafe'],
    ['hears that there was nowhere to go back to', done('noSafeTarget', 'failed'), 'failedAndNotSafe'],
    ['hears that the way back failed, or was refused', done('rollbackFailed', 'failed'), 'failedAndNotSafe'],
    ['hears that a newer deployment took its place', done('superseded', 'failed'), 'superseded'],
    ['R113 hears of no verdict where nothing ran', done('succeeded', 'inconclusive'), 'noVerdict'],
    ['hears of no verdict where the service was deleted', done('abandoned', 'inconclusive'), 'noVerdict'],
  ] as const)('R110 %s', (_, change, expected) => {
    expect(answer(change as Partial<RolloutRecord>)).toBe(expected);
  });

  it('R111 may ask for completion only, and hears of it before the verdict', () => {
    expect(answer({ phase: 'baking' }, { until: 'completed' })).toBe('completed');
    expect(answer({}, { until: 'completed' })).toBeNull();
  });

  it('R110 may ask for a gate, and hears of the first at which ECS waits, or that there was none', () => {
    const shifting = {
      state: 'testing',
      stage: null,
      step: null,
      steps: null,
      weight: null,
      gate: null,
    } as const;
    const gate = { hookId: 'a', stage: 'POST_SCALE_UP', since: second(1100), expiresAt: null };
    const until = 'gate';
    expect(answer({ progress: shifting }, { until })).toBeNull();
    expect(answer({ progress: { ...shifting, gate } }, { until })).toBe('atGate');
    expect(answer({ progress: { ...shifting, gate } })).toBeNull();
    expect(answer({ phase: 'baking' }, { until })).toBe('completed');
  });

  it('R115 never hears of success where the log tells nothing', () => {
    expect(answer(null, { ecs: inProgress })).toBeNull();
    expect(answer(null, { ecs: untold })).toBeNull();
    const record = null;
    const late = waitResultOf({ record, ecs: untold, until: 'completed', now: second(1300) });
    expect(late).toBe('cannotTell');
  });

  it('is told by ECS alone only on request', () => {
    expect(
      ['COMPLETED', 'FAILED', 'IN_PROGRESS', null].map((rolloutState) =>
        ecsOnlyResultOf({ ...complete, rolloutState }),
      ),
    ).toEqual(['completed', 'failedAndNotSafe', null, 'superseded']);
  });
});

describe('the rollout that is meant', () => {
  const first = { ...plain, deployment: deploymentId(1), startedAt: second(0) };
  const again = { ...first, startedAt: second(2000), rollbackOf: deploymentId(2) };
  const failed = { ...plain, ...done('rolledBack', 'failed') };
  const records = [again, failed, first];

  it('R109 is the life in which a deployment was made, not the one in which ECS went back to it', () => {
    expect(rolloutOfDeployment(records, 'ecs-svc/1')).toBe(first);
    expect(rolloutOfDeployment([again, failed], 'ecs-svc/1')).toBe(again);
    const untold: RolloutRecord = { ...again, rollbackOf: null, isGoingBack: true };
    expect(rolloutOfDeployment([untold, first], 'ecs-svc/1')).toBe(first);
  });

  it('R115 is not known where nobody told what ECS went back from: the pass of the way back is none of it', () => {
    const untold: RolloutRecord = { ...again, rollbackOf: null, isGoingBack: true };
    expect(rolloutMeant([untold, first], 'ecs-svc/1')).toBeNull();
  });

  it('R112 is what was taken back in seconds, where the service works on the way back already', () => {
    expect(rolloutMeant(records, 'ecs-svc/1')).toBe(failed);
  });

  it("is an operator's own way back where that is what runs", () => {
    const act = { action: 'rollback', by: null, reason: null } as const;
    const own = { ...again, deployment: 'ecs-svc/3' as DeploymentId, act };
    expect(rolloutMeant([own, failed, first], 'ecs-svc/3')).toBe(own);
  });

  it('R108 is never an earlier one, where the log has not told of it yet', () => {
    expect(rolloutMeant([failed, first], 'ecs-svc/4')).toBeNull();
    expect(rolloutOfDeployment([failed, first], 'ecs-svc/4')).toBeNull();
  });
});
