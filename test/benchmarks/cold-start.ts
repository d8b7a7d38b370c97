// How long a function takes from the load of its module to a ready handler, beside an empty one
// with the same parts of the SDK.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleHandler } from '../../infra/bundle-functions';
import { projectFolder } from '../../infra/local/aws/declared/cloudformation';
import {
  deployedFunction,
  deployedFunctionNames,
  deployedVariableNames,
} from '../../infra/local/aws/declared/deployed-functions';

const runs = 20;
const ratioAtMost = 1.5;

/** Inside the project, where the SDK is found. */
await mkdir(path.join(projectFolder, '.rewind'), { recursive: true });
const folder = await mkdtemp(path.join(projectFolder, '.rewind/cold-start-'));
try {
  process.stdout.write(`  ${'function'.padEnd(12)} bundle   cold start   empty   ratio\n`);
  for (const name of deployedFunctionNames()) await compare(name);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function compare(name: string): Promise<void> {
  const { handler } = deployedFunction(name);
  const { bundled, metafile } = await bundleHandler(projectFolder, handler, path.join(folder, name));
  const loaded = loadedAtOnce(metafile).map((file) => metafile.outputs[file]);
  const sources = loaded.flatMap((output) => Object.keys(output?.inputs ?? {}));
  const empty = await emptyHandler(name, sources);
  const times = { ours: [] as number[], empty: [] as number[] };
  // In turns, so that what else the machine does falls on both.
  for (let run = 0; run < runs; run += 1) {
    times.ours.push(loadMilliseconds(bundled));
    times.empty.push(loadMilliseconds(empty));
  }
  const [ours, nothing] = [median(times.ours), median(times.empty)];
  const ratio = ours / nothing;
  const bytes = loaded.reduce((sum, output) => sum + (output?.bytes ?? 0), 0);
  const kilobytes = `${(bytes / 1024).toFixed(0)} KB`;
  const milliseconds = (value: number) => `${value.toFixed(0)} ms`;
  process.stdout.write(
    `  ${name.padEnd(12)} ${kilobytes}   ${milliseconds(ours).padStart(10)}  ${milliseconds(nothing).padStart(6)}    ${ratio.toFixed(2)}\n`,
  );
  if (ratio > ratioAtMost) process.exitCode = 1;
}

/** The file of the handler, and those that it imports at once: what it loads on demand is left. */
function loadedAtOnce({ outputs }: Metafile): string[] {
  const loaded = new Set(
    Object.keys(outputs).filter((file) => outputs[file]?.entryPoint?.endsWith('handler.ts')),
  );
  for (const file of loaded) {
    const imports = outputs[file]?.imports ?? [];
    for (const { path: part, kind } of imports)
      if (kind === 'import-statement' && part in outputs) loaded.add(part);
  }
  return [...loaded];
}

/**
 * A handler that holds the very parts of the SDK which the function's own sources name, makes the
 * clients among them, and does nothing.
 */
async function emptyHandler(name: string, sources: readonly string[]): Promise<string> {
  const own = sources.filter((source) => source.startsWith('services/'));
  const texts = await Promise.all(own.map((source) => readFile(path.join(projectFolder, source), 'utf8')));
  const parts = new Map(texts.flatMap(partsOfSdk));
  const imports = [...parts].map(([part, from]) => `import { ${part} } from '${from}';`);
  const uses = [...parts.keys()].map((part) =>
    /^(?!.*Document).*Client$/.test(part) ? `new ${part}({})` : part,
  );
  const lines = [
    ...imports,
    `globalThis.used = [${uses.join(', ')}];`,
    'export const handler = async () => {};',
  ];
  await writeFile(path.join(folder, `empty-${name}.ts`), lines.join('\n'));
  const { bundled } = await bundleHandler(folder, `empty-${name}.handler`, path.join(folder, 'empty'));
  return bundled;
}

/** What a source imports of the SDK, types left out: the name, and from where. */
function partsOfSdk(text: string): (readonly [part: string, from: string])[] {
  const imports = [...text.matchAll(/import \{([^}]*)\} from '(@aws-sdk\/[^']+)'/g)];
  return imports.flatMap(([, names = '', from = '']) => {
    const values = names.split(',').map((name) => name.trim());
    return values
      .filter((name) => name !== '' && !name.startsWith('type '))
      .map((name) => [name, from] as const);
  });
}

function loadMilliseconds(file: string): number {
  const program = `const start = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - start);`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: environment(),
  });
  if (status !== 0) throw new Error(stderr.toString());
  return Number(stdout.toString());
}

/** As in Lambda, with something in each variable. */
function environment(): NodeJS.ProcessEnv {
  const declared = deployedVariableNames().map((name) => [name, 'x']);
  return {
    PATH: process.env.PATH,
    ...Object.fromEntries(declared),
    AWS_REGION: 'us-east-1',
    NODE_OPTIONS: '--no-warnings',
    REWIND_POLICY: '{}',
    REWIND_MODE: 'observe',
    REWIND_DISCOVERY_MINUTES: '5',
    REWIND_OBSERVED_EVENTS_DAYS: '0',
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[sorted.length / 2 - 1] ?? 0) + (sorted[sorted.length / 2] ?? 0)) / 2;
}
