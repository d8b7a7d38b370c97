import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../state-machines/log/decided-events';
import { secondsAfter } from '../../../state-machines/log/instant';
import type { ReleaseTest } from '../../../state-machines/log/traffic/release-test';
import { namedOnly } from '../../../state-machines/log/way-back';
import type { RolloutSignal } from '../../../state-machines/rollout/signals';
import { verdictOn } from '../../../state-machines/rollout/verdict';
import { deploymentId, revision, second } from '../story';
import { dueAt, type Judged, judged, opened } from './judged';
import { base, signals } from './signals';

function atBakeEnd(given: Judged, at = dueAt) {
  return verdictOn(judged(given), { ...signals.BakeElapsed, at });
}

function silent(alarms = ['errors']): Judged {
  const readings = alarms.map((name) => ({ alarm: name, state: 'INSUFFICIENT_DATA', since: second(1) }));
  return { alarmCheck: { at: dueAt, alarms: readings } };
}

describe('a bake that ends', () => {
  it('passes what nothing spoke against, and says how long, with how many failures', () => {
    expect(atBakeEnd({})).toEqual({
      result: 'passed',
      reason: 'BakePassed',
      message: 'nothing spoke against it for 300 s after completion (no failed task)',
      at: dueAt,
      eventId: signals.BakeElapsed.id,
    });
    const extended = { isBakeExtended: true, evidence: { failed: 1, started: 20 } };
    expect(atBakeEnd(extended, secondsAfter(dueAt, 300))?.message).toBe(
      'nothing spoke against it for 600 s after completion (1 failed within what is allowed)',
    );
  });

  it('proves nothing where no task ran in it', () => {
    expect(atBakeEnd({ hasRunInBake: false })).toMatchObject({
      result: 'inconclusive',
      reason: 'BakePassed',
      message: 'no task ran in the 300 s after completion: that proves nothing',
    });
  });

  it('decides nothing before it is due, in another phase, or behind a verdict', () => {
    expect(atBakeEnd({}, second(399))).toBeNull();
    expect(atBakeEnd({ dueAt: null })).toBeNull();
    for (const phase of ['watching', 'rollingBack', 'done'] as const) expect(atBakeEnd({ phase })).toBeNull();
    expect(atBakeEnd({ ...silent(), phase: 'watching' })).toBeNull();
    expect(atBakeEnd(silent(), second(399))).toBeNull();
    expect(verdictOn(judged({}), signals.DeadlineElapsed)).toBeNull();
    expect(
      verdictOn(judged({}), {
        ...signals.BakeElapsed,
        at: dueAt,
        ahead: { verdict: true, conclusion: false, unjudgedEnd: false, revocation: false },
      }),
    ).toBeNull();
  });

  it('with something unknown ends as the policy says', () => {
    expect(atBakeEnd(silent(['errors', 'slow']))).toMatchObject({
      result: 'inconclusive',
      reason: 'DeadlineElapsed',
      message:
        'the bake was extended once and still nothing is known of errors (INSUFFICIENT_DATA), slow (INSUFFICIENT_DATA)',
    });
    expect(atBakeEnd({ ...silent(), policy: { onInconclusive: 'rollback' } })).toMatchObject({
      result: 'failed',
      reason: 'DeadlineElapsed',
    });
    expect(atBakeEnd({ ...silent(), policy: { onInconclusive: 'pass' } })).toMatchObject({
      result: 'passed',
    });
  });
});

describe('alarms that are read at the end of a bake', () => {
  const raised = ['errors', 'slow'].map((name) => ({ alarm: name, state: 'ALARM', since: second(300) }));
  const checked = { ...signals.AlarmsChecked, at: dueAt } as Extract<
    RolloutSignal,
    { type: 'AlarmsChecked' }
  >;
  const read = { ...checked, event: { ...checked.event, alarms: raised } };

  it('fail the rollout by the first that is raised', () => {
    expect(verdictOn(judged({}), read)).toMatchObject({
      result: 'failed',
      reason: 'AlarmRaised',
      message: 'alarm errors is in ALARM at the end of the bake',
    });
    expect(verdictOn(judged({ phase: 'watching' }), read)).toBeNull();
  });
});

describe('a deployment that others end', () => {
  const by = (given: object) =>
    verdictOn(judged({ phase: 'watching' }), { ...base, ...given } as RolloutSignal);
  const wentBack = {
    type: 'RollbackStarted',
    deployment: deploymentId(1),
    by: 'operator',
    target: revision(1),
  };

  it('fails with what ECS says of it', () => {
    expect(by(signals.DeploymentFailed)).toMatchObject({
      reason: 'NativeFailure',
      message: 'ECS deployment circuit breaker: tasks failed to start.',
    });
    const { event } = signals.DeploymentFailed as Extract<RolloutSignal, { type: 'DeploymentFailed' }>;
    expect(by({ ...signals.DeploymentFailed, event: { ...event, reason: null } })).toMatchObject({
      message: 'ECS itself took the deployment back',
    });
    expect(by({ ...wentBack, by: 'ecs' })).toMatchObject({ reason: 'NativeFailure' });
  });

  it('fails as the operator says, and tells where they went', () => {
    const stable = 'a person or tool deployed the stable task definition again';
    expect(by(wentBack)).toMatchObject({ reason: 'Operator', message: stable });
    expect(by({ ...wentBack, target: null, safeTarget: () => namedOnly(revision(9)) })?.message).toBe(stable);
    expect(by({ ...wentBack, target: revision(9) })).toMatchObject({
      reason: 'Operator',
      message: 'a person or tool went back to web:9',
    });
    expect(by({ ...wentBack, safeTarget: () => null })?.message).toBe('a person or tool went back to web:1');
    expect(by({ ...wentBack, stoppedBy: null })).toMatchObject({
      reason: 'Operator',
      message: 'a person or tool stopped the service deployment, so that ECS goes back',
    });
    expect(by({ ...wentBack, stoppedBy: 'ann' })?.message).toContain('ann stopped');
  });
});

