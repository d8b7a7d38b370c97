import { mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** Shells read it: nothing may stand there that means something to one. */
const isPlain = (path: string) => /^[\w/-]+$/.test(path);

/**
 * Keeps the services that a command has listed, a line each, for shells to complete. Nothing
 * depends on it: where it cannot be written, there is nothing to complete.
 */
export async function keepListedServices(paths: readonly string[]): Promise<void> {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const file = path.join(base, 'rewind', 'services');
  const unfinished = `${file}.${process.pid}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    // Whoever completes meanwhile reads all of the old ones or all of the new ones.
    await writeFile(unfinished, [...new Set(paths)].filter(isPlain).sort().join('\n'), { mode: 0o600 });
    await rename(unfinished, file);
  } catch {
    // A home that may not be written to is nobody's fault.
  }
}
