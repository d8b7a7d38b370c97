#!/usr/bin/env node
import { acceleratedClock, onClock } from '../runtime/clock';
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

const runAsked = () => runProgram(process.argv.slice(2));
// Beside the local stack, its time is the time: a freeze until 18:00 ends when its clock says so.
const clock = acceleratedClock(process.env.REWIND_CLOCK);
await (clock === null ? runAsked() : onClock(clock, runAsked));
