import { expect, it } from 'vitest';
import { parsePrices, parseShare } from '../../../../services/cli/backtest/backtest-options';

it.each([
  ['false=5,missed=20', { falseRollback: 5, missed: 20 }],
  [' missed = 0.5 , false=0', { falseRollback: 0, missed: 0.5 }],
])('prices are %j', (text, prices) => {
  expect(parsePrices(text)).toEqual(prices);
});

it.each(['', 'false=5', 'false=5,missed=-1', 'false=1,false=2,missed=1', 'false=0,missed=0', '5,20'])(
  'prices are not %j',
  (text) => {
    expect(() => parsePrices(text)).toThrow('It is false=NUMBER,missed=NUMBER');
  },
);

it('a share is given in percent', () => {
  expect(['1', '2.5%', '0', '100 %'].map(parseShare)).toEqual([0.01, 0.025, 0, 1]);
  for (const text of ['', 'few', '101', '-1']) expect(() => parseShare(text)).toThrow('It is a number');
});
