import { describe, expect, it } from 'vitest';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { EventId } from '../../../state-machines/log/identifiers';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { decisionIdAfter } from '../../../state-machines/log/position';
import { replay } from '../../../state-machines/replay/replay';
import { emptyFold, foldOn } from '../../../state-machines/service/fold';
import { crashing, rolloutsOf } from '../judging';
import { identity } from '../rollout/signals';
import {
  completed,
  deploymentId,
  provenFirst,
  revision,
  running,
  second,
  service,
  started,
  stopCalled,
} from '../story';

const deployed = [...provenFirst, started(2, 1000), running('b1', 1020, { deployment: 2 })];
const wayBack = (seconds: number): ObservedEvent => ({
  ...(started(1, seconds, true) as Extract<ObservedEvent, { type: 'DeploymentStarted' }>),
  isAfterStop: true,
});

describe('a service deployment that a person stops', () => {
  it('fails as the operator says, at the call, before ECS tells of its way back', () => {
    const [, rollout] = rolloutsOf([...deployed, stopCalled(1100), wayBack(1102), completed(1, 1160)]);
    expect(rollout).toMatchObject({
      outcome: 'rolledBack',
      verdict: {
        reason: 'Operator',
        at: second(1100),
        message: expect.stringContaining('user/ann stopped the service deployment'),
      },
      rollback: { by: 'operator', target: revision(1), deployment: deploymentId(1) },
    });
  });

  it('fails at the notification of ECS, which says that it was stopped, before the call is told', () => {
    const [, rollout] = rolloutsOf([...deployed, wayBack(1102), stopCalled(1103), completed(1, 1160)]);
    expect(rollout).toMatchObject({
      outcome: 'rolledBack',
      verdict: { reason: 'Operator', at: second(1102) },
      rollback: { by: 'operator', target: revision(1), deployment: deploymentId(1) },
    });
  });

  it('goes back by the call alone, whatever ECS gives as its reason', () => {
    const [, rollout] = rolloutsOf([...deployed, stopCalled(1100, null), started(1, 1102, true)]);
    expect(rollout).toMatchObject({ verdict: { reason: 'Operator' }, rollback: { by: 'operator' } });
  });

  it('is the same in any order of arrival, folded at once or event by event', () => {
    const events = [...deployed, stopCalled(1100), wayBack(1102), completed(1, 1160)];
    expect(rolloutsOf(events.toReversed())).toEqual(rolloutsOf(events));
    const atOnce = foldOn(emptyFold(service), events, defaultPolicy);
    const oneByOne = events.reduce((fold, event) => foldOn(fold, [event], defaultPolicy), emptyFold(service));
    expect(oneByOne).toEqual(atOnce);
  });

  it('is told alike by a fold that knows the verdict from the start', () => {
    const call = stopCalled(1100);
    const before = foldOn(emptyFold(service), [...deployed, call], defaultPolicy);
    const { verdict } = before.state.rollouts.at(-1)?.context ?? {};
    const recorded = {
      ...{
        type: 'VerdictReached',
        id: decisionIdAfter(call.id, 'verdict'),
        service,
        occurredAt: call.occurredAt,
      },
      ...{ ...identity, startedAt: second(1000), verdict },
      madeWith: { reducerVersion: 1, policyVersion: '00000000', eventsSeen: 1 },
    } as DecidedEvent;
    const oneByOne = foldOn(before, [recorded], defaultPolicy);
    const atOnce = foldOn(emptyFold(service), [...deployed, call, recorded], defaultPolicy);
    expect(atOnce.state.rollouts).toEqual(oneByOne.state.rollouts);
    expect(atOnce.state.rollouts.at(-1)?.context.rollback).toMatchObject({ by: 'operator' });
  });

  it('keeps the verdict that failures had tipped before', () => {
    const [, rollout] = rolloutsOf([...deployed, ...crashing, stopCalled(1100), wayBack(1102)]);
    expect(rollout).toMatchObject({ verdict: { reason: 'TaskFailures' }, rollback: { by: 'operator' } });
  });

  it('is not taken back by a stop that goes back nowhere, nor once ECS calls it complete', () => {
    const untouched = rolloutsOf([...deployed, completed(2, 1200)]);
    const without = (events: ObservedEvent[]) => rolloutsOf(events, { until: 10_000 });
    expect(without([...deployed, stopCalled(1100, 'ABORT'), completed(2, 1200)])).toEqual(untouched);
    expect(without([...deployed, completed(2, 1200), stopCalled(1201)])).toEqual(untouched);
  });

  it('goes back by an answer to a hook that says so, and by no other', () => {
    const { stopType: _, ...call } = stopCalled(1100) as Extract<
      ObservedEvent,
      { type: 'ServiceDeploymentStopped' }
    >;
    const answered = (action: string | null) =>
      rolloutsOf([
        ...deployed,
        { ...call, type: 'ServiceDeploymentContinued', hookId: 'ecs-pause-1', action },
        completed(2, 1200),
      ])[1]?.verdict?.reason;
    expect(answered('ROLLBACK')).toBe('Operator');
    expect([answered('CONTINUE'), answered(null)]).toEqual(['BakePassed', 'BakePassed']);
  });
});

describe("a service deployment that Rewind's own call stops", () => {
  const tipping = crashing.at(-1) as ObservedEvent;
  const cause = tipping.id;
  const rolloutId = { ...identity, startedAt: second(1000) };
  const decision = (type: DecidedEvent['type'], after: string, given: object) =>
    ({
      type,
      id: decisionIdAfter(cause, after) as EventId,
      service,
      occurredAt: tipping.occurredAt,
      ...rolloutId,
      madeWith: { reducerVersion: 1, policyVersion: '00000000', eventsSeen: 1 },
      ...given,
    }) as DecidedEvent;
  const verdict = {
    result: 'failed',
    reason: 'TaskFailures',
    message: 'two of two',
    at: tipping.occurredAt,
    eventId: cause,
  };
  const attempt = {
    attempt: 1,
    owner: 'one',
    requestedAt: second(1046),
    leaseUntil: second(1106),
    target: revision(1),
  };
  const decided = [
    decision('VerdictReached', 'verdict', { verdict }),
    decision('RollbackRequested', 'verdict~requested', attempt),
  ];
  const judged = (events: readonly RewindEvent[]) =>
    replay([...provenFirst, started(2, 1000), ...crashing, ...decided, ...events], {
      policy: defaultPolicy,
      until: second(2000),
    })[1];

  it.each([
    ['behind the attempt', 1046],
    ['before the verdict, by its whole seconds', 1044],
  ])('stays the act of Rewind when the call sorts %s', (_name, seconds) => {
    expect(judged([stopCalled(seconds)])).toMatchObject({
      verdict: { reason: 'TaskFailures', at: tipping.occurredAt },
      rollback: { by: 'rewind', issuedAt: null, target: revision(1) },
    });
  });
});
