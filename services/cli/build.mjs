// Bundles the command line into dist/rewind.mjs, the project's `rewind` binary, and beside it the
// program of its threads and the parts that both load; into another folder where one is named.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

const esbuild = await import('esbuild').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  // npx runs this before anything is installed; were it to fail, npx would keep what it
  // had half made, and fail for ever.
  process.stderr.write('nothing is installed yet: run `npm ci` first\n');
  process.exit(0);
});

const { bundlePage } = await import('./report/page-bundle.mjs');
const pages = {
  pageAssets: await bundlePage(),
  dashboardAssets: await bundlePage(new URL('dashboard/page/dashboard-page.ts', import.meta.url)),
};

/**
 * Puts the texts of the pages in the place of the files that would bundle them when they are asked
 * for.
 */
const withPages = {
  name: 'pages',
  setup(build) {
    const put = (filter, name) =>
      build.onLoad({ filter }, () => ({
        contents: `export const ${name} = async () => (${JSON.stringify(pages[name])});`,
      }));
    put(/report\/page-assets\.ts$/, 'pageAssets');
    put(/dashboard\/server\/page-assets\.ts$/, 'dashboardAssets');
  },
};

const ownFolder = at('dist');
const outdir = process.argv[2] ?? ownFolder;
// Parts have names of their contents: those of earlier builds would stay. In a folder that somebody
// names, other things may lie.
if (outdir === ownFolder) rmSync(outdir, { recursive: true, force: true });

await esbuild.build({
  entryPoints: {
    rewind: at('services/cli/main.ts'),
    'backtest-worker': at('services/cli/backtest/backtest-worker.ts'),
  },
  outdir,
  // Each command loads what it needs, and no other has to wait for it.
  splitting: true,
  chunkNames: 'part-[hash]',
  minify: true,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  // The SDK's modules can be shaken like a tree; the CommonJS that `main` names cannot.
  mainFields: ['module', 'main'],
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  plugins: [withPages],
  // Some of the packages are CommonJS and ask for Node's own modules at run time.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
