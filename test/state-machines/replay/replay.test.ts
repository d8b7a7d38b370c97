import { describe, expect, it } from 'vitest';
import { crashing, rolloutsOf, tellingOf } from '../judging';
import {
  completed,
  deploymentId,
  pending,
  provenFirst,
  revision,
  running,
  scaledIn,
  second,
  started,
  stopped,
  stopping,
  unplaceable,
  updated,
} from '../story';

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

  it('fails as soon as its tasks are known to stop, and counts each of them once', () => {
    const outOfMemory = { stopCode: 'EssentialContainerExited', stoppedReason: null };
    const container = { name: 'web', exitCode: 137, reason: 'OutOfMemoryError: Container killed' };
    const because = { ...outOfMemory, containers: [container] };
    const [, rollout] = rolloutsOf([
      ...provenFirst,
      started(2, 1000),
      ...['b1', 'b2'].flatMap((task) => [
        running(task, 1020, { deployment: 2 }),
        stopping(task, 1030, { deployment: 2 }),
        stopped(task, 1330, { deployment: 2, because }),
      ]),
    ]);
    expect(rollout?.verdict).toMatchObject({ reason: 'TaskFailures', at: second(1030) });
    expect(rollout?.evidence).toMatchObject({
      failed: 2,
      byClass: { 'out-of-memory': 2 },
      firstFailures: ['b1', 'b2'].map((task) => ({ task, taskClass: 'out-of-memory', exitCode: 137 })),
    });
  });

  it('forgets a failure that turns out to be none', () => {
    const [, rollout] = rolloutsOf([
      ...provenFirst,
      started(2, 1000),
      running('b1', 1020, { deployment: 2 }),
      stopping('b1', 1030, { deployment: 2 }),
      stopped('b1', 1040, { deployment: 2, because: scaledIn }),
    ]);
    expect(rollout?.evidence).toMatchObject({ failed: 0, byClass: { intended: 1 }, firstFailures: [] });
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
    const limping = Array.from({ length: 10 }, (_, index) => index + 1).flatMap((n) => [
      running(`ok${n}`, 1010 + n * 10, { deployment: 2 }),
      ...(n % 2 === 0 ? [stopped(`bad${n}`, 1015 + n * 10, { deployment: 2 })] : []),
    ]);
    expect(tellingOf([...provenFirst, started(2, 1000), ...limping])[1]).toMatchObject({
      reason: 'TaskFailures',
    });
  });

  it('holds for as long as all that is short is capacity', () => {
    const short = [1, 2, 3].map((n) => stopped(`c${n}`, 1010 + n, { deployment: 2, because: unplaceable }));
    const events = [...provenFirst, started(2, 1000), ...short];
    expect(tellingOf(events, { until: 4000 })[1]).toMatchObject({ phase: 'watching', reason: null });
    expect(tellingOf(events, { until: 400_000 })[1]).toMatchObject({ phase: 'watching', reason: null });
  });

  it('has failed when a new task does not get up for 900 s, and is not judged by time alone', () => {
    const hanging = [...provenFirst, started(2, 1000), pending('b1', 1010, { deployment: 2 })];
    expect(tellingOf(hanging, { until: 1909 })[1]).toMatchObject({ phase: 'watching', reason: null });
    expect(tellingOf(hanging, { until: 1910 })[1]).toMatchObject({ reason: 'Stalled' });
    const unplaced = pending('b1', 1010, { deployment: 2, lastStatus: 'PROVISIONING' });
    expect(tellingOf([...provenFirst, started(2, 1000), unplaced], { until: 400_000 })[1]).toMatchObject({
      reason: null,
    });
    const up = [...hanging, running('b1', 1100, { deployment: 2 })];
    expect(tellingOf(up, { until: 400_000 })[1]).toMatchObject({ phase: 'watching', reason: null });
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
      phase: 'watching',
      reason: null,
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

  it('goes back to what they are seen to run only after the verdict, too', () => {
    const other = stopped('a1', 1060, { deployment: 1, because: scaledIn });
    const [rollout] = rolloutsOf([started(2, 1000), ...crashing, other]);
    expect(rollout).toMatchObject({
      phase: 'rollingBack',
      rollback: { by: 'rewind', target: revision(1), requestedAt: second(1045), issuedAt: null },
    });
  });

  it('never goes back to a task definition that has failed here (I4)', () => {
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

describe('a stable task definition (I4)', () => {
  it('is not one whose rollout completed without a healthy task', () => {
    const empty = [started(1, 0), completed(1, 10)];
    const scaled = stopped('a9', 500, { deployment: 1, revision: 9, because: scaledIn });
    const [, rollout] = rolloutsOf([...empty, scaled, started(2, 1000), ...crashing]);
    expect(rollout?.rollback?.target).toBe(revision(9));
  });
});
