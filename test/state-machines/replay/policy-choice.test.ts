import { describe, expect, it } from 'vitest';
import { chooseScore, costOf, isToldFromGiven, savingOf } from '../../../state-machines/replay/policy-choice';
import { emptyScore, type PolicyScore } from '../../../state-machines/replay/policy-score';

const score = (part: Partial<PolicyScore>): PolicyScore => ({ ...emptyScore, good: 180, bad: 20, ...part });
const changes = (part: Partial<PolicyScore['againstGiven']>) => ({ ...emptyScore.againstGiven, ...part });
const prices = { falseRollback: 1, missed: 10 };

const lax = score({ falseRollbacks: 1, caught: 14, missed: 6 });
const strict = score({ falseRollbacks: 12, caught: 20, millisecondsToVerdict: Array(20).fill(60_000) });
const slow = score({ falseRollbacks: 12, caught: 20, millisecondsToVerdict: Array(20).fill(90_000) });
const left = score({ falseRollbacks: 0, caught: 15, leftToOthers: 5 });

describe('the choice of a policy', () => {
  it('falls on what costs least, then on what is soonest', () => {
    expect(chooseScore([lax, slow, strict], { prices, falseAtMost: 1 })).toBe(2);
    expect(chooseScore([lax, strict], { prices: { falseRollback: 10, missed: 1 }, falseAtMost: 1 })).toBe(0);
  });

  it('counts a bad one that ECS or people had to take back as not caught', () => {
    expect(costOf(left, prices).value).toBe(50);
  });

  it('keeps to the share of good ones that may be taken back, or falls on nothing', () => {
    expect(chooseScore([strict, lax], { prices, falseAtMost: 0.01 })).toBe(1);
    expect(chooseScore([strict, lax], { prices, falseAtMost: 0.001 })).toBeNull();
  });

  it('says between what its cost lies: from what Wilson says of each share', () => {
    const { value, from, to } = costOf(strict, prices);
    expect(value).toBe(12);
    // 3.9 % to 11.3 % of 180, and up to 16.1 % of 20 at ten times the price.
    expect([from, to].map(Math.round)).toEqual([7, 45]);
    expect(costOf(emptyScore, prices)).toEqual({ value: 0, from: 0, to: 0 });
  });

  it('says between what the saving lies: from the rollouts that end differently', () => {
    const other = score({ againstGiven: changes({ falseFewer: 9, missedMore: 1 }) });
    const { value, from, to } = savingOf(other, prices);
    expect(value).toBe(-1);
    expect([from, to].map(Math.round)).toEqual([-21, 19]);
  });

  it('tells a policy from the given one by four rollouts on one side, and not by three', () => {
    expect(isToldFromGiven(score({ againstGiven: changes({ falseFewer: 4 }) }))).toBe(true);
    expect(isToldFromGiven(score({ againstGiven: changes({ missedMore: 4 }) }))).toBe(true);
    expect(isToldFromGiven(score({ againstGiven: changes({ falseFewer: 3, missedFewer: 3 }) }))).toBe(false);
    expect(isToldFromGiven(score({ againstGiven: changes({ falseFewer: 6, falseMore: 3 }) }))).toBe(false);
  });
});
