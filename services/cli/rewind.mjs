#!/usr/bin/env node
// The `rewind` binary: what `npm ci` has built of main.ts. It stands in the repository so that npx
// finds it before that, too.
import { existsSync } from 'node:fs';

const bundle = new URL('../../dist/rewind.mjs', import.meta.url);
if (existsSync(bundle)) await import(bundle.href);
else {
  process.stderr.write('rewind is not built yet: run `npm ci` in its folder first.\n');
  process.exitCode = 69;
}
