import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type HistoryOptions, history } from './history';
import { randomFrom, shuffle } from './random';

/** Options of `generate`: those of a history, and what befalls its lines on the way. */
interface DeliveryOptions {
  readonly seed: number;
  readonly isShuffled: boolean;
  /** One line in so many is delivered twice; 0 for none. */
  readonly duplicateEvery: number;
}

/** The lines as EventBridge may deliver them: in any order, and some of them twice. */
export function deliver(lines: readonly string[], options: DeliveryOptions): string[] {
  const { duplicateEvery, isShuffled, seed } = options;
  const twice = lines.filter((_, index) => duplicateEvery > 0 && index % duplicateEvery === 0);
  const delivered = [...lines, ...twice];
  return isShuffled ? shuffle(delivered, randomFrom(seed)) : delivered;
}

function readOptions(): HistoryOptions & DeliveryOptions {
  const { values } = parseArgs({
    options: {
      services: { type: 'string', default: '400' },
      rollouts: { type: 'string', default: '2' },
      bad: { type: 'string', default: '10' },
      flaky: { type: 'string', default: '0' },
      lines: { type: 'string', default: '200000' },
      seed: { type: 'string', default: '1' },
      shuffle: { type: 'boolean', default: false },
      'duplicate-every': { type: 'string', default: '0' },
    },
  });
  return {
    services: Number(values.services),
    rollouts: Number(values.rollouts),
    badPercent: Number(values.bad),
    flakyPercent: Number(values.flaky),
    lines: Number(values.lines),
    seed: Number(values.seed),
    isShuffled: values.shuffle,
    duplicateEvery: Number(values['duplicate-every']),
  };
}

/** `npx tsx test/histories/generate.ts --services 400 --rollouts 2 --bad 10 --lines 200000 --seed 1 > history.jsonl` */
function main(): void {
  const options = readOptions();
  const { lines, rollouts } = history(options);
  for (const line of deliver(lines, options)) process.stdout.write(`${line}\n`);
  const bad = rollouts.filter(({ isBad }) => isBad).length;
  process.stderr.write(`${lines.length} notifications, ${rollouts.length} rollouts, ${bad} bad\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
