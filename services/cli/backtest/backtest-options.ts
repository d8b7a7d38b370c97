import { InvalidArgumentError, Option } from 'commander';
import type { Wish } from '../../../state-machines/replay/policy-choice';
import type { BacktestOptions } from './backtest';
import { parseSweep } from './backtest-sweep';

/** The options that say what a backtest tries, and how it chooses. */
export function backtestOptions(): Option[] {
  return [
    new Option('--compare <FILE>', 'say what --policy would change, compared with this policy file'),
    new Option(
      '--sweep <RANGE>',
      'try KEY=FROM..TO[:STEP] or KEY=A,B,C of the policy; may be given again for another key',
    ).argParser(parseSweep),
    new Option(
      '--cost <PRICES>',
      'choose what costs least: false=1,missed=10 prices a good rollout that is taken back and a bad one that is not caught',
    ).argParser(parsePrices),
    new Option(
      '--at-most-false <PERCENT>',
      'choose only what takes back at most this share of the good rollouts',
    ).argParser(parseShare),
    new Option('--labels <FILE>', 'which rollouts were really good or bad, as people know'),
    new Option('--labels-template <FILE>', 'write the rollouts to a new file, for people to label'),
  ];
}

/** The prices of `--cost`, in any unit. Throws commander's error. */
export function parsePrices(text: string): Wish['prices'] {
  const prices = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, name = '', price = ''] = /^\s*(false|missed)\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(part) ?? [];
    if (name === '' || prices.has(name)) throw new InvalidArgumentError('It is false=NUMBER,missed=NUMBER.');
    prices.set(name, Number(price));
  }
  const [falseRollback, missed] = [prices.get('false'), prices.get('missed')];
  if (falseRollback === undefined || missed === undefined || falseRollback + missed === 0) {
    throw new InvalidArgumentError('It is false=NUMBER,missed=NUMBER, not both 0.');
  }
  return { falseRollback, missed };
}

/** A share, given in percent. Throws commander's error. */
export function parseShare(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim()) ?? [];
  const percent = Number(number);
  if (number !== undefined && percent <= 100) return percent / 100;
  throw new InvalidArgumentError('It is a number of percent from 0 to 100.');
}

/** Whether the options of `rewind replay` ask for a backtest. */
export function isBacktest({ compare, sweep, labels, labelsTemplate }: BacktestOptions): boolean {
  return [compare, sweep, labels, labelsTemplate].some((option) => option !== undefined);
}
