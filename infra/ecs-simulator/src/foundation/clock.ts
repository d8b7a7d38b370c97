import TinyQueue from 'tinyqueue';

/** Milliseconds since 1970-01-01T00:00:00Z, whole ones. */
export type ClockTime = number & { readonly brand: 'Instant' };

/** Takes milliseconds since the epoch as a time. Throws RangeError when they are none. */
export function clockTime(milliseconds: number): ClockTime {
  if (Number.isFinite(milliseconds)) return Math.trunc(milliseconds) as ClockTime;
  throw new RangeError(`${milliseconds} is not a time`);
}

/** The time so many seconds later. */
export function laterBy(time: ClockTime, seconds: number): ClockTime {
  return (time + Math.round(seconds * 1000)) as ClockTime;
}

/** ISO 8601 with milliseconds, in UTC. */
export function isoTime(time: ClockTime): string {
  return new Date(time).toISOString();
}

/** Time for everything that stands in for AWS on one machine. A simulation reads no other clock. */
export interface SimulationClock {
  now(): ClockTime;
  /**
   * Runs `run` once when the clock reaches `at`, or next if that has passed. Callbacks run in the
   * order of (at, insertion), and `now()` inside one is the instant it was due. The returned
   * function cancels it; cancelling twice, or too late, does nothing.
   */
  schedule(at: ClockTime, run: () => void): Cancel;
}
export type Cancel = () => void;

/**
 * A clock that moves only when told to: the same schedule and the same steps run the same callbacks
 * in the same order.
 */
export class SteppedClock implements SimulationClock {
  readonly #agenda = new Agenda();
  #now: ClockTime;

  constructor(origin: ClockTime) {
    this.#now = origin;
  }

  now(): ClockTime {
    return this.#now;
  }

  schedule(at: ClockTime, run: () => void): Cancel {
    return this.#agenda.add(later(at, this.#now), run);
  }

  /** When the next callback is due; null when nothing is scheduled. */
  nextAt(): ClockTime | null {
    return this.#agenda.nextAt();
  }

  /**
   * Runs what is due up to and at `until`, what those callbacks schedule included, and leaves the
   * clock there.
   */
  advanceTo(until: ClockTime): void {
    for (let due = this.#agenda.takeDue(until); due !== null; due = this.#agenda.takeDue(until)) {
      this.#now = due.at;
      due.run();
    }
    this.#now = later(until, this.#now);
  }

  advanceBy(seconds: number): void {
    this.advanceTo(laterBy(this.#now, seconds));
  }
}

export interface AcceleratedClockOptions {
  /** What the clock shows when it is made. */
  readonly origin: ClockTime;
  /** How many of its seconds pass in one second of the wall. */
  readonly factor: number;
}

/**
 * A clock that runs `factor` times faster than the wall. A simulation too busy to keep up makes it
 * late rather than wrong: it never shows an instant beyond a callback that has not run yet. Its
 * timer keeps no process alive; `stop()` drops what is scheduled.
 */
export class AcceleratedClock implements SimulationClock {
  readonly #agenda = new Agenda();
  readonly #options: AcceleratedClockOptions;
  readonly #startedAt = performance.now();
  #now: ClockTime;
  #timer: NodeJS.Timeout | null = null;
  #isRunning = false;
  #isStopped = false;

  constructor(options: AcceleratedClockOptions) {
    this.#options = options;
    this.#now = options.origin;
  }

  now(): ClockTime {
    if (this.#isRunning || this.#isStopped) return this.#now;
    const due = this.#agenda.nextAt();
    const reached = this.#reached();
    this.#now = later(due === null || due > reached ? reached : due, this.#now);
    return this.#now;
  }

  schedule(at: ClockTime, run: () => void): Cancel {
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

  #reached(): ClockTime {
    return clockTime(this.#options.origin + (performance.now() - this.#startedAt) * this.#options.factor);
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

/** A callback that is due. */
interface Appointment {
  readonly at: ClockTime;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/**
 * What is scheduled, by (at, insertion). What is cancelled stays in the queue until its time comes.
 */
class Agenda {
  #queue = emptyQueue();
  #inserted = 0;

  add(at: ClockTime, run: () => void): Cancel {
    const appointment: Appointment = { at, order: this.#inserted++, run, isCancelled: false };
    this.#queue.push(appointment);
    return () => {
      appointment.isCancelled = true;
    };
  }

  nextAt(): ClockTime | null {
    while (this.#queue.peek()?.isCancelled) this.#queue.pop();
    return this.#queue.peek()?.at ?? null;
  }

  /** Removes and returns the first appointment that is due at `until`; null when there is none. */
  takeDue(until: ClockTime): Appointment | null {
    const at = this.nextAt();
    return at === null || at > until ? null : (this.#queue.pop() ?? null);
  }

  clear(): void {
    this.#queue = emptyQueue();
  }
}

/**
 * The order of insertion decides between appointments of one time, so that every run is the same.
 */
function emptyQueue(): TinyQueue<Appointment> {
  return new TinyQueue<Appointment>([], (one, other) => one.at - other.at || one.order - other.order);
}

function later(one: ClockTime, other: ClockTime): ClockTime {
  return one > other ? one : other;
}
