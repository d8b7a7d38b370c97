import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from '../../../infra/local/aws/declared/cloudformation';
import type { Sheet } from './histories/history-store';
import type { NamedPolicy } from './judges/standing-policies';

interface BenchOptions {
  readonly folder: string;
  /** Beside the standing ones. */
  readonly policies: readonly NamedPolicy[];
  readonly sheets: readonly Sheet[];
  readonly processes: number;
  /** All, where it is empty. */
  readonly kinds: readonly string[];
  readonly isListed: boolean;
  readonly isMade: boolean;
  /** Whether the result is that of the page: nothing was left out of it, and nothing added. */
  readonly isWhole: boolean;
}

/** Reads the options of the benchmark and of the long watch. */
export function readOptions(seeds: string): BenchOptions {
  const { values } = parseArgs({
    options: {
      histories: { type: 'string' },
      policy: { type: 'string', multiple: true, default: [] },
      seeds: { type: 'string' },
      sizes: { type: 'string' },
      kinds: { type: 'string' },
      processes: { type: 'string', default: String(availableParallelism()) },
      list: { type: 'boolean', default: false },
      'only-make': { type: 'boolean', default: false },
    },
  });
  const isNarrow = values.seeds !== undefined || values.sizes !== undefined || values.kinds !== undefined;
  return {
    folder: values.histories ?? path.join(projectFolder, '.rewind/verdicts', sourcesFingerprint()),
    policies: values.policy.map((file) => ({
      name: path.basename(file).replace(/\.\w+$/, ''),
      text: readFileSync(file, 'utf8'),
    })),
    sheets: sheetsOf(values.seeds ?? seeds, values.sizes ?? '1,2,3,10,50,200'),
    processes: Number(values.processes),
    kinds: (values.kinds ?? '').split(',').filter((name) => name !== ''),
    isListed: values.list,
    isMade: values['only-make'],
    isWhole: !isNarrow && values.policy.length === 0 && !values['only-make'],
  };
}

/** Histories are kept for as long as nothing changes that plays them. */
function sourcesFingerprint(): string {
  const here = 'test/benchmarks/verdicts';
  const rooms = ['infra/ecs-simulator/src', `${here}/service`, `${here}/kinds`, `${here}/histories`];
  const hash = createHash('sha256');
  for (const room of rooms) {
    const folder = path.join(projectFolder, room);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    for (const file of files.sort()) hash.update(file).update(readFileSync(path.join(folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

function sheetsOf(seeds: string, sizes: string): Sheet[] {
  return numbersIn(seeds).flatMap((seed) => numbersIn(sizes).map((size) => ({ size, seed })));
}

/** `1-4,7` */
function numbersIn(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
