import type { Writable } from 'node:stream';

/**
 * Loads functions so that what they log goes to `output`, as Lambda takes it to CloudWatch Logs,
 * and not into this terminal. A function's logger takes hold of the process's stdout and stderr
 * when its module is loaded, and keeps them.
 */
export async function withOutputTo<Loaded>(output: Writable, load: () => Promise<Loaded>): Promise<Loaded> {
  const streams = (['stdout', 'stderr'] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  );
  for (const [name] of streams) Object.defineProperty(process, name, { value: output, configurable: true });
  try {
    return await load();
  } finally {
    for (const [name, own] of streams) if (own !== undefined) Object.defineProperty(process, name, own);
  }
}
