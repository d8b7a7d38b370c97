import type { VirtualTime } from './virtual-time';

/** What of AWS and of Rewind can be out of order for a while. */
export type Place = 'ecs' | 'log' | 'alarms' | 'bus' | 'parameters' | 'ingest' | 'reconciler' | 'announcer';

/** What becomes of one effect of a function: of a call to AWS or to the log. */
export interface EffectFate {
  /** On the way there, and on the way back. */
  readonly secondsBefore: number;
  readonly secondsAfter: number;
  /** Thrown instead of the answer, or instead of making the call at all. */
  readonly error: { readonly error: Error; readonly tookEffect: boolean } | null;
  /** The process ends there, and nobody hears of it but by its time-out. */
  readonly dies: 'before' | 'after' | null;
}

/** A call, and what of AWS it calls. */
export interface Effect {
  readonly place: Place;
  readonly operation: string;
}

/** Decides what becomes of effects. */
export interface Turmoil {
  fateOf(functionName: string, effect: Effect): EffectFate;
}

/** How an invocation ended. */
export type InvocationOutcome<Result> =
  | { readonly kind: 'returned'; readonly value: Result }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'timedOut' };

interface FunctionRunParts {
  readonly time: VirtualTime;
  readonly turmoil: Turmoil;
  readonly name: string;
  readonly timeoutSeconds: number;
  /** How far the clock of its machine is off. */
  readonly skewMilliseconds: number;
}

/**
 * One invocation of a function. Every effect that it awaits takes time, may fail with or without
 * having happened, and may be its last: a process that has died, or whose time is over, never goes
 * on, whatever it waited for.
 */
export class FunctionRun {
  readonly name: string;
  readonly #parts: FunctionRunParts;
  #isDead = false;

  constructor(parts: FunctionRunParts) {
    this.#parts = parts;
    this.name = parts.name;
  }

  /** The time that its machine shows. */
  now(): number {
    return this.#parts.time.now() + this.#parts.skewMilliseconds;
  }

  effect<Answer>(effect: Effect, run: () => Answer | Promise<Answer>): Promise<Answer> {
    const { time, turmoil } = this.#parts;
    const fate = turmoil.fateOf(this.name, effect);
    return new Promise((resolve, reject) => {
      const answer = (settle: () => void) => {
        if (fate.dies === 'after') this.#isDead = true;
        time.after(fate.secondsAfter, () => {
          if (this.#isDead) return;
          time.stir();
          settle();
        });
      };
      time.after(fate.secondsBefore, () => {
        if (fate.dies === 'before') this.#isDead = true;
        if (this.#isDead) return;
        const { error } = fate;
        if (error !== null && !error.tookEffect) {
          answer(() => reject(error.error));
          return;
        }
        const fulfil = (value: Answer) =>
          answer(() => (error === null ? resolve(value) : reject(error.error)));
        attempt(run).then(fulfil, (thrown) => answer(() => reject(thrown)));
        time.stir();
      });
    });
  }

  /** Runs the function to its end, or to its time-out. */
  run<Result>(body: (run: FunctionRun) => Promise<Result>): Promise<InvocationOutcome<Result>> {
    const { time, timeoutSeconds } = this.#parts;
    return new Promise((resolve) => {
      const cancel = time.after(timeoutSeconds, () => {
        this.#isDead = true;
        time.stir();
        resolve({ kind: 'timedOut' });
      });
      const end = (outcome: InvocationOutcome<Result>) => {
        cancel();
        resolve(outcome);
      };
      time.stir();
      body(this).then(
        (value) => end({ kind: 'returned', value }),
        (error) => end({ kind: 'failed', error }),
      );
    });
  }
}

async function attempt<Answer>(run: () => Answer | Promise<Answer>): Promise<Answer> {
  return run();
}
