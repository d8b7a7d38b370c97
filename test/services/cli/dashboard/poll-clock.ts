import type { WaitingClock } from '../../../../services/runtime/clock';

/** The time between two looks, which passes when the test says so. */
export class PollClock implements WaitingClock {
  #waiting: (() => void)[] = [];
  #time = 0;
  #begun: () => void = () => {};

  now(): number {
    return this.#time;
  }

  wait(milliseconds: number): Promise<void> {
    this.#time += milliseconds;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#begun();
    });
  }

  /** Once somebody waits. */
  async begun(): Promise<void> {
    while (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        this.#begun = resolve;
      });
    }
  }

  pass(): void {
    for (const end of this.#waiting.splice(0)) end();
  }
}
