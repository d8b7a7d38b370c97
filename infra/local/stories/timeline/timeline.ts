import type { EventLog, RecordedEvent } from '../../../../services/event-log/event-log';
import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../../../state-machines/log/instant';
import { comparePlaces, type Position, positionOf } from '../../../../state-machines/log/position';
import type { SimulationClock } from '../../../ecs-simulator/src/ecs-simulator';
import type { Moment } from './moment';
import { Narrator } from './narrator';

interface TimelineOptions {
  readonly eventLog: EventLog;
  readonly service: ServiceArn;
  readonly clock: SimulationClock;
  /** What people are told, in its order; it grows. */
  readonly told: readonly { readonly at: Instant; readonly subject: string }[];
  /**
   * How long a moment waits for others that happened before it and are told later, and for more of
   * its kind.
   */
  readonly waitSeconds: number;
  readonly print: (moment: Moment, count: number) => void;
}

/**
 * How far back of now the log is read again: a verdict stands at the start of its rollout, however
 * late it was reached.
 */
const readAgainSeconds = 21_600;

/** Tells what the log tells, while it grows, in the order in which things happened. */
export class Timeline {
  readonly #options: TimelineOptions;
  readonly #narrator = new Narrator();
  readonly #recorded = new Map<Position, RecordedEvent>();
  /** Not told yet, by their instants. */
  #moments: Moment[] = [];
  #readFrom: Position | null = null;
  #heard = 0;

  constructor(options: TimelineOptions) {
    this.#options = options;
  }

  /** What is known of the log, in the order of the fold. */
  get recorded(): readonly RecordedEvent[] {
    return [...this.#recorded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, recorded]) => recorded);
  }

  /** Reads what is new in the log, and prints what nothing earlier can come before any more. */
  async look(): Promise<void> {
    await this.#read();
    const { clock, waitSeconds } = this.#options;
    this.#print(secondsAfter(clock.now(), -waitSeconds));
  }

  /** Reads once more, and prints everything. */
  async finish(): Promise<void> {
    await this.#read();
    this.#print(null);
  }

  async #read(): Promise<void> {
    const { eventLog, service, clock, told } = this.#options;
    const settledBefore = secondsAfter(clock.now(), -readAgainSeconds);
    const read: RecordedEvent[] = [];
    for await (const recorded of eventLog.read(service, this.#readFrom)) read.push(recorded);
    // A conclusion's key sorts before that of its verdict: the story has the order of the fold.
    for (const recorded of read.sort((a, b) => comparePlaces(a.event, b.event))) {
      const position = positionOf(recorded.event);
      if (recorded.event.occurredAt < settledBefore) this.#readFrom = position;
      if (this.#recorded.has(position)) continue;
      this.#recorded.set(position, recorded);
      this.#moments.push(...this.#narrator.tell(recorded.event));
    }
    for (const { at, subject } of told.slice(this.#heard)) {
      this.#moments.push({ at, who: 'people', tone: 'plain', kind: null, tell: () => `read: ${subject}` });
      this.#heard += 1;
    }
    // Sorting is stable: what happened in one instant stays in the order of the log.
    this.#moments.sort((a, b) => a.at - b.at);
  }

  #print(until: Instant | null): void {
    const due = this.#moments.filter(({ at }) => until === null || at <= until);
    const groups = groupsOf(due, this.#options.waitSeconds);
    const last = groups.at(-1);
    const mayGrow = until !== null && last !== undefined && isOpen(last, until, this.#options.waitSeconds);
    const told = mayGrow ? groups.slice(0, -1) : groups;
    for (const [first, ...others] of told) {
      if (first !== undefined) this.#options.print(first, 1 + others.length);
    }
    this.#moments = this.#moments.slice(told.flat().length);
  }
}

/** Moments of one kind that follow each other directly, within so many seconds of the first. */
function groupsOf(moments: readonly Moment[], seconds: number): Moment[][] {
  const groups: Moment[][] = [];
  for (const moment of moments) {
    const group = groups.at(-1);
    const first = group?.[0];
    const isOneMore = first !== undefined && first.kind !== null && first.kind === moment.kind;
    if (group !== undefined && isOneMore && moment.at <= secondsAfter(first.at, seconds)) group.push(moment);
    else groups.push([moment]);
  }
  return groups;
}

function isOpen([first]: readonly Moment[], until: Instant, seconds: number): boolean {
  return first !== undefined && first.kind !== null && secondsAfter(first.at, seconds) > until;
}
