import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Writes a program of ours as one file for Node, which has to be inside of the project: packages
 * stay outside of it. What computes for long runs so: what tsx adds to functions to keep their
 * names takes a seventh of a simulation's time, and half of a benchmark's.
 */
export async function bundleProgram(source: URL, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
}
