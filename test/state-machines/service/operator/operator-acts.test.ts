import { describe, expect, it } from 'vitest';
import type { ObservedEvent } from '../../../../state-machines/log/observed-events';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { elapsedBy } from '../../../../state-machines/service/deadlines';
import { emptyFold, foldOn, inOrder } from '../../../../state-machines/service/fold';
import { describeFreeze, freezeOf } from '../../../../state-machines/service/operator/freeze';
import type { ServiceMemory } from '../../../../state-machines/service/service-memory';
import { rolloutsOf, tellingOf } from '../../judging';
import {
  acted,
  completed,
  deploymentId,
  provenFirst,
  revision,
  running,
  second,
  service,
  started,
  stopped,
  updated,
} from '../../story';

const policy = { ...defaultPolicy, provenBy: 'completion' } as const;

function memoryAfter(events: readonly ObservedEvent[]): ServiceMemory {
  return foldOn(emptyFold(service), inOrder(events), policy).state.memory;
}

const failedHere = (events: readonly ObservedEvent[]) =>
  memoryAfter(events).failed.map(({ taskDefinition }) => taskDefinition);

/** Revision 2 is deployed and passes its bake, and nothing is live at second 2000. */
const twoProven = [
  ...provenFirst,
  updated(2, 999, 2),
  started(2, 1000),
  running('b1', 1020, { deployment: 2 }),
  running('b2', 1021, { deployment: 2 }),
  completed(2, 1060),
];
const left = { deployment: deploymentId(2), taskDefinition: revision(2), target: revision(1) };
const rollback = acted(2000, { action: 'rollback', ...left });
const failing = [
  running('c1', 2020, { deployment: 3, revision: 1 }),
  stopped('c1', 2025, { deployment: 3, revision: 1 }),
  running('c2', 2040, { deployment: 3, revision: 1 }),
  stopped('c2', 2045, { deployment: 3, revision: 1 }),
];

describe("an operator's rollback of a release that had passed", () => {
  it('R102 is watched and told, and never taken back, whatever its tasks do', () => {
    const events = [...twoProven, rollback, started(3, 2001), ...failing];
    const last = rolloutsOf(events).at(-1);
    expect(last).toMatchObject({
      deployment: deploymentId(3),
      rollbackOf: deploymentId(2),
      outcome: 'rollbackFailed',
      verdict: { result: 'failed', reason: 'TaskFailures' },
      rollback: null,
    });
  });

  it('R102 is known for one by CloudTrail as well, and in any order of arrival', () => {
    const events = [...twoProven, rollback, updated(3, 2001, 1), started(3, 2001), ...failing];
    expect(rolloutsOf(events).at(-1)).toMatchObject({
      rollbackOf: deploymentId(2),
      outcome: 'rollbackFailed',
    });
    expect(rolloutsOf(events.toReversed())).toEqual(rolloutsOf(events));
  });

  it('is a new rollout like any other where nobody has said so, or said it an hour ago', () => {
    const anHourAgo = acted(2001 - 3600, { action: 'rollback', ...left });
    for (const told of [[], [anHourAgo], [acted(2000, { action: 'deploy', ...left })]]) {
      const events = [...twoProven, ...told, started(3, 2001), ...failing];
      expect(rolloutsOf(events).at(-1)).toMatchObject({ rollbackOf: null, phase: 'rollingBack' });
    }
  });

  it('leaves what it goes back from as it was judged, unless the operator calls it bad', () => {
    expect(failedHere([...twoProven, rollback])).toEqual([]);
    const bad = acted(2000, { action: 'rollback', ...left, isLeftAsBad: true });
    expect(failedHere([...twoProven, bad])).toEqual([revision(2)]);
    expect(memoryAfter([...twoProven, bad]).proven.map((one) => one.taskDefinition)).toEqual([revision(1)]);
  });
});

describe("an operator's rollback over a rollout that is judged yet", () => {
  it('R104 leads back to a copy that is newer than what it takes back, if the operator says so', () => {
    const deployed = [...provenFirst, started(2, 1000), running('b1', 1020, { deployment: 2 })];
    const toCopy = acted(1030, {
      action: 'rollback',
      deployment: deploymentId(2),
      taskDefinition: revision(2),
      target: revision(3),
    });
    const onward = [updated(3, 1031, 3), started(3, 1031)];
    expect(tellingOf([...deployed, ...onward])[1]).toMatchObject({ outcome: 'superseded' });
    expect(tellingOf([...deployed, toCopy, ...onward])[1]).toMatchObject({ reason: 'Operator' });
    expect(rolloutsOf([...deployed, toCopy, ...onward])[2]).toMatchObject({ rollbackOf: deploymentId(2) });
  });
});

