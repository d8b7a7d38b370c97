import { once } from 'node:events';

/** Writes results to standard output, no faster than they are read there. */
export async function printAll(parts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const part of parts) if (!process.stdout.write(part)) await once(process.stdout, 'drain');
}
