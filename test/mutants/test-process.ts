import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { bundleProgram } from '../../infra/simulation/bundle-program';
import type { RunAnswer, RunRequest } from './test-run';

/** Each run loads its module anew, and none is ever unloaded. */
const runsOfOneProcess = 150;
/** The first run of a module is waited for as long; how long it takes depends on the machine. */
const firstSecondsAtMost = 600;
/** A mutant may take so much longer than the tests without one; then it never ends. */
const slowness = { seconds: 20, times: 10 };

/** Runs tests in a process of its own, which is replaced where a mutant never comes to an end. */
export class TestProcess {
  readonly #program: string;
  #child: ChildProcess | null = null;
  #runs = 0;
  /** What the tests of each module took without a mutant. */
  readonly #seconds = new Map<string, number>();

  /** The folder has to be inside of the project. */
  static async start(folder: string): Promise<TestProcess> {
    const program = path.join(folder, 'test-worker.mjs');
    await bundleProgram(new URL('test-worker.ts', import.meta.url), program);
    return new TestProcess(program);
  }

  private constructor(program: string) {
    this.#program = program;
  }

  /** Null where it did not end in time, or took the process with it. */
  async run(request: RunRequest): Promise<RunAnswer | null> {
    const child = this.#living();
    const begunAt = process.uptime();
    const known = this.#seconds.get(request.module);
    const secondsAtMost =
      known === undefined ? firstSecondsAtMost : Math.ceil(slowness.seconds + slowness.times * known);
    const answered = new AbortController();
    const signal = AbortSignal.any([answered.signal, AbortSignal.timeout(secondsAtMost * 1000)]);
    const answer = once(child, 'message', { signal }).then(([message]) => message as RunAnswer);
    const death = once(child, 'exit', { signal }).then(() => null);
    child.send(request);
    try {
      const given = await Promise.race([answer, death]);
      if (given === null) this.stop();
      if (request.mutant === null) this.#seconds.set(request.module, process.uptime() - begunAt);
      return given;
    } catch (error) {
      if (!signal.aborted) throw error;
      this.stop();
      return null;
    } finally {
      answer.catch(() => {});
      death.catch(() => {});
      answered.abort();
    }
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #living(): ChildProcess {
    this.#runs += 1;
    if (this.#runs % runsOfOneProcess === 0) this.stop();
    // What programs under test write is no output of the search.
    this.#child ??= fork(this.#program, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    return this.#child;
  }
}