describe('what failed here', () => {
  const failed = [
    ...provenFirst,
    started(2, 1000),
    running('b1', 1020, { deployment: 2 }),
    stopped('b1', 1025, { deployment: 2 }),
    running('b2', 1040, { deployment: 2 }),
    stopped('b2', 1045, { deployment: 2 }),
  ];
  const about = { taskDefinition: revision(2) };

  it('R101 is forgiven by name, also while its rollout is taken back', () => {
    const forgiven = acted(1050, { action: 'forgive', ...about });
    expect(failedHere(failed)).toEqual([revision(2)]);
    const later = [...failed, forgiven, started(1, 1060, true), completed(1, 1100)];
    expect(failedHere(later)).toEqual([]);
    expect(failedHere([...failed, acted(1050, { action: 'retry', target: revision(2) })])).toEqual([]);
  });

  it('is added to by name, and what was proven of it is no target any more', () => {
    const condemned = memoryAfter([...twoProven, acted(2000, { action: 'condemn', ...about })]);
    expect(condemned.failed).toEqual([{ taskDefinition: revision(2), deployment: null }]);
    expect(condemned.proven.map((one) => one.taskDefinition)).toEqual([revision(1)]);
  });
});

describe('a freeze', () => {
  const frozen = acted(2000, { action: 'freeze', freezes: 'deploys', until: second(3000) });

  it('R131 holds what it names until it ends by itself, or is lifted', () => {
    const memory = memoryAfter([...twoProven, frozen]);
    expect(freezeOf(memory, 'deploys', second(2999))).toMatchObject({ reason: 'CPU is spiky' });
    expect(freezeOf(memory, 'rollbacks', second(2999))).toBeNull();
    expect(freezeOf(memory, 'deploys', second(3000))).toBeNull();
    const lifted = memoryAfter([...twoProven, frozen, acted(2500, { action: 'unfreeze' })]);
    expect(freezeOf(lifted, 'deploys', second(2600))).toBeNull();
  });

  it('of everything holds both, until somebody lifts it', () => {
    const memory = memoryAfter([...twoProven, acted(2000, { action: 'freeze' })]);
    const [freeze, other] = [
      freezeOf(memory, 'rollbacks', second(9e6)),
      freezeOf(memory, 'deploys', second(1)),
    ];
    expect(freeze).toEqual(other);
    expect(freeze && describeFreeze(freeze)).toBe(
      'the service is frozen by arn:aws:sts::123456789012:assumed-role/operators/cleo until somebody lifts that: "CPU is spiky"',
    );
  });
});

/** A second rollout, in its bake. */
const baking = [
  ...provenFirst,
  started(2, 1000),
  running('b1', 1020, { deployment: 2 }),
  running('b2', 1021, { deployment: 2 }),
  completed(2, 1060),
];

describe('a pause', () => {
  const about = { deployment: deploymentId(2) };
  const pause = acted(1070, { action: 'pause', ...about, until: second(5000) });
  const stateAfter = (events: readonly ObservedEvent[]) =>
    foldOn(emptyFold(service), inOrder(events), defaultPolicy).state;
  const endsAt = (events: readonly ObservedEvent[]) =>
    elapsedBy(stateAfter(events), second(9000)).map(({ type, occurredAt }) => [type, occurredAt]);

  it('keeps time alone from passing a rollout, until it ends by itself or somebody resumes', () => {
    expect(endsAt(baking)).toEqual([['BakeElapsed', second(1360)]]);
    expect(endsAt([...baking, pause])).toEqual([['BakeElapsed', second(5000)]]);
    expect(endsAt([...baking, pause, acted(1100, { action: 'resume', ...about })])).toEqual(endsAt(baking));
    const ofAnother = acted(1070, { action: 'pause', deployment: deploymentId(7), until: second(5000) });
    expect(endsAt([...baking, ofAnother])).toEqual(endsAt(baking));
  });

  it('forgives nothing: what fails meanwhile fails the rollout', () => {
    const failing = [
      stopped('b1', 1100, { deployment: 2 }),
      running('b3', 1110, { deployment: 2 }),
      stopped('b3', 1120, { deployment: 2 }),
    ];
    const [live] = stateAfter([...baking, pause, ...failing]).rollouts.slice(-1);
    expect(live).toMatchObject({ phase: 'rollingBack', context: { verdict: { result: 'failed' } } });
  });
});

describe('a promotion past the bake', () => {
  const promote = acted(1090, { action: 'promote', deployment: deploymentId(2), skipsBake: true });

  it('ends it now, and says how long it was', () => {
    expect(rolloutsOf([...baking, promote]).at(-1)).toMatchObject({
      outcome: 'succeeded',
      verdict: {
        result: 'passed',
        at: second(1090.001),
        message: 'nothing spoke against it for 30 s after completion (no failed task)',
      },
    });
  });

  it('R132 gives way to an abort that comes after it', () => {
    const left = { deployment: deploymentId(2), taskDefinition: revision(2), target: revision(1) };
    const aborted = [
      promote,
      acted(1091, { action: 'abort', ...left }),
      updated(3, 1092, 1),
      started(3, 1092),
    ];
    const [, second, third] = rolloutsOf([...baking, ...aborted, ...failing]);
    expect(third).toMatchObject({ rollbackOf: deploymentId(2), outcome: 'rollbackFailed', rollback: null });
    expect(second?.deployment).toBe(deploymentId(2));
  });
});

describe('a stop of all of Rewind', () => {
  const stop = acted(2000, { action: 'stop' });

  it('is remembered with who and why until somebody starts it again', () => {
    expect(memoryAfter([...twoProven, stop]).stop).toMatchObject({
      reason: 'CPU is spiky',
      since: second(2000),
    });
    expect(memoryAfter([...twoProven, stop, acted(2100, { action: 'start' })]).stop).toBeUndefined();
  });
});
