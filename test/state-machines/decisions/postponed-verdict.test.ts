import { describe, expect, it } from 'vitest';
import { verifyDecisions } from '../../../state-machines/audit/verify';
import { decide } from '../../../state-machines/decisions/decide';
import { isDecided, type RewindEvent } from '../../../state-machines/log/events';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { situationWith, withDecisions } from '../situations';
import { completed, deploymentId, revision, running, second, service, started, stopped } from '../story';

const policy = { ...defaultPolicy, failureRule: 'evidence' } as const;
const shownService = observedService({
  desiredCount: 8,
  deployments: [
    observedDeployment(2, { rolloutState: 'IN_PROGRESS', runningCount: 8, createdAt: second(4000) }),
  ],
  active: [revision(1), revision(2)],
});

const upon = (host: string, names: readonly string[], from: number) =>
  names.map((name, index) => running(name, from + index, { deployment: 2, host }));
const lost = (names: readonly string[], at: number, host = 'h1') =>
  names.map((name, index) => stopped(name, at + 40 * index, { deployment: 2, host, ranFrom: 4010 }));
const past = [
  started(1, 0),
  ...Array.from({ length: 20 }, (_, index) => running(`a${index}`, 10 + index, { deployment: 1 })),
  completed(1, 500),
];
/** Of eight tasks the three on one host crash. */
const oneBadHost: readonly ObservedEvent[] = [
  started(2, 4000),
  ...upon('h1', ['b1', 'b2', 'b3'], 4010),
  ...upon('h2', ['b4', 'b5', 'b6', 'b7', 'b8'], 4015),
  ...lost(['b1', 'b2', 'b3'], 4050),
];

/** The log after a reconciler has looked at it at a second. */
function reconciledAt(seconds: number, events: readonly RewindEvent[]): RewindEvent[] {
  return withDecisions(events, { now: second(seconds), observed: shownService, policy });
}

function decidedIn(events: readonly RewindEvent[], ...types: RewindEvent['type'][]) {
  return events.filter((event) => isDecided(event) && types.includes(event.type));
}

/** The decisions that do not come out the same when they are made again. */
function refutedIn(events: readonly RewindEvent[]) {
  const log = events.map((event) => ({
    event,
    recordedAt: (isDecided(event) ? event.madeWith.decidedAt : null) ?? event.occurredAt,
  }));
  return [...verifyDecisions(log)].filter(({ verification }) => verification.result !== 'confirmed');
}

describe('a verdict that is postponed', () => {
  const suspected = reconciledAt(4140, [...reconciledAt(900, past), ...oneBadHost]);

  it('is recorded once, behind the failure that raised the suspicion, with its reason and limit', () => {
    const [postponed, ...others] = decidedIn(suspected, 'VerdictPostponed', 'VerdictReached').slice(1);
    expect(others).toEqual([]);
    expect(postponed).toMatchObject({
      type: 'VerdictPostponed',
      reason: 'host',
      raisedBy: 'task-b3-5-4130',
      occurredAt: second(4130),
      until: second(5030),
    });
    expect(postponed?.id).toMatch(/^task-b3-5-4130.*\.VerdictPostponed$/);
    expect(reconciledAt(4150, suspected)).toEqual(suspected);
  });

  it('is told once, where what was learnt late had raised the suspicion before', () => {
    const late = [...upon('h1', ['b0'], 4011), ...lost(['b0'], 4060)];
    const told = reconciledAt(4150, [...suspected, ...late]);
    expect(decidedIn(told, 'VerdictPostponed')).toHaveLength(1);
    expect(refutedIn(told)).toEqual([]);
  });

  it('is told to be over when the tasks have recovered, and the rollout passes', () => {
    const recovered = [...suspected, ...upon('h3', ['b9', 'b10', 'b11'], 4160), completed(2, 4200)];
    const settled = [...recovered, ...upon('h2', ['b4'], 4360)];
    const lifted = reconciledAt(4400, settled);
    expect(decidedIn(lifted, 'SuspicionLifted')).toMatchObject([{ type: 'SuspicionLifted' }]);
    const more = reconciledAt(4400, [...settled, running('b12', 4390, { deployment: 2, host: 'h3' })]);
    expect(decidedIn(more, 'SuspicionLifted')).toHaveLength(1);
    expect(refutedIn(lifted)).toEqual([]);
    const ended = decidedIn(reconciledAt(6000, lifted), 'SuspicionLifted', 'HoldElapsed', 'VerdictReached');
    expect(ended.slice(1)).toMatchObject([
      { type: 'SuspicionLifted' },
      { type: 'VerdictReached', verdict: { result: 'passed' } },
    ]);
  });

  it('falls at its limit', () => {
    const failed = reconciledAt(5031, suspected);
    expect(refutedIn(failed)).toEqual([]);
    const ended = decidedIn(failed, 'HoldElapsed', 'VerdictReached').slice(1);
    expect(ended).toMatchObject([
      { type: 'HoldElapsed', occurredAt: second(5030) },
      { type: 'VerdictReached', verdict: { result: 'failed', at: second(5030) } },
    ]);
  });

  it('falls at its limit also while ECS is silent', () => {
    const { state } = foldOn(emptyFold(service), inOrder([...suspected]), policy);
    const at = (seconds: number) => {
      const situation = situationWith({
        state,
        observed: shownService,
        now: second(seconds),
        owner: 'me',
        policy,
      });
      const answer = { kind: 'unreachable', reason: 'ServerException', message: 'try again' } as const;
      return decide({ ...situation, seen: { ...situation.seen, facts: { until: second(seconds), answer } } });
    };
    expect(at(5029)).toMatchObject({ action: 'wait', until: second(5030) });
    expect(at(5031)).toMatchObject({
      action: 'record',
      event: { type: 'HoldElapsed', occurredAt: second(5030), deployment: deploymentId(2) },
    });
  });
});
