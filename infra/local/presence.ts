/**
 * Whether Rewind runs. While it is away none of its functions begins, and what would have woken
 * them waits, as it does in queues and streams of AWS.
 */
export class Presence {
  #isAway = false;
  #waiting: (() => void)[] = [];

  get isAway(): boolean {
    return this.#isAway;
  }

  leave(): void {
    this.#isAway = true;
  }

  comeBack(): void {
    this.#isAway = false;
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  /** Resolves as soon as Rewind is not away. */
  async untilHere(): Promise<void> {
    if (this.#isAway) await new Promise<void>((goOn) => this.#waiting.push(goOn));
  }
}
