import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { type Position, positionOf } from '../../../state-machines/log/position';
import { type FoldStep, replay } from '../../../state-machines/replay/replay';
import { emptyFold, foldOn, inOrder, startingPoint } from '../../../state-machines/service/fold';
import { tried } from '../../fixtures/histories/tried';
import { arrivalsOf } from '../arbitrary-story';
import { likelyStory } from '../likely-story';
import { alarm, second, service } from '../story';

const policy = { ...defaultPolicy, failureRule: 'evidence' as const, alarms: ['errors'] };
const options = { policy, until: second(20_000) };
/** Any story, in which an alarm of the policy comes and goes at any time. */
const alarmedStory = fc
  .tuple(
    likelyStory,
    fc.array(fc.tuple(fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: 20, max: 900 })), {
      maxLength: 5,
    }),
  )
  .map(([story, raises]) => [
    ...story,
    ...raises.flatMap(([at, lasting]) => [
      alarm('errors', at, ['OK', 'ALARM']),
      alarm('errors', at + lasting, ['ALARM', 'OK']),
    ]),
  ]);
const storyWithArrivals = alarmedStory.chain((story) => fc.tuple(fc.constant(story), arrivalsOf(story)));

/** Folds events as they arrive, one after another, from a snapshot after each. */
function foldArrivals(arrivals: readonly ObservedEvent[]) {
  const known = new Map<Position, ObservedEvent>();
  let fold = emptyFold(service);
  for (const event of arrivals) {
    const position = positionOf(event);
    if (known.has(position)) continue;
    known.set(position, event);
    const from = startingPoint(JSON.parse(JSON.stringify(fold)), position);
    const behind = inOrder(known.values()).filter(
      (one) => from.position === null || positionOf(one) > from.position,
    );
    fold = foldOn(from, behind, policy);
  }
  return fold.state;
}

describe('the rule `evidence`, over any history', () => {
  it('comes to the same state in any order of arrival, with a snapshot after each (I2)', () => {
    fc.assert(
      fc.property(storyWithArrivals, ([story, arrivals]) => {
        expect(foldArrivals(arrivals)).toEqual(foldOn(emptyFold(service), inOrder(story), policy).state);
      }),
      { numRuns: tried(60) },
    );
  });

  it('fails by weight only what has failed tasks of its own, and is enough', () => {
    fc.assert(
      fc.property(likelyStory, (story) => {
        for (const { verdict } of replay(story, options)) {
          if (verdict?.result !== 'failed' || verdict.evidence === undefined) continue;
          const { failedStarts, losses, ratio, neededRatio } = verdict.evidence;
          expect(failedStarts + losses).toBeGreaterThanOrEqual(policy.minimumFailures);
          expect(ratio).toBeGreaterThanOrEqual(neededRatio);
        }
      }),
      { numRuns: tried(300) },
    );
  });

  it('learns nothing while a rollout is live, and keeps every count within its bounds', () => {
    fc.assert(
      fc.property(likelyStory, (story) => {
        const follow = ({ before, after }: FoldStep) => {
          const { past, steady } = after.memory;
          expect(past.failedStarts).toBeLessThanOrEqual(past.starts);
          expect(past.starts).toBeLessThanOrEqual(300);
          expect(past.taskHours).toBeLessThanOrEqual(3000);
          const isLive = after.rollouts.some(({ phase }) => phase !== 'done');
          if (isLive) expect(steady).toBeNull();
          const wasLive = before.rollouts.some(({ phase }) => phase !== 'done');
          if (isLive && wasLive) expect(past).toEqual(before.memory.past);
        };
        replay(story, { ...options, follow });
      }),
      { numRuns: tried(300) },
    );
  });
});
