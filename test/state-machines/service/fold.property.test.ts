import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import { isSecondConclusion, logKeyOf, type RewindEvent } from '../../../state-machines/log/events';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy, failureRules, type Policy } from '../../../state-machines/log/policy';
import { type Position, positionOf } from '../../../state-machines/log/position';
import { replay } from '../../../state-machines/replay/replay';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import {
  contradicts,
  emptyFold,
  type Fold,
  foldOn,
  inOrder,
  startingPoint,
} from '../../../state-machines/service/fold';
import { tried } from '../../fixtures/histories/tried';
import { type Arrival, arbitraryStory, arrivalsOf, arriving, lateness } from '../arbitrary-story';
import { expectEqual } from '../expect-equal';
import { likelyStory } from '../likely-story';
import { observedDeployment, observedService } from '../observed-service';
import { situationWith } from '../situations';
import { alarm, completed, revision, running, second, service, started } from '../story';
import { crashesAfter, passesSecond } from './probation-story';

const anyPolicy = fc
  .constantFrom(...failureRules)
  .map((failureRule): Policy => ({ ...defaultPolicy, failureRule, alarms: ['errors'] }));
const anyStory = fc.oneof({ weight: 4, arbitrary: arbitraryStory }, { weight: 1, arbitrary: likelyStory });
const storyWithArrivals = anyStory.chain((story) => fc.tuple(fc.constant(story), arrivalsOf(story)));

const storyInTurn = fc.tuple(anyStory, lateness(5)).map((of) => arriving(...of));

/** Deployment 2 passes and crashes later; perhaps an alarm, and a newer deployment. */
const probationStory = fc
  .record({
    crashesAt: fc.integer({ min: 1100, max: 3000 }),
    alarmAt: fc.integer({ min: 1100, max: 9000 }),
    newerAt: fc.integer({ min: 1100, max: 9000 }),
    late: lateness(1),
  })
  .map(({ crashesAt, alarmAt, newerAt, late }) => {
    const events = [
      ...passesSecond,
      ...crashesAfter(crashesAt),
      alarm('errors', alarmAt, ['OK', 'ALARM']),
      started(3, newerAt),
      running('n1', newerAt + 20, { deployment: 3 }),
      completed(3, newerAt + 60),
    ];
    return arriving(events, late);
  });
const batchSizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });

function inBatches(events: readonly ObservedEvent[], sizes: readonly number[]): ObservedEvent[][] {
  const batches: ObservedEvent[][] = [];
  for (let start = 0, turn = 0; start < events.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    batches.push(events.slice(start, start + size));
    start += size;
  }
  return batches;
}

/**
 * A log in memory, read and folded as the reconciler does, with its snapshot kept or thrown away.
 */
class Stream {
  readonly events = new Map<Position, RewindEvent>();
  kept: Fold = emptyFold(service);

  constructor(readonly policy: Policy) {}

  append(events: readonly RewindEvent[]): Position {
    for (const event of events) {
      const position = logKeyOf(event);
      if (!this.events.has(position)) this.events.set(position, event);
    }
    return events.map(logKeyOf).reduce((a, b) => (a < b ? a : b));
  }

  fold(changedFrom: Position): Fold {
    const from = startingPoint(this.kept, changedFrom);
    const news = this.#after(from.position);
    const isBehind = (event: RewindEvent) => from.position === null || positionOf(event) > from.position;
    const isContradicted = contradicts(news, from) || !news.every(isBehind);
    this.kept = isContradicted ? this.fromScratch() : foldOn(from, news, this.policy);
    return this.kept;
  }

  /** A decision is folded on where it stands behind all else, whatever key it is kept under. */
  foldDecision(event: DecidedEvent): Fold {
    const key = this.append([event]);
    const { position } = this.kept;
    const isBehind = position === null || positionOf(event) > position;
    const isWritten = this.events.get(key) === event;
    if (!isWritten || !isBehind || contradicts([event], this.kept)) return this.fold(key);
    this.kept = foldOn(this.kept, [event], this.policy);
    return this.kept;
  }

  fromScratch(): Fold {
    return foldOn(emptyFold(service), this.#after(null), this.policy);
  }

  #after(position: Position | null): RewindEvent[] {
    return inOrder(this.events.values()).filter((event) => position === null || logKeyOf(event) > position);
  }
}

const observed = observedService({
  deployments: [1, 2, 3, 4].map((number) =>
    observedDeployment(number, { rolloutState: 'IN_PROGRESS', runningCount: 1 }),
  ),
  active: [revision(1), revision(2), revision(3)],
});

/** Alarms that are well, silent or raised, as the time goes. */
function readings(now: number) {
  const state = ['OK', 'INSUFFICIENT_DATA', 'missing', 'ALARM'][(now / 500) % 4] ?? 'OK';
  return [{ alarm: 'errors', state, since: second(now - 1) }];
}

