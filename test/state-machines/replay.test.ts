import { describe, expect, it } from 'vitest';
import type { ObservedEvent } from '../../state-machines/events';
import { defaultPolicy, type Policy } from '../../state-machines/policy';
import { replay } from '../../state-machines/replay';
import {
  alarm,
  completed,
  deleted,
  deploymentId,
  failed,
  pending,
  provenFirst,
  revision,
  running,
  scaledIn,
  second,
  started,
  stopped,
  unplaceable,
  updated,
} from './story';

function rolloutsOf(
  events: readonly ObservedEvent[],
  { until = 10_000, policy = {} as Partial<Policy> } = {},
) {
  return replay(events, { policy: { ...defaultPolicy, ...policy }, until: second(until) });
}

/** What happened, as people would tell it. */
function tellingOf(events: readonly ObservedEvent[], options?: Parameters<typeof rolloutsOf>[1]) {
  return rolloutsOf(events, options).map((rollout) => ({
    deployment: rollout.deployment,
    phase: rollout.phase,
    outcome: rollout.outcome,
    reason: rollout.verdict?.reason ?? null,
  }));
}

const crashing = [
  running('b1', 1020, { deployment: 2 }),
  stopped('b1', 1025, { deployment: 2 }),
  running('b2', 1040, { deployment: 2 }),
  stopped('b2', 1045, { deployment: 2 }),
];

describe('a rollout without trouble', () => {
  it('bakes from its completion and succeeds when the bake is over', () => {
    const [rollout] = rolloutsOf(provenFirst);
    expect(rollout).toMatchObject({
      outcome: 'succeeded',
      verdict: { result: 'passed', reason: 'BakePassed' },
    });
    expect(rollout?.transitions.map(({ from, to, at }) => [from, to, at])).toEqual([
      ['watching', 'baking', second(60)],
      ['baking', 'done', second(360)],
    ]);
    expect(rollout?.endedAt).toBe(second(360));
  });

  it('is still baking while its bake lasts', () => {
    expect(tellingOf(provenFirst, { until: 359 })).toEqual([
      { deployment: deploymentId(1), phase: 'baking', outcome: null, reason: null },
    ]);
  });
});

describe('a rollout whose tasks fail', () => {
  it('fails at the task that tips the scale, with the stable task definition as target', () => {
    const [, rollout] = rolloutsOf([...provenFirst, started(2, 1000), ...crashing]);
    expect(rollout).toMatchObject({
      phase: 'rollingBack',
      outcome: null,
      verdict: { result: 'failed', reason: 'TaskFailures', at: second(1045), eventId: 'task-b2-5-1045' },
      rollback: { by: 'rewind', target: revision(1), requestedAt: second(1045), issuedAt: null },
      evidence: { started: 2, failed: 2, byClass: { 'essential-container-exited': 2 } },
    });
  });

  it('fails in the bake as it would before', () => {
    const late = [started(2, 1000), running('b0', 1010, { deployment: 2 }), completed(2, 1015), ...crashing];
    const [, rollout] = rolloutsOf([...provenFirst, ...late]);
    expect(rollout?.transitions.map(({ to, reason }) => [to, reason])).toEqual([
      ['baking', 'Completed'],
      ['rollingBack', 'TaskFailures'],
    ]);
  });

  it('is forgiven nothing by healthy tasks in between', () => {
    const limping = [1, 2, 3, 4, 5].flatMap((n) => [
      running(`ok${n}`, 1010 + n * 10, { deployment: 2 }),
      ...(n % 2 === 0 ? [stopped(`bad${n}`, 1015 + n * 10, { deployment: 2 })] : []),
    ]);
    expect(tellingOf([...provenFirst, started(2, 1000), ...limping])[1]).toMatchObject({
      reason: 'TaskFailures',
    });
  });

  it('holds when all that is short is capacity, until its deadline', () => {
    const short = [1, 2, 3].map((n) => stopped(`c${n}`, 1010 + n, { deployment: 2, because: unplaceable }));
    const events = [...provenFirst, started(2, 1000), ...short];
    expect(tellingOf(events, { until: 4000 })[1]).toMatchObject({ phase: 'watching', reason: null });
    expect(tellingOf(events, { until: 4600 })[1]).toMatchObject({ reason: 'DeadlineElapsed' });
  });

  it('counts a task once, however many versions tell that it stopped', () => {
    const once = [
      stopped('b1', 1025, { deployment: 2, version: 5 }),
      stopped('b1', 1026, { deployment: 2, version: 6 }),
      pending('b1', 1027, { deployment: 2, version: 2 }),
      stopped('b1', 1028, { deployment: 2, version: null }),
    ];
    const [, rollout] = rolloutsOf([...provenFirst, started(2, 1000), ...once]);
    expect(rollout?.evidence).toMatchObject({ started: 1, failed: 1 });
  });

  it('is not blamed for the tasks of the deployment that it replaces', () => {
    const old = ['a1', 'a2', 'a3'].map((task, n) => stopped(task, 1010 + n, { deployment: 1 }));
    expect(tellingOf([...provenFirst, started(2, 1000), ...old])[1]).toMatchObject({
      reason: 'DeadlineElapsed',
    });
  });

  it('has no safe target when nothing has proven itself and nothing else runs', () => {
    const first = crashing.map((event) => event);
    expect(tellingOf([started(2, 1000), ...first])).toEqual([
      { deployment: deploymentId(2), phase: 'done', outcome: 'noSafeTarget', reason: 'TaskFailures' },
    ]);
  });

  it('does not take the next deployment by its team for a rollback when there was nothing to go back to', () => {
    const next = [updated(3, 9000, 3), started(3, 9001), running('d1', 9010, { deployment: 3 })];
    const [first, second_] = rolloutsOf([started(2, 1000), ...crashing, ...next]);
    expect(first).toMatchObject({ outcome: 'noSafeTarget', rollback: null });
    expect(second_).toMatchObject({ rollbackOf: null });
  });

  it('goes back to what the other tasks of the service run when the history tells of nothing proven', () => {
    const other = running('a1', 900, { deployment: 1 });
    const [rollout] = rolloutsOf([other, started(2, 1000), ...crashing]);
    expect(rollout?.rollback?.target).toBe(revision(1));
  });

  it('never goes back to a task definition that has failed here', () => {
    const events = [
      ...provenFirst,
      started(2, 1000),
      ...crashing,
      started(3, 2000),
      running('d1', 2010, { deployment: 3, revision: 1 }),
      stopped('d1', 2020, { deployment: 3, revision: 1 }),
      stopped('d2', 2021, { deployment: 3, revision: 1 }),
      started(4, 3000),
      stopped('e1', 3010, { deployment: 4 }),
      stopped('e2', 3011, { deployment: 4 }),
    ];
    expect(rolloutsOf(events).at(-1)).toMatchObject({ outcome: 'noSafeTarget', rollback: null });
  });
});

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

describe('in observe mode', () => {
  it('ends a failed rollout as notEnforced when nobody has acted by the deadline', () => {
    const events = [...provenFirst, started(2, 1000), ...crashing];
    expect(tellingOf(events, { policy: { mode: 'observe' } })[1]).toMatchObject({ outcome: 'notEnforced' });
  });
});

describe('a stable task definition', () => {
  it('is not one whose rollout completed without a healthy task', () => {
    const empty = [started(1, 0), completed(1, 10)];
    const scaled = stopped('a9', 500, { deployment: 1, revision: 9, because: scaledIn });
    const [, rollout] = rolloutsOf([...empty, scaled, started(2, 1000), ...crashing]);
    expect(rollout?.rollback?.target).toBe(revision(9));
  });
});
