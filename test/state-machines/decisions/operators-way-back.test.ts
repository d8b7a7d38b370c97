import { describe, expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import type { ObservedService } from '../../../state-machines/log/observed-service';
import { defaultPolicy as policy } from '../../../state-machines/log/policy';
import { replay } from '../../../state-machines/replay/replay';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { rolloutsOf } from '../judging';
import { observedDeployment, observedService } from '../observed-service';
import { situationWith, withDecisions } from '../situations';
import {
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
} from '../story';

// Revision 1 is proven; deployment 2 brings revision 5, deployment 3 what somebody chooses instead.
const deployed = [...provenFirst, started(2, 1000), running('b1', 1020, { deployment: 2, revision: 5 })];
const failing = [
  stopped('b1', 1025, { deployment: 2, revision: 5 }),
  running('b2', 1040, { deployment: 2, revision: 5 }),
  stopped('b2', 1045, { deployment: 2, revision: 5 }),
];
const goesTo = (runs: number) => [
  started(3, 1101),
  running('d1', 1130, { deployment: 3, revision: runs }),
  completed(3, 1160),
];
const crashingThere = [1135, 1137, 1139].map((at, n) => stopped(`e${n}`, at, { deployment: 3, revision: 3 }));

describe('a revision before the one that rolls out, deployed by a person', () => {
  it('is that person’s way back, to wherever it leads, and watched like any rollout', () => {
    const [, rollout, wayBack] = rolloutsOf([...deployed, updated(3, 1100, 3), ...goesTo(3)]);
    expect(rollout).toMatchObject({
      outcome: 'rolledBack',
      verdict: { reason: 'Operator', message: 'a person or tool went back to web:3' },
      rollback: { by: 'operator', target: revision(3), deployment: deploymentId(3) },
    });
    expect(wayBack).toMatchObject({ rollbackOf: deploymentId(2), outcome: 'succeeded' });
  });

  it('is not rolled back, whatever its tasks do (I3)', () => {
    const history = [...deployed, updated(3, 1100, 3), ...goesTo(3).slice(0, 2), ...crashingThere];
    const [, , wayBack] = rolloutsOf(history);
    expect(wayBack).toMatchObject({ outcome: 'rollbackFailed', rollback: null });
  });

  it('is told by its tasks alone once the rollout has failed', () => {
    const [, rollout] = rolloutsOf([...deployed, ...failing, ...goesTo(3)]);
    expect(rollout).toMatchObject({
      outcome: 'rolledBack',
      verdict: { reason: 'TaskFailures' },
      rollback: { by: 'operator', target: revision(3) },
    });
  });

  it('is a newer deployment when it runs what has never been here', () => {
    const [, rollout] = rolloutsOf([...deployed, ...failing, updated(3, 1100, 6), ...goesTo(6)]);
    expect(rollout).toMatchObject({ outcome: 'superseded' });
    const [, healthy, next] = rolloutsOf([...deployed, updated(3, 1100, 6), ...goesTo(6)]);
    expect([healthy?.outcome, next?.rollbackOf]).toEqual(['superseded', null]);
  });

  it('condemns what it replaces only if it did not fail to prove itself here', () => {
    const unproven = [started(4, 700), running('u1', 710, { deployment: 4, revision: 4 }), completed(4, 750)];
    const observed = { ...observedWith(1), deployments: [], serviceDeployments: [] };
    const proven = withDecisions(provenFirst, { observed, now: second(400) });
    const failedAfter = (runs: number) => {
      const events = [...proven, ...unproven, ...deployed.slice(provenFirst.length), updated(3, 1100, runs)];
      const { state } = foldOn(emptyFold(service), inOrder([...events, ...goesTo(runs)]), policy);
      return state.memory.failed.map(({ taskDefinition }) => taskDefinition);
    };
    expect(failedAfter(4)).toEqual([]);
    expect(failedAfter(1)).toEqual([revision(5)]);
    expect(failedAfter(3)).toEqual([revision(5)]);
  });

  it('is a way back in another family where that has run here before', () => {
    const family = (name: string) => revision(1).replace('web:1', name) as TaskDefinitionArn;
    const call = (name: string) =>
      ({ ...updated(3, 1100, 1), taskDefinition: family(name) }) as ObservedEvent;
    const old = {
      ...running('o1', 10, { deployment: 9 }),
      taskDefinition: family('shop:7'),
    } as ObservedEvent;
    const outcomeAfter = (name: string) =>
      rolloutsOf([old, ...deployed, call(name), started(3, 1101), completed(3, 1160)])[1]?.outcome;
    expect([outcomeAfter('shop:7'), outcomeAfter('shop:8')]).toEqual(['rolledBack', 'superseded']);
  });

  it('is followed when it goes over the way back that was taken before', () => {
    const first = [
      updated(3, 1060, 1),
      started(3, 1061),
      running('d1', 1070, { deployment: 3, revision: 1 }),
    ];
    const over = [updated(4, 1100, 3), started(4, 1101), completed(4, 1160)];
    const [, rollout, replaced, wayBack] = rolloutsOf([...deployed, ...failing, ...first, ...over]);
    expect(rollout).toMatchObject({
      outcome: 'rolledBack',
      rollback: { by: 'operator', target: revision(3), deployment: deploymentId(4) },
    });
    expect(replaced).toMatchObject({ outcome: 'superseded' });
    expect(wayBack).toMatchObject({ rollbackOf: deploymentId(2), outcome: 'succeeded' });
  });
});

const observedWith = (runs: number): ObservedService =>
  observedService({
    deployments: [3, 2].map((number) =>
      observedDeployment(number, {
        taskDefinition: revision(number === 3 ? runs : 5),
        rolloutState: 'IN_PROGRESS',
        runningCount: 1,
        createdAt: second(number === 3 ? 1050 : 1000),
      }),
    ),
    serviceDeployments: [
      { createdAt: second(1050), rollback: null },
      { createdAt: second(1000), rollback: null },
    ],
    inProgress: { arn: 'service-deployment' },
    lastSuccessful: revision(1),
    active: [revision(1)],
  });

/** What Rewind records of the failed rollout when ECS shows revision `runs` in its place. */
function recordedWhenSeen(runs: number, attempted: boolean, then = 'one'): DecidedEvent[] {
  const observed = observedWith(runs);
  const before = { ...observed, deployments: observed.deployments.slice(1), serviceDeployments: [] };
  const events: RewindEvent[] = [
    ...withDecisions(provenFirst, { observed: before, now: second(400) }),
    ...deployed.slice(provenFirst.length),
    ...failing,
  ];
  const recorded: DecidedEvent[] = [];
  for (let step = 0; step < 20; step += 1) {
    const { state } = foldOn(emptyFold(service), inOrder(events), policy);
    const isSeen = !attempted || recorded.some(({ type }) => type === 'RollbackRequested');
    const now = second(isSeen ? 1200 : 1050);
    const decision = decide(
      situationWith({
        state,
        observed: isSeen ? observed : before,
        now,
        owner: isSeen ? then : 'one',
        policy,
      }),
    );
    if (decision.action !== 'record') break;
    recorded.push(decision.event);
    events.push(decision.event);
  }
  return recorded;
}

describe('a revision before the failed one that ECS shows in its place', () => {
  it('is adopted as the operator’s, whether Rewind has begun an attempt or not', () => {
    for (const attempted of [false, true]) {
      const adopted = recordedWhenSeen(3, attempted).find(({ type }) => type === 'RollbackAdopted');
      expect(adopted).toMatchObject({
        by: 'operator',
        target: revision(3),
        rollbackDeployment: deploymentId(3),
      });
    }
  });

  it('is what became of Rewind’s attempt when it is where that would have led', () => {
    const adopted = recordedWhenSeen(1, true).find(({ type }) => type === 'RollbackAdopted');
    expect(adopted).toMatchObject({ by: 'rewind', target: revision(1) });
  });

  it('tells of an attempt that may have been carried out when something newer stands in its place', () => {
    const concluded = recordedWhenSeen(6, true, 'another').at(-1);
    expect(concluded).toMatchObject({
      outcome: 'superseded',
      untoldAttemptAt: second(1050),
      message: expect.stringMatching(/may have been carried out/),
    });
    const events = inOrder([...deployed, ...failing, ...recordedWhenSeen(6, true, 'another')]);
    const { state } = foldOn(emptyFold(service), events, policy);
    expect(state.memory.rollbacksIssuedAt).toEqual([second(1050)]);
    expect(recordedWhenSeen(6, true).at(-1)).not.toHaveProperty('untoldAttemptAt');
  });

  it('supersedes when it is something newer', () => {
    const recorded = recordedWhenSeen(6, false);
    expect(recorded.at(-1)).toMatchObject({ type: 'RolloutConcluded', outcome: 'superseded' });
  });

  it('reads the same in a replay of what was recorded', () => {
    const recorded = recordedWhenSeen(3, false);
    const events = [...deployed, ...failing, ...recorded, ...goesTo(3)];
    const [, rollout] = replay(inOrder(events), { policy, until: second(1170) });
    expect(rollout).toMatchObject({
      outcome: 'rolledBack',
      rollback: { by: 'operator', target: revision(3) },
    });
  });
});
