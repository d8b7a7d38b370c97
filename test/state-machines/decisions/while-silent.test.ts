import { describe, expect, it } from 'vitest';
import { verifyDecisions } from '../../../state-machines/audit/verify';
import { decide } from '../../../state-machines/decisions/decide';
import { nothingSeen, type Situation } from '../../../state-machines/decisions/situation';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { EventId } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { ObservedService } from '../../../state-machines/log/observed-service';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedService } from '../observed-service';
import { withDecisions } from '../situations';
import { deploymentId, provenFirst, revision, running, second, service, started, stopped } from '../story';

const now = second(1200);
const policy = { ...defaultPolicy, bakeSeconds: 60 };

/** What is decided one after another while ECS gives no answer, up to what is not recorded. */
function decidedInSilence(events: readonly RewindEvent[], unansweredSince: Instant | null = null) {
  const all = [...events];
  const recorded: string[] = [];
  for (let step = 0; step < 20; step += 1) {
    const { state } = foldOn(emptyFold(service), inOrder(all), policy);
    const answer = { kind: 'unreachable', reason: 'ServerException', message: 'try again' } as const;
    const question = { candidates: [], revisions: [], ended: [], isForOpening: true };
    const situation: Situation = {
      state,
      now,
      owner: 'me',
      unansweredSince,
      watchesSince: null,
      stageSeenAt: null,
      caller: null,
      seen: { ...nothingSeen, service: { question, answer }, facts: { until: now, answer } },
    };
    const decision = decide(situation);
    if (decision.action !== 'record') return { recorded, last: decision.action, events: all };
    recorded.push(`${decision.event.type} of ${decision.event.deployment}`);
    all.push(decision.event);
  }
  throw new Error('it never comes to an end');
}

function showing(number: number, createdAt: number): ObservedService {
  const deployment = { id: deploymentId(number), taskDefinition: revision(number), runningCount: 1 };
  return observedService({
    desiredCount: 1,
    deployments: [{ ...deployment, rolloutState: 'COMPLETED', createdAt: second(createdAt) }],
  });
}

const crashing = (number: number, at: number) => [
  started(number, at),
  running(`b${number}`, at + 10, { deployment: number }),
  stopped(`b${number}`, at + 20, { deployment: number }),
  running(`c${number}`, at + 30, { deployment: number }),
  stopped(`c${number}`, at + 40, { deployment: number }),
];

describe('while ECS is silent', () => {
  it('a failure that the log shows is recorded, with an opening, and the rest waits for an answer', () => {
    const { recorded, last } = decidedInSilence([started(1, 500), ...crashing(2, 1000)]);
    expect(recorded).toEqual(['RolloutOpened of ecs-svc/2', 'VerdictReached of ecs-svc/2']);
    expect(last).toBe('retry');
  });

  it('a rollout without a failure keeps no other from its verdict, whichever comes first', () => {
    const verdicts = ['RolloutOpened of ecs-svc/3', 'VerdictReached of ecs-svc/3'];
    const healthy = [started(2, 900), running('a2', 910, { deployment: 2 })];
    expect(decidedInSilence([...healthy, ...crashing(3, 1000)]).recorded).toEqual(verdicts);
    const back = started(1, 1060, true);
    expect(decidedInSilence([...provenFirst, ...crashing(3, 1000), back]).recorded).toEqual(
      expect.arrayContaining(verdicts),
    );
  });

  it('what was opened unseen is completed once, also behind a start that was learnt later', () => {
    const { events } = decidedInSilence(crashing(2, 1000));
    const described = { ...started(2, 1000), id: 'described~started~2|' as EventId };
    const answered = { now: second(1300), observed: showing(2, 1000) };
    const all = withDecisions([...events, described], answered);
    const openings = all.filter(({ type }) => type === 'RolloutOpened');
    expect(openings.map((opening) => Object.hasOwn(opening, 'isUnseen'))).toEqual([true, false]);
    expect(all.at(-1)).toMatchObject({ type: 'RolloutConcluded', outcome: 'noSafeTarget' });
  });

  it('people are told after an hour of it, once', () => {
    const healthy = [started(2, 900), running('a2', 910, { deployment: 2 })];
    const hourAgo = (now - 3_600_000) as Instant;
    expect(decidedInSilence(healthy).recorded).toEqual([]);
    expect(decidedInSilence(healthy, (hourAgo + 1) as Instant)).toMatchObject({
      recorded: [],
      last: 'retry',
    });
    const told = decidedInSilence(healthy, hourAgo);
    expect(told).toMatchObject({ recorded: ['SightLost of ecs-svc/2'], last: 'retry' });
    expect(told.events.at(-1)).toMatchObject({ occurredAt: now, since: hourAgo });
    // No opening tells the policy yet: that speaks neither for the decision nor against it.
    const [verified] = verifyDecisions(told.events.map((event) => ({ event, recordedAt: now })));
    expect(verified?.verification.result).toBe('confirmed');
  });

  it('what is opened after people were told is confirmed, by whatever policy', () => {
    const [start, ...failing] = crashing(3, 1000);
    const healthy = [started(2, 900), running('a2', 910, { deployment: 2 }), start as RewindEvent];
    const told = decidedInSilence(healthy, (now - 3_600_000) as Instant);
    const { events, recorded } = decidedInSilence([...told.events, ...failing]);
    expect(recorded).toEqual(['RolloutOpened of ecs-svc/3', 'VerdictReached of ecs-svc/3']);
    const log = events.map((event, index) => ({ event, recordedAt: (now + index) as Instant }));
    const results = [...verifyDecisions(log)].map(({ verification }) => verification.result);
    expect(results).toEqual(['confirmed', 'confirmed', 'confirmed']);
  });
});