describe('a rollout that hangs', () => {
  const taskProgress = { ...opened.taskProgress, hungSince: second(100) };
  const stalled = (given: Judged, at = second(1000)) =>
    verdictOn(judged({ phase: 'watching', taskProgress, ...given }), { ...signals.StallElapsed, at });

  it('fails by what does not get up, or by old tasks that are not replaced', () => {
    expect(stalled({ evidence: { started: 2, running: 1, pending: 1 } })).toMatchObject({
      result: 'failed',
      reason: 'Stalled',
      message: 'no new task got up for 900 s (1 of 2 started tasks run)',
    });
    expect(stalled({ evidence: { started: 2, running: 2, pending: 0 } })).toMatchObject({
      reason: 'Stalled',
      message:
        'ECS replaced no old task for 900 s: it does not take the new ones for healthy (2 of 2 started tasks run)',
    });
  });

  it('does not before its time, while it bakes, or while it gets on', () => {
    expect(stalled({}, second(999))).toBeNull();
    expect(stalled({ phase: 'baking' })).toBeNull();
    expect(stalled({ taskProgress: { ...taskProgress, hungSince: null } })).toBeNull();
  });
});

describe('a verdict that stands', () => {
  const verdict = {
    result: 'passed',
    reason: 'BakePassed',
    message: '',
    at: dueAt,
    eventId: 'end',
  } as Verdict;

  it('is followed by none, and neither is an end without one', () => {
    const failed = signals.DeploymentFailed;
    expect(verdictOn(judged({ phase: 'watching' }), failed)?.reason).toBe('NativeFailure');
    expect(verdictOn(judged({ phase: 'watching', verdict }), failed)).toBeNull();
    expect(verdictOn(judged({ phase: 'done' }), failed)).toBeNull();
  });

  it('of a pass is revoked where people were told of it, minutes later', () => {
    const policy = { alarms: ['errors'] };
    const passed = judged({ phase: 'done', verdict, probationUntil: second(9000), policy });
    const raised = { ...signals.AlarmChanged, at: second(1000) };
    const told = (concluded: boolean) =>
      verdictOn({ ...passed, recorded: { ...passed.recorded, opened: true, concluded } }, raised);
    expect(told(false)).toBeNull();
    expect(told(true)).toMatchObject({
      message: 'alarm errors went to ALARM (10 min after it had passed)',
      revokes: { at: dueAt, eventId: 'end' },
    });
    expect(verdictOn({ ...passed, context: { ...passed.context, verdict: null } }, raised)).toBeNull();
  });
});

describe('a required test', () => {
  const smoke = { name: 'smoke', required: true, retries: 1, answeredBy: 'ci' } as ReleaseTest;
  const other = { ...smoke, name: 'other', retries: 9 };
  const ended = signals.TestEnded as Extract<RolloutSignal, { type: 'TestEnded' }>;
  const failedAt = (attempt: number, more: Partial<(typeof ended)['event']> = {}, test = smoke) => {
    const event = { ...ended.event, result: 'failed' as const, message: 'exit code 1', attempt, ...more };
    const policy = { tests: [other, test] };
    return verdictOn(judged({ phase: 'watching', policy }), { ...ended, event });
  };

  it('that fails each time fails the rollout, and says by what', () => {
    const says = { evidence: ['first', 'second', 'GET /: 500'] };
    expect(failedAt(2, says)).toMatchObject({
      result: 'failed',
      reason: 'TestFailed',
      message: 'the test smoke failed: exit code 1 (attempt 2): GET /: 500',
    });
    expect(failedAt(1, {}, { ...smoke, retries: 0 })?.message).toBe('the test smoke failed: exit code 1');
  });

  it('decides nothing while it may run again, where it could not be run, is not required or not asked for', () => {
    expect(failedAt(1)).toBeNull();
    expect(failedAt(2, { result: 'error' })).toBeNull();
    expect(failedAt(2, {}, { ...smoke, required: false })).toBeNull();
    expect(failedAt(2, { test: 'forgotten' })).toBeNull();
  });
});

it('a gate that sends the release back fails it, and no other answer does', () => {
  const decided = signals.GateDecided as Extract<RolloutSignal, { type: 'GateDecided' }>;
  const watched = judged({ phase: 'watching' });
  expect(verdictOn(watched, decided)).toBeNull();
  const event = { ...decided.event, answer: 'ROLLBACK' as const, because: 'undecided for an hour' };
  expect(verdictOn(watched, { ...decided, event })).toMatchObject({
    reason: 'DeadlineElapsed',
    message: `the gate at ${event.stage} was undecided for an hour`,
  });
});

it('an alarm in doubt that lasts fails the rollout when that is known, and by nothing else that is told', () => {
  const doubted = { alarm: 'errors', raisedBefore: 1, since: second(50), raises: [second(50)] };
  const late = judged({ phase: 'watching', doubtedAlarms: [doubted] });
  const at = second(390);
  expect(verdictOn(late, { ...signals.HoldElapsed, at })?.reason).toBe('AlarmRaised');
  expect(verdictOn(late, { ...signals.AlarmsChecked, at })?.reason).toBe('AlarmRaised');
  expect(verdictOn(late, { ...signals.SightLost, at })).toBeNull();
});
