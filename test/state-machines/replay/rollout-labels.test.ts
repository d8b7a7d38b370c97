import { describe, expect, it } from 'vitest';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { rolloutKey } from '../../../state-machines/log/rollout-id';
import { labelRollouts } from '../../../state-machines/replay/rollout-labels';
import { completed, deploymentId, failed, running, second, started, stopped } from '../story';

const day = 86_400;

/** The truth of each rollout by the second of its start, where the history ends at a second. */
function truths(events: readonly ObservedEvent[], until: number): Record<string, string> {
  const found = labelRollouts(events, { until: second(until), standsSeconds: 300 });
  const numbers = [1, 2, 3].flatMap((number) =>
    [0, 1000, 2000, 3000].map((at) => [`${number} at ${at}`, found.get(keyOf(number, at))] as const),
  );
  return Object.fromEntries(numbers.filter(([, truth]) => truth !== undefined)) as Record<string, string>;
}

function keyOf(number: number, at: number) {
  return rolloutKey({ deployment: deploymentId(number), startedAt: second(at) });
}

const first = [started(1, 0), running('a1', 10, { deployment: 1 }), completed(1, 60)];

describe('the truth of a rollout', () => {
  it('is good when ECS completed it and it stood until the history ends', () => {
    expect(truths(first, 360)).toEqual({ '1 at 0': 'good' });
  });

  it('is good when it stood until it was replaced, whatever crashed in it', () => {
    const crashes = ['b1', 'b2', 'b3'].map((task, index) => stopped(task, 20 + index, { deployment: 1 }));
    expect(truths([...first, ...crashes, started(2, 1000)], 1010)).toEqual({
      '1 at 0': 'good',
      '2 at 1000': 'unknown',
    });
  });

  it('is not known while it has stood too short a time', () => {
    expect(truths(first, 359)).toEqual({ '1 at 0': 'unknown' });
  });

  it('is not known when no task of it ever ran', () => {
    expect(truths([started(1, 0), completed(1, 60)], day)).toEqual({ '1 at 0': 'unknown' });
  });

  it('is not known when it was replaced before it completed', () => {
    const events = [...first, started(2, 1000), running('b1', 1010, { deployment: 2 }), started(3, 2000)];
    expect(truths(events, 2010)['2 at 1000']).toBe('unknown');
  });

  it('is bad when ECS gave it up', () => {
    const events = [...first, started(2, 1000), running('b1', 1010, { deployment: 2 }), failed(2, 1100)];
    expect(truths(events, 2000)).toEqual({ '1 at 0': 'good', '2 at 1000': 'bad' });
  });

  it('is bad when it completed and was taken back within a day; the way back itself has no truth', () => {
    const second2 = [started(2, 1000), running('b1', 1010, { deployment: 2 }), completed(2, 1060)];
    const back = [started(1, 3000, true), completed(1, 3060)];
    expect(truths([...first, ...second2, ...back], day)).toEqual({ '1 at 0': 'good', '2 at 1000': 'bad' });
  });
});
