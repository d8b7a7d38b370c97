import { onClock } from '../../../../services/runtime/clock';
import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import { secondsAfter } from '../../../../state-machines/log/instant';
import type { SimulationClock } from '../../../ecs-simulator/src/ecs-simulator';

/** What an operator wishes of `rewind rollback`. */
export interface WishedRollback {
  readonly service: ServiceArn;
  readonly to: string;
  readonly reason: string;
}

interface OperatorParts {
  readonly clock: SimulationClock;
  readonly rollback: (wished: WishedRollback) => Promise<void>;
}

/**
 * The operator of a story, at the commands of rewind: what they do takes the story's time, and goes
 * on beside it.
 */
export class Operator {
  readonly #parts: OperatorParts;
  #running = 0;
  #waiting = 0;
  #failure: unknown = null;
  #hear: () => void = () => {};

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  /** Begins a rollback; `then` hears that the command has ended. */
  rollBack(wished: WishedRollback, then: () => void): void {
    this.#running += 1;
    onClock(this.#clock, () => this.#parts.rollback(wished))
      .then(then)
      .catch((error) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#running -= 1;
        this.#hear();
      });
  }

  /** Resolves when nothing is left to do before time passes. Throws what a command has thrown. */
  async still(): Promise<void> {
    while (this.#running > this.#waiting) {
      await new Promise<void>((resolve) => {
        this.#hear = resolve;
      });
    }
    this.throwFailure();
  }

  /** Throws what a command has thrown. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  readonly #clock = {
    now: () => this.#parts.clock.now(),
    wait: (milliseconds: number) =>
      new Promise<void>((resolve) => {
        const { clock } = this.#parts;
        this.#waiting += 1;
        this.#hear();
        clock.schedule(secondsAfter(clock.now(), milliseconds / 1000), () => {
          this.#waiting -= 1;
          resolve();
        });
      }),
  };
}
