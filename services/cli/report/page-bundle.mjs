// Bundles a page (its script and its style) into two texts. From source it runs when the page is
// asked for; for dist/rewind.mjs it has run before, and the texts are in there.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const reportPage = new URL('page/main.ts', import.meta.url);

export async function bundlePage(entry = reportPage) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
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
