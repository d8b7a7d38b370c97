import { describe, expect, it } from 'vitest';
import { noPast } from '../../../../state-machines/log/foundation/service-past';
import {
  noTurns,
  ratioOfRun,
  ratioOfStarts,
  withTurn,
} from '../../../../state-machines/rollout/weighing/likelihood';

function past(starts: number, failedStarts: number) {
  return { ...noPast, starts, failedStarts };
}

/** How many failed starts of so many are twenty times likelier if the release is bad. */
function failuresNeeded(starts: number, before: ReturnType<typeof past>): number | null {
  const counts = Array.from({ length: starts }, (_, index) => index + 1);
  return counts.find((failedStarts) => ratioOfStarts({ starts, failedStarts }, before) >= 20) ?? null;
}

describe('the ratio of starts', () => {
  it.each([
    ['no past', past(0, 0), [null, 2, 2, 3, 4, 7, 14, 46]],
    ['20 clean starts', past(20, 0), [1, 2, 2, 2, 3, 4, 8, 21]],
    ['200 clean starts', past(200, 0), [1, 1, 1, 1, 2, 2, 3, 7]],
    ['200 starts of which 2 failed', past(200, 2), [1, 2, 2, 2, 3, 3, 5, 12]],
    ['200 starts of which 16 failed', past(200, 16), [null, 2, 3, 4, 5, 7, 12, 32]],
  ])('asks for as many failures as the past leaves room for: %s', (_name, before, needed) => {
    expect([1, 2, 3, 6, 10, 20, 50, 200].map((starts) => failuresNeeded(starts, before))).toEqual(needed);
  });

  it('speaks for the release while nothing fails', () => {
    expect(ratioOfStarts({ starts: 50, failedStarts: 0 }, noPast)).toBeLessThan(1);
  });

  it('says nothing against a release where most starts have failed before and one is good', () => {
    expect(ratioOfStarts({ starts: 10, failedStarts: 9 }, past(300, 200))).toBe(0);
  });
});

describe('the ratio of running', () => {
  const before = { ...noPast, taskHours: 2400, losses: 24 };
  const turns = withTurn({ losses: 0, taskHours: 0, turns: noTurns }, before);

  it('is one before a task has run', () => {
    expect(ratioOfRun({ losses: 0, taskHours: 0, turns: noTurns }, before)).toBe(1);
  });

  it('grows with the losses, and falls with the hours without one', () => {
    const ratio = (losses: number, taskHours: number) => ratioOfRun({ losses, taskHours, turns }, before);
    expect(ratio(3, 2)).toBeGreaterThan(20 * ratio(1, 2));
    expect(ratio(1, 20)).toBeLessThan(ratio(1, 2));
    expect(ratio(1, 100)).toBeLessThan(1.5);
  });

  it('finds a release that turns bad after hours of good ones', () => {
    let later = turns;
    for (let turn = 1; turn <= 30; turn += 1) {
      later = withTurn({ losses: 0, taskHours: turn, turns: later }, before);
    }
    const atStartOnly = ratioOfRun({ losses: 6, taskHours: 30.5, turns }, before);
    expect(ratioOfRun({ losses: 6, taskHours: 30.5, turns: later }, before)).toBeGreaterThan(
      10 * atStartOnly,
    );
  });
});
