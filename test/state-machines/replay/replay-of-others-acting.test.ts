import { describe, expect, it } from 'vitest';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { crashing, rolloutsOf, tellingOf } from '../judging';
import {
  alarm,
  completed,
  deleted,
  deploymentId,
  failed,
  provenFirst,
  revision,
  running,
  second,
  started,
  stopped,
  updated,
} from '../story';

describe('a rollout that ECS takes back', () => {
  const breaker = [failed(2, 1100), started(1, 1101, true), completed(1, 1160)];

  it('is adopted as rolled back by ECS, with the old deployment started again as a rollout of its own', () => {
    const [, second_, third] = rolloutsOf([
      ...provenFirst,
      started(2, 1000),
      running('b1', 1020, { deployment: 2 }),
      ...breaker,
    ]);
    expect(second_).toMatchObject({
      outcome: 'rolledBack',
      verdict: { reason: 'NativeFailure', at: second(1100) },
      rollback: { by: 'ecs', target: revision(1), deployment: deploymentId(1), completedAt: second(1160) },
    });
    expect(third).toMatchObject({
      deployment: deploymentId(1),
      rollbackOf: deploymentId(2),
      startedAt: second(1101),
    });
  });

  it('keeps the verdict that Rewind would have reached before', () => {
    const [, rollout] = rolloutsOf([...provenFirst, started(2, 1000), ...crashing, ...breaker]);
    expect(rollout).toMatchObject({
      outcome: 'rolledBack',
      verdict: { reason: 'TaskFailures' },
      rollback: { by: 'ecs', issuedAt: second(1101) },
    });
  });

  it('is recognised by the re-used deployment id alone', () => {
    const again = [started(1, 1101), completed(1, 1160)];
    expect(tellingOf([...provenFirst, started(2, 1000), ...again])[1]).toMatchObject({
      outcome: 'rolledBack',
      reason: 'NativeFailure',
    });
  });

  it('ends as rollbackFailed when the rollback fails, and the rollback is not rolled back', () => {
    const bad = ['r1', 'r2'].map((task, n) => stopped(task, 1110 + n, { deployment: 1 }));
    const telling = tellingOf([
      ...provenFirst,
      started(2, 1000),
      failed(2, 1100),
      started(1, 1101, true),
      ...bad,
    ]);
    expect(telling.slice(1)).toEqual([
      { deployment: deploymentId(2), phase: 'done', outcome: 'rollbackFailed', reason: 'NativeFailure' },
      { deployment: deploymentId(1), phase: 'done', outcome: 'rollbackFailed', reason: 'TaskFailures' },
    ]);
  });
});

describe('a rollout that somebody else ends', () => {
  it('is superseded by a newer deployment', () => {
    expect(tellingOf([...provenFirst, started(2, 1000), started(3, 1010)], { until: 1020 })[1]).toMatchObject(
      {
        outcome: 'superseded',
        reason: null,
      },
    );
  });

  it('is rolled back by the operator who deploys the stable task definition again', () => {
    const back = [
      updated(3, 1050, 1),
      started(3, 1051),
      running('d1', 1060, { deployment: 3, revision: 1 }),
      completed(3, 1090),
    ];
    const [, rollout, rollback] = rolloutsOf([...provenFirst, started(2, 1000), ...back]);
    expect(rollout).toMatchObject({
      outcome: 'rolledBack',
      verdict: { reason: 'Operator' },
      rollback: { by: 'operator', target: revision(1), deployment: deploymentId(3) },
    });
    expect(rollback).toMatchObject({ rollbackOf: deploymentId(2), outcome: 'succeeded' });
  });

  it('waits, once failed, to learn whether the newer deployment is the way back', () => {
    const newer = (runs: number) => [
      started(3, 1050),
      running('d1', 1060, { deployment: 3, revision: runs }),
      completed(3, 1090),
    ];
    const history = [...provenFirst, started(2, 1000), ...crashing];
    expect(rolloutsOf([...history, ...newer(1)])[1]).toMatchObject({
      outcome: 'rolledBack',
      rollback: { by: 'operator', deployment: deploymentId(3) },
    });
    expect(rolloutsOf([...history, ...newer(3)])[1]).toMatchObject({
      outcome: 'superseded',
      endedAt: second(1060),
    });
  });

  it('is abandoned when its service is deleted', () => {
    expect(tellingOf([...provenFirst, started(2, 1000), deleted(1010)])[1]).toMatchObject({
      outcome: 'abandoned',
    });
  });
});

