import { describe, expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import { nothingSeen, type Situation } from '../../../state-machines/decisions/situation';
import { logKeyOf, type RewindEvent } from '../../../state-machines/log/events';
import type { ObservedService } from '../../../state-machines/log/observed-service';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { crashing } from '../judging';
import { observedDeployment, observedService } from '../observed-service';
import { situationWith, withDecisions } from '../situations';
import { completed, deploymentId, provenFirst, revision, running, second, service, started } from '../story';

const byPercent: Policy = { ...defaultPolicy, failureRule: 'percent' };
const shows = (number: number, more: Partial<ObservedService> = {}): ObservedService =>
  observedService({ deployments: [observedDeployment(number)], active: [revision(1), revision(2)], ...more });
const stateOf = (events: readonly RewindEvent[], policy: Policy) =>
  foldOn(emptyFold(service), inOrder(events), policy).state;

describe('a rollout that waits for the lease of another reconciler', () => {
  /** Deployment 2 has failed, and its attempt is held until second 1105; what 5 runs is unknown. */
  function newerBeside(policy: Policy) {
    const proven = withDecisions(provenFirst, { observed: shows(1), now: second(400), policy });
    const failing = [...proven, started(2, 1000), ...crashing];
    const leased = withDecisions(failing, { observed: shows(2), now: second(1045), policy });
    expect(leased.at(-1)?.type).toBe('RollbackRequested');
    return [...leased, started(5, 1050)];
  }
  const decideAs = (events: readonly RewindEvent[], policy: Policy, answered = new Set<never>()) => {
    const state = stateOf(events, policy);
    const situation = situationWith({ state, observed: shows(2), now: second(1060), owner: 'me', policy });
    return decide({ ...situation, seen: { ...situation.seen, answered } });
  };

  it('keeps no newer one from its turn, and the service waits for whatever comes first', () => {
    const events = newerBeside(byPercent);
    const opening = decideAs(events, byPercent);
    if (opening.action !== 'record') throw new Error(`it decided to ${opening.action}`);
    expect(opening.event).toMatchObject({ type: 'RolloutOpened', deployment: deploymentId(5) });
    expect(decideAs([...events, opening.event], byPercent)).toMatchObject({
      action: 'wait',
      until: second(1105),
    });
    const soon = { ...byPercent, deadlineSeconds: 50 };
    const [early] = [decideAs(newerBeside(soon), soon)];
    if (early.action !== 'record') throw new Error(`it decided to ${early.action}`);
    expect(decideAs([...newerBeside(soon), early.event], soon)).toMatchObject({
      action: 'wait',
      until: second(1100),
    });
  });

  it('is waited for where the newer one cannot go on, as its decision stands and changes nothing', () => {
    const events = newerBeside(byPercent);
    const opening = decideAs(events, byPercent);
    if (opening.action !== 'record') throw new Error(`it decided to ${opening.action}`);
    const answered = new Set([logKeyOf(opening.event)]) as Set<never>;
    expect(decideAs(events, byPercent, answered)).toEqual({
      action: 'noProgress',
      event: expect.objectContaining({ type: 'RolloutOpened', deployment: deploymentId(5) }),
      until: second(1105),
      because: `what stands in the log at ${logKeyOf(opening.event)} changes nothing`,
    });
  });
});

describe('while ECS is silent about a rollout', () => {
  const policy = { ...byPercent, alarms: ['errors'] };
  const silent = { kind: 'unreachable', reason: 'ServerException', message: 'try again' } as const;
  const second_ = [started(2, 1000), running('b1', 1020, { deployment: 2 }), completed(2, 1060)];
  const opened = withDecisions(second_, { observed: shows(2), now: second(1100), policy });

  it('nothing is asked of another, and no bake of it ends', () => {
    const first = [started(1, 0), running('a1', 10, { deployment: 1 })];
    const question = { candidates: [], revisions: [], ended: [], isForOpening: true };
    const asked = { names: ['errors'], startedAt: second(0), withHistory: true };
    const situation: Situation = {
      ...situationWith({
        state: stateOf([...first, ...opened], policy),
        observed: shows(2),
        now: second(1400),
        owner: 'me',
      }),
      seen: {
        ...nothingSeen,
        service: { question, answer: silent },
        alarmChanges: [{ question: asked, missing: [], history: [] }],
      },
    };
    expect(situation.state.rollouts.map(({ phase }) => phase)).toEqual(['done', 'baking']);
    expect(decide(situation)).toMatchObject({ action: 'retry', why: 'unanswered' });
  });
});

it('people who hold a rollback back are no silence of AWS, however long it was silent before', () => {
  const proven = withDecisions(provenFirst, { observed: shows(1), now: second(400), policy: byPercent });
  const failing = [...proven, started(2, 1000), ...crashing];
  const leased = withDecisions(failing, { observed: shows(2), now: second(1045), policy: byPercent });
  const held = situationWith({
    state: stateOf(
      leased.filter(({ type }) => type !== 'RollbackRequested'),
      byPercent,
    ),
    observed: shows(2),
    now: second(1050),
    owner: 'earlier',
    policy: byPercent,
  });
  const seen = { ...held.seen, killSwitch: { heldBecause: 'a freeze' } };
  const decision = decide({ ...held, unansweredSince: second(-9000), seen });
  expect(decision).toMatchObject({ action: 'retry', why: 'held' });
});
