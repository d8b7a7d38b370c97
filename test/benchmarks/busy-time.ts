/** For how long anything was under way, however much of it at once. */
export class BusyTime {
  #open = 0;
  #since = 0;
  #milliseconds = 0;

  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#open === 0) this.#since = performance.now();
    this.#open += 1;
    try {
      return await work();
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#milliseconds += performance.now() - this.#since;
    }
  }

  /** Milliseconds since the last call. */
  take(): number {
    const taken = this.#milliseconds;
    this.#milliseconds = 0;
    return taken;
  }
}