describe('a rollout watched by alarms', () => {
  const policy = { alarms: ['errors', 'latency'] };

  it('fails when one of them goes to ALARM', () => {
    const events = [...provenFirst, started(2, 1000), alarm('errors', 1010, ['OK', 'ALARM'])];
    expect(tellingOf(events, { policy })[1]).toMatchObject({ reason: 'AlarmRaised' });
  });

  it('does not count one already in ALARM at its start until it has been OK once; the others still do', () => {
    const before = [...provenFirst, alarm('errors', 900, ['OK', 'ALARM']), started(2, 1000)];
    const flapping = [
      alarm('errors', 1010, ['ALARM', 'INSUFFICIENT_DATA']),
      alarm('errors', 1020, ['INSUFFICIENT_DATA', 'ALARM']),
    ];
    expect(tellingOf([...before, ...flapping], { policy, until: 1030 })[1]).toMatchObject({ reason: null });
    const other = alarm('latency', 1025, ['OK', 'ALARM']);
    expect(tellingOf([...before, ...flapping, other], { policy })[1]).toMatchObject({
      reason: 'AlarmRaised',
    });
    const cleared = [alarm('errors', 1030, ['ALARM', 'OK']), alarm('errors', 1040, ['OK', 'ALARM'])];
    expect(tellingOf([...before, ...flapping, ...cleared], { policy })[1]).toMatchObject({
      reason: 'AlarmRaised',
    });
  });

  it('learns from the first change alone that the alarm was raised before', () => {
    const events = [
      ...provenFirst,
      started(2, 1000),
      alarm('errors', 1010, ['ALARM', 'INSUFFICIENT_DATA']),
      alarm('errors', 1020, ['INSUFFICIENT_DATA', 'ALARM']),
    ];
    expect(tellingOf(events, { policy, until: 1030 })[1]).toMatchObject({ reason: null });
  });
});

describe('a fact told twice', () => {
  it('is no rollback when it is the completion of the deployment before, told after the next has started', () => {
    const again = completed(1, 1001);
    const next = [started(2, 1000), running('b1', 1010, { deployment: 2 }), completed(2, 1060)];
    expect(tellingOf([...provenFirst, ...next, again], { until: 1100 })).toEqual([
      { deployment: deploymentId(1), phase: 'done', outcome: 'succeeded', reason: 'BakePassed' },
      { deployment: deploymentId(2), phase: 'baking', outcome: null, reason: null },
    ]);
  });

  it('is no alarm when the alarm was raised before', () => {
    const policy = { alarms: ['errors'] };
    const again = alarm('errors', 1020, ['ALARM', 'ALARM']);
    expect(tellingOf([...provenFirst, started(2, 1000), again], { policy, until: 1030 })[1]).toMatchObject({
      reason: null,
    });
  });
});

describe('a rollback by an operator whose deployment the call did not name', () => {
  it('settles when its task definition shows what it is', () => {
    const call = { ...updated(3, 1100, 1), deployment: null } as ObservedEvent;
    const back = [
      call,
      started(3, 1101),
      running('d1', 1130, { deployment: 3, revision: 1 }),
      completed(3, 1160),
    ];
    const [, rollout] = rolloutsOf([
      ...provenFirst,
      started(2, 1000),
      running('b1', 1020, { deployment: 2 }),
      ...back,
    ]);
    expect(rollout).toMatchObject({
      outcome: 'rolledBack',
      endedAt: second(1160),
      rollback: { by: 'operator', deployment: deploymentId(3), completedAt: second(1160) },
    });
  });
});

describe('in observe mode', () => {
  it('ends a failed rollout as notEnforced when nobody has acted by the deadline', () => {
    const events = [...provenFirst, started(2, 1000), ...crashing];
    expect(tellingOf(events, { policy: { mode: 'observe' } })[1]).toMatchObject({ outcome: 'notEnforced' });
  });
});
