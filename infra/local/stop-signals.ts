import { whenNpmShellEnds } from './npm-shell.mjs';

const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof numbers;

/** Why a program ends before its end: a signal. */
export class StoppedBySignalError extends Error {
  override readonly name = 'StoppedBySignalError';
  /** As a shell has it: 128 and the signal's number. */
  readonly exitCode: number;

  constructor(signal: StopSignal) {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + numbers[signal];
  }
}

/** Longer than any part of the local stack takes to stop. */
const graceMilliseconds = 10_000;
/** Ctrl-C under npm arrives twice: from the terminal, and passed on by npm. */
const repeatedMilliseconds = 500;

/**
 * An AbortSignal that SIGINT, SIGTERM and SIGHUP abort, with a StoppedBySignalError as its reason:
 * the program stops in order. The end of npm's shell counts as SIGTERM. It is ended at once when
 * that takes too long, or when it is asked again; what it started goes with it even then
 * (child-process.ts).
 */
export function stopSignals(): AbortSignal {
  const stopping = new AbortController();
  let askedAt: number | null = null;
  const stop = (name: StopSignal) => {
    const reason = new StoppedBySignalError(name);
    const end = () => process.exit(reason.exitCode);
    if (askedAt === null) setTimeout(end, graceMilliseconds).unref();
    else if (performance.now() - askedAt > repeatedMilliseconds) end();
    askedAt ??= performance.now();
    stopping.abort(reason);
  };
  for (const name of Object.keys(numbers) as StopSignal[]) process.on(name, stop);
  whenNpmShellEnds(() => stop('SIGTERM'));
  return stopping.signal;
}