/**
 * What a reconciler at this moment would record, one decision after another, without ever calling
 * ECS.
 */
function reconcile(stream: Stream, changedFrom: Position, now: number): void {
  let { state } = stream.fold(changedFrom);
  for (let step = 0; step < 30; step += 1) {
    const shown = { observed, policy: stream.policy, alarms: readings(now) };
    const decision = decide(situationWith({ state, now: second(now), owner: `owner-${now}`, ...shown }));
    if (decision.action !== 'record') return;
    state = stream.foldDecision(decision.event).state;
  }
}

/** What was decided at each arrival; the kept state is the one without a snapshot every time. */
function streamOf(arrivals: readonly Arrival[], policy: Policy): Stream {
  const stream = new Stream(policy);
  for (const { event, arrivesAt } of arrivals) {
    reconcile(stream, stream.append([event]), arrivesAt);
    expectEqual(stream.kept.state, stream.fromScratch().state);
  }
  return stream;
}

/** Other stories with `REWIND_SEED`. */
const storySeed = Number(process.env.REWIND_SEED ?? 1);

describe('folding', () => {
  it('gives the same rollouts for every permutation and duplication of the same events (I1, I2)', () => {
    fc.assert(
      fc.property(storyWithArrivals, anyPolicy, ([story, arrivals], policy) => {
        const options = { policy, until: second(20_000) };
        expectEqual(replay(arrivals, options), replay(story, options));
      }),
      { numRuns: tried(1000) },
    );
  });

  it('gives the same state with a snapshot after every batch of arrivals as without any (I2)', () => {
    fc.assert(
      fc.property(storyWithArrivals, batchSizes, anyPolicy, ([, arrivals], sizes, policy) => {
        const stream = new Stream(policy);
        for (const batch of inBatches(arrivals, sizes)) stream.fold(stream.append(batch));
        expectEqual(stream.kept.state, stream.fromScratch().state);
      }),
      { numRuns: tried(1000) },
    );
  });

  it('gives the same state with and without snapshots when decisions were recorded between the arrivals, and follows each of them, whatever is learnt later', () => {
    fc.assert(
      fc.property(storyWithArrivals, batchSizes, anyPolicy, ([, arrivals], sizes, policy) => {
        const stream = new Stream(policy);
        inBatches(arrivals, sizes).forEach((batch, turn) => {
          reconcile(stream, stream.append(batch), 500 * (turn + 1));
          expectEqual(stream.kept.state, stream.fromScratch().state);
        });
        expectAllFollowed(stream);
      }),
      { numRuns: tried(1000), seed: storySeed },
    );
  });

  it('gives the same state behind each decision as without a snapshot where events are told in turn, some of them late (I2)', () => {
    fc.assert(
      fc.property(storyInTurn, anyPolicy, (told, policy) => {
        expectAllFollowed(streamOf(told, policy));
      }),
      { numRuns: tried(1000), seed: storySeed },
    );
  });

  it('gives the same state, and follows each decision, where a rollout crashes in its probation and what is told comes late (I2)', () => {
    let revocations = 0;
    fc.assert(
      fc.property(probationStory, (told) => {
        const policy: Policy = { ...defaultPolicy, failureRule: 'evidence', alarms: ['errors'] };
        const stream = streamOf(told, policy);
        expectAllFollowed(stream);
        const revoked = [...stream.events.values()].flatMap((event) =>
          event.type === 'PassRevoked' ? event.deployment : [],
        );
        expect(new Set(revoked).size).toBe(revoked.length);
        revocations += revoked.length;
      }),
      { numRuns: tried(60), seed: storySeed },
    );
    expect(revocations).toBeGreaterThan(tried(60) / 3);
  });
});

function expectAllFollowed({ events, policy }: Stream): void {
  const rollouts = replay([...events.values()], { policy, until: second(20_000) });
  for (const event of events.values()) expectFollowed(rollouts, event);
}

/** Of a revoked pass only the revocation, and the conclusion behind it, hold. */
function expectFollowed(rollouts: readonly Rollout[], event: RewindEvent): void {
  const rollout = rollouts.find((one) => 'startedAt' in event && isSameRollout(one, event));
  const isRevoked = rollout?.verdict?.revokes !== undefined;
  const isLast = event.type === 'PassRevoked' || isSecondConclusion(event) === isRevoked;
  if (!isLast) return;
  if (event.type === 'PassRevoked' || (event.type === 'VerdictReached' && !isRevoked)) {
    expect(rollout?.verdict).toEqual(event.verdict);
  }
  if (event.type === 'RolloutConcluded') expect(rollout?.outcome).toBe(event.outcome);
}

function isSameRollout(rollout: Rollout, event: RewindEvent): boolean {
  const { deployment, startedAt } = event as DecidedEvent;
  return rollout.deployment === deployment && rollout.startedAt === startedAt;
}
