import { describe, expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import type { Situation } from '../../../state-machines/decisions/situation';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { situationWith } from '../situations';
import { alarm, pending, provenFirst, revision, running, second, service, started, stopped } from '../story';

const observed = observedService({ deployments: [observedDeployment(1)], active: [revision(1)] });

interface Given {
  readonly events?: readonly ObservedEvent[];
  readonly policy?: Partial<Policy>;
  readonly now?: number;
  readonly seen?: Partial<Situation['seen']>;
}

/** What is decided at the end of the bake of deployment 1, whose opening is recorded. */
function decidedAtEnd({ events = provenFirst, policy = {}, now = 400, seen = {} }: Given) {
  const whole: Policy = { ...defaultPolicy, ...policy };
  const early = foldOn(emptyFold(service), inOrder(events), whole);
  const opening = decide(
    situationWith({ state: early.state, observed, policy: whole, now: second(100), owner: 'me' }),
  );
  if (opening.action !== 'record') throw new Error('the opening comes first');
  const { state } = foldOn(emptyFold(service), inOrder([...events, opening.event]), whole);
  const situation = situationWith({ state, observed, policy: whole, now: second(now), owner: 'me' });
  return decide({ ...situation, seen: { ...situation.seen, alarms: null, ...seen } });
}

const shownFacts = (shown: readonly ObservedEvent[], until = 400): Partial<Situation['seen']> => ({
  facts: { until: second(until), answer: { kind: 'shown', shown } },
});
const denied: Partial<Situation['seen']> = {
  facts: { until: second(90_000), answer: { kind: 'denied', reason: 'AccessDenied', message: 'no' } },
};
const lost = stopped('a1', 300, { deployment: 1 });

describe('a bake that is over', () => {
  it('ends once ECS has shown what it knows up to then', () => {
    expect(decidedAtEnd({ seen: { facts: null } })).toMatchObject({
      action: 'look',
      at: 'facts',
      until: second(360),
    });
    expect(decidedAtEnd({ seen: shownFacts([], 359) })).toMatchObject({ action: 'look', at: 'facts' });
    const ended = decidedAtEnd({ seen: shownFacts([], 360) });
    expect(ended).toMatchObject({ action: 'record', event: { type: 'BakeElapsed' } });
    expect(ended).not.toHaveProperty('event.isBlind');
    expect(decidedAtEnd({ now: 359 })).toMatchObject({ action: 'wait', until: second(360) });
  });

  it('takes what no notification told first, and nothing twice', () => {
    expect(decidedAtEnd({ seen: shownFacts([lost]) })).toMatchObject({
      action: 'appendFacts',
      facts: [{ event: lost, notification: null }],
      because: 'ECS shows 1 facts that no notification told',
    });
    const known = { ...shownFacts([lost]), appended: new Set([lost.id]) };
    expect(decidedAtEnd({ seen: known })).toMatchObject({ event: { type: 'BakeElapsed' } });
    const told = { events: [...provenFirst, lost], seen: shownFacts([lost]) };
    expect(decidedAtEnd(told)).toMatchObject({ event: { type: 'BakeElapsed' } });
  });

  it('ends blind where ECS refuses to show its tasks, and other phases end as they are', () => {
    expect(decidedAtEnd({ seen: denied })).toMatchObject({ event: { type: 'BakeElapsed', isBlind: true } });
    const hanging = [
      started(1, 0),
      running('a1', 20, { deployment: 1 }),
      pending('a2', 21, { deployment: 1 }),
    ];
    const stalled = decidedAtEnd({ events: hanging, now: 1000, seen: denied });
    expect(stalled).toMatchObject({ action: 'record', event: { type: 'StallElapsed' } });
    expect(stalled).not.toHaveProperty('event.isBlind');
  });

  it('reads the alarms of the policy before, all of them', () => {
    const policy = { alarms: ['errors', 'slow'] };
    const look = { action: 'look', at: 'alarms', names: ['errors', 'slow'] };
    expect(decidedAtEnd({ policy })).toMatchObject(look);
    const reading = (name: string, state: string) => ({ alarm: name, state, since: second(10) });
    const read = (names: readonly string[], states: readonly string[]): Partial<Situation['seen']> => ({
      alarms: {
        names,
        answer: { kind: 'shown', shown: names.map((name, at) => reading(name, states[at] ?? '')) },
      },
    });
    expect(decidedAtEnd({ policy, seen: read(['errors'], ['OK']) })).toMatchObject(look);
    expect(decidedAtEnd({ policy, seen: read(['errors', 'slow'], ['OK', 'ALARM']) })).toMatchObject({
      action: 'record',
      because: 'at the end of the bake: errors OK, slow ALARM',
      event: { type: 'AlarmsChecked', occurredAt: second(360) },
    });
    const events = [...provenFirst, alarm('errors', 200, ['OK', 'INSUFFICIENT_DATA'])];
    expect(decidedAtEnd({ events, policy: { alarms: [] }, seen: shownFacts([]) })).toMatchObject({
      event: { type: 'BakeElapsed' },
    });
  });
});
