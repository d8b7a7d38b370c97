import { type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { type Cancel, SteppedClock } from '../../ecs-simulator/src/ecs-simulator';

/**
 * The one clock of a simulated run. Whatever waits for time or for an answer waits here, so that a
 * run is a list of appointments, and the same list every time.
 */
export class VirtualTime {
  readonly clock: SteppedClock;
  #isStirred = false;

  constructor(origin: Instant) {
    this.clock = new SteppedClock(origin);
  }

  now(): Instant {
    return this.clock.now();
  }

  after(seconds: number, run: () => void): Cancel {
    return this.clock.schedule(secondsAfter(this.now(), seconds), run);
  }

  /** Said by whoever settles a promise: what waits for it goes on before time does. */
  stir(): void {
    this.#isStirred = true;
  }

  /** Lets time pass. Whatever is due runs to where it waits again before the next is due. */
  async passTo(until: Instant): Promise<void> {
    for (let due = this.clock.nextAt(); due !== null && due <= until; due = this.clock.nextAt()) {
      this.clock.advanceTo(due);
      if (this.#isStirred) await this.#quiet();
    }
    this.clock.advanceTo(until);
  }

  async #quiet(): Promise<void> {
    this.#isStirred = false;
    // All microtasks run before it: every chain of promises has come to where it waits.
    await new Promise((resolve) => process.nextTick(resolve));
  }
}
