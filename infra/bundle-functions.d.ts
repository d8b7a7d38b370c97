import type { Metafile } from 'esbuild';

export function bundleHandler(
  projectFolder: string,
  handler: string,
  folder: string,
): Promise<{ readonly bundled: string; readonly files: readonly string[]; readonly metafile: Metafile }>;
