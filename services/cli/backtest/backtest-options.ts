import { Option } from 'commander';
import { parseSweep } from './backtest-sweep';

/** The options that say what a backtest tries. */
export function backtestOptions(): Option[] {
  return [
    new Option('--compare <FILE>', 'say what --policy would change, compared with this policy file'),
    new Option(
      '--sweep <RANGE>',
      'try KEY=FROM..TO[:STEP] or KEY=A,B,C of the policy; may be given again for another key',
    ).argParser(parseSweep),
    new Option('--labels <FILE>', 'which rollouts were really good or bad, as people know'),
  ];
}
