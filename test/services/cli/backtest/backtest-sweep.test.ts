import { describe, expect, it } from 'vitest';
import { planBacktest } from '../../../../services/cli/backtest/backtest';
import { combinationsOf, parseSweep } from '../../../../services/cli/backtest/backtest-sweep';

describe('the values of a sweep', () => {
  it.each([
    ['failurePercent=5..50', [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]],
    ['minimumFailures=1..5', [1, 2, 3, 4, 5]],
    ['bakeSeconds=0..3600:900', [0, 900, 1800, 2700, 3600]],
    ['deadlineSeconds=600,3600,600', [600, 3600]],
    ['failurePercent=0.1..0.3:0.1', [0.1, 0.2, 0.3]],
    ['failurePercent=7..7', [7]],
    ['evidenceRatio=5,10,20', [5, 10, 20]],
    ['failureRule=percent,evidence', ['percent', 'evidence']],
  ])('%s are %j', (text, values) => {
    expect(parseSweep(text)).toMatchObject([{ values }]);
  });

  it.each([
    ['failurePercent', 'It is KEY=FROM..TO[:STEP] or KEY=A,B,C'],
    ['alarms=a,b', 'with a KEY of failurePercent, minimumFailures, deadlineSeconds, bakeSeconds'],
    ['failurePercent=50..5', '50..5 holds no value'],
    ['failurePercent=5..50:0', 'A step is larger than 0'],
  ])('%s are refused', (text, sentence) => {
    expect(() => parseSweep(text)).toThrow(sentence);
  });

  it.each([
    ['failurePercent=5,200', 'failurePercent=200: failurePercent must be a number from 0 to 100'],
    ['minimumFailures=1..2:0.5', 'minimumFailures must be a whole number of at least 1'],
    ['failureRule=percent,hope', 'failureRule must be percent or evidence'],
    ['failurePercent=a..b', 'failurePercent must be a number from 0 to 100'],
    ['failurePercent=5,', 'failurePercent must be a number from 0 to 100'],
  ])('%s are no values of a policy', async (text, sentence) => {
    await expect(planBacktest({ sweep: parseSweep(text) })).rejects.toThrow(sentence);
  });

  it('are combined with those of the other keys, and at most 200 combinations are made', () => {
    const sweeps = parseSweep('minimumFailures=1,2', parseSweep('failurePercent=5,10'));
    expect(combinationsOf(sweeps)).toEqual([
      { failurePercent: 5, minimumFailures: 1 },
      { failurePercent: 5, minimumFailures: 2 },
      { failurePercent: 10, minimumFailures: 1 },
      { failurePercent: 10, minimumFailures: 2 },
    ]);
    expect(() => parseSweep('bakeSeconds=1..101:1', sweeps)).toThrow('404 combinations, and at most 200');
    expect(() => parseSweep('failurePercent=1', sweeps)).toThrow('failurePercent is swept already');
  });
});
