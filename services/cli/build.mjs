// Bundles the command line into dist/rewind.mjs, and links it as `npx rewind` finds it first: npm links the binaries of
// dependencies, but not those of the project itself.
import { mkdir, rm, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

await build({
  entryPoints: [at('services/cli/main.ts')],
  outfile: at('dist/rewind.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  // Some of the packages are CommonJS and ask for Node's own modules at run time.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
await mkdir(at('node_modules/.bin'), { recursive: true });
await rm(at('node_modules/.bin/rewind'), { force: true });
await symlink('../../dist/rewind.mjs', at('node_modules/.bin/rewind'));
