#!/usr/bin/env node
import { runProgram } from './program';
import { exitCode } from './terminal/exit-code';
import { say } from './terminal/streams/standard-error';
import { fileTrouble } from './terminal/text-file';

// Whoever reads our output may stop early (`rewind replay … | head`): that is their right, and no
// error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCode.done);
  say(`standard output cannot be written: ${fileTrouble(error) ?? error.message}`);
  process.exit(exitCode.unavailable);
});
// Nobody can be told that nobody can be told.
process.stderr.on('error', () => {});

await runProgram(process.argv.slice(2));
