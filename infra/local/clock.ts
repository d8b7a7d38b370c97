import { type Instant, instantFrom, secondsAfter } from '../../state-machines/log/instant';

/** Time for everything that stands in for AWS on one machine. A simulation reads no other clock. */
export interface Clock {
  now(): Instant;
  /**
   * Runs `run` once when the clock reaches `at`, or next if that has passed. Callbacks run in the order of (at, insertion), and
   * `now()` inside one is the instant it was due. The returned function cancels it; cancelling twice, or too late, does nothing.
   */
  schedule(at: Instant, run: () => void): Cancel;
}
export type Cancel = () => void;

/** A clock that moves only when told to: the same schedule and the same steps run the same callbacks in the same order. */
export class SteppedClock implements Clock {
  readonly #agenda = new Agenda();
  #now: Instant;

  constructor(origin: Instant) {
    this.#now = origin;
  }

  now(): Instant {
    return this.#now;
  }

  schedule(at: Instant, run: () => void): Cancel {
    return this.#agenda.add(later(at, this.#now), run);
  }

  /** When the next callback is due; null when nothing is scheduled. */
  nextAt(): Instant | null {
    return this.#agenda.nextAt();
  }

  /** Runs what is due up to and at `until`, what those callbacks schedule included, and leaves the clock there. */
  advanceTo(until: Instant): void {
    for (let due = this.#agenda.takeDue(until); due !== null; due = this.#agenda.takeDue(until)) {
      this.#now = due.at;
      due.run();
    }
    this.#now = later(until, this.#now);
  }

  advanceBy(seconds: number): void {
    this.advanceTo(secondsAfter(this.#now, seconds));
  }
}

export interface AcceleratedClockOptions {
  /** What the clock shows when it is made. */
  readonly origin: Instant;
  /** How many of its seconds pass in one second of the wall. */
  readonly factor: number;
}

/**
 * A clock that runs `factor` times faster than the wall. A simulation too busy to keep up makes it late rather than wrong: it
 * never shows an instant beyond a callback that has not run yet. Its timer keeps no process alive; `stop()` drops what is scheduled.
 */
export class AcceleratedClock implements Clock {
  readonly #agenda = new Agenda();
  readonly #options: AcceleratedClockOptions;
  readonly #startedAt = performance.now();
  #now: Instant;
  #timer: NodeJS.Timeout | null = null;
  #isRunning = false;
  #isStopped = false;

  constructor(options: AcceleratedClockOptions) {
    this.#options = options;
    this.#now = options.origin;
  }

  now(): Instant {
    if (this.#isRunning || this.#isStopped) return this.#now;
    const due = this.#agenda.nextAt();
    const reached = this.#reached();
    this.#now = later(due === null || due > reached ? reached : due, this.#now);
    return this.#now;
  }

  schedule(at: Instant, run: () => void): Cancel {
    if (this.#isStopped) return () => {};
    const cancel = this.#agenda.add(later(at, this.now()), run);
    if (!this.#isRunning) this.#setTimer();
    return cancel;
  }

  /** Ends it: nothing scheduled runs any more and `now()` stands still. */
  stop(): void {
    this.#now = this.now();
    this.#isStopped = true;
    this.#agenda.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #reached(): Instant {
    return instantFrom(this.#options.origin + (performance.now() - this.#startedAt) * this.#options.factor);
  }

  #setTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const due = this.#agenda.nextAt();
    if (due === null || this.#isStopped) return;
    // setTimeout takes a longer delay for 1 ms, so a far instant is reached in several waits.
    const wait = Math.min(Math.max(0, (due - this.#reached()) / this.#options.factor), 2 ** 31 - 1);
    this.#timer = setTimeout(() => this.#runDue(), wait).unref();
  }

  #runDue(): void {
    const until = this.#reached();
    this.#isRunning = true;
    try {
      for (let due = this.#agenda.takeDue(until); due !== null; due = this.#agenda.takeDue(until)) {
        this.#now = later(due.at, this.#now);
        due.run();
      }
    } finally {
      this.#isRunning = false;
      this.#setTimer();
    }
  }
}

interface Entry {
  readonly at: Instant;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** What is scheduled, as a binary heap by (at, insertion): a simulation keeps tens of thousands of entries. */
class Agenda {
  #heap: Entry[] = [];
  #inserted = 0;

  add(at: Instant, run: () => void): Cancel {
    const entry: Entry = { at, order: this.#inserted++, run, isCancelled: false };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return () => {
      entry.isCancelled = true;
    };
  }

  nextAt(): Instant | null {
    while (this.#heap[0]?.isCancelled) this.#removeFirst();
    return this.#heap[0]?.at ?? null;
  }

  /** Removes and returns the first entry that is due at `until`; null when there is none. */
  takeDue(until: Instant): Entry | null {
    const at = this.nextAt();
    return at === null || at > until ? null : this.#removeFirst();
  }

  clear(): void {
    this.#heap = [];
  }

  #removeFirst(): Entry | null {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return null;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.#heap.length && this.#isBefore(child, first)) first = child;
      }
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [one, other] = [this.#heap[left], this.#heap[right]];
    if (one === undefined || other === undefined) return false;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swap(left: number, right: number): void {
    const [one, other] = [this.#heap[left], this.#heap[right]];
    if (one === undefined || other === undefined) return;
    this.#heap[left] = other;
    this.#heap[right] = one;
  }
}

function later(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}
