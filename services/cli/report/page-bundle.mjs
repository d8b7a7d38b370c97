// Bundles the report's page (its script and its style) into two texts. From source it runs when a
// report is written; for dist/rewind.mjs it has run before, and the texts are in there.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function bundlePage() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page/main.ts', import.meta.url))],
    outdir: 'page',
    write: false,
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'warning',
  });
  const textOf = (suffix) => outputFiles.find(({ path }) => path.endsWith(suffix)).text.trim();
  return { script: textOf('.js'), style: textOf('.css') };
}
