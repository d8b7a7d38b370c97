import { clockText } from '../../../report/page/elements/time-text';

/** Faster than a wall's by more than this is the local stack's time, which is made to run. */
const unsteady = 0.25;

/**
 * The time in the log, between two looks reckoned on by this machine's own; what counts down with
 * it is written anew every second.
 */
export class LogClock {
  #heard = { at: Date.now(), on: performance.now() };
  #speed = 1;

  now(): number {
    return this.#heard.at + (performance.now() - this.#heard.on) * this.#speed;
  }

  set(at: number): void {
    const on = performance.now();
    const passed = on - this.#heard.on;
    const speed = passed < 500 ? this.#speed : (at - this.#heard.at) / passed;
    this.#speed = Math.abs(speed - 1) < unsteady ? 1 : Math.max(0, speed);
    this.#heard = { at, on };
    this.#count();
  }

  start(): void {
    setInterval(() => this.#count(), 1000);
  }

  #count(): void {
    const now = this.now();
    for (const counted of document.querySelectorAll<HTMLElement>('[data-until]')) {
      const left = Math.max(0, Number(counted.dataset.until) - now);
      const text = clockText(left);
      if (counted.textContent !== text) counted.textContent = text;
    }
    for (const bar of document.querySelectorAll<HTMLProgressElement>('progress[data-from]')) {
      const [from, to] = [Number(bar.dataset.from), Number(bar.dataset.to)];
      bar.value = Math.min(1, Math.max(0, (now - from) / Math.max(1, to - from)));
    }
  }
}
