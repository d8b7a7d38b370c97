import { isDecided, type RewindEvent } from '../log/events';
import { eventFingerprintOf, sumOf } from '../log/fingerprint';
import { invariant } from '../log/foundation/invariant';
import type { ServiceArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { comparePositions, type Position, positionOf } from '../log/position';

/** An event, and when it was learnt. */
export interface LoggedEvent<Event extends RewindEvent = RewindEvent> {
  readonly event: Event;
  readonly recordedAt: Instant;
}

/**
 * What somebody knew of a stream: the first so many events that were learnt, and these of the ones
 * that followed.
 */
export interface Known {
  readonly first: number;
  readonly others: ReadonlySet<RewindEvent>;
}

export const nothingKnown: Known = { first: 0, others: new Set() };

/**
 * A stream in the order in which it was learnt (of one instant: in the order of the log), prepared
 * so that neither what was known at some time nor what changed between two such times costs a look
 * at all of it.
 */
export class RecordedStream<Recorded extends LoggedEvent = LoggedEvent> {
  readonly service: ServiceArn;
  readonly events: readonly Recorded[];
  /** Of its decisions. */
  readonly digests: ReadonlySet<string>;
  readonly #places = new Map<RewindEvent, { readonly index: number; readonly position: Position }>();
  /** In the order of the log. */
  readonly #ordered: readonly RewindEvent[];
  /**
   * Of the first so many that were learnt: the sum of their fingerprints, and the last position.
   */
  readonly #fingerprints: number[] = [0];
  readonly #lasts: (Position | null)[] = [null];

  /** The stream has one event at least. */
  constructor(stream: readonly Recorded[]) {
    const positions = new Map(stream.map((one) => [one, positionOf(one.event)] as const));
    const place = (one: Recorded) => positions.get(one) ?? positionOf(one.event);
    this.events = [...stream].sort(
      (a, b) => a.recordedAt - b.recordedAt || comparePositions(place(a), place(b)),
    );
    const [one] = this.events;
    invariant(one !== undefined, 'a stream has an event');
    this.service = one.event.service;
    this.digests = new Set(this.events.flatMap(({ event }) => digestsOf(event)));
    for (const [index, { event }] of this.events.entries()) this.#add(event, index);
    this.#ordered = [...this.#places.keys()].sort((a, b) =>
      comparePositions(this.#placeOf(a).position, this.#placeOf(b).position),
    );
  }

  indexOf(event: RewindEvent): number {
    return this.#placeOf(event).index;
  }

  fingerprintOfFirst(count: number): number {
    return this.#fingerprints[count] ?? 0;
  }

  /** The first position at which two states of knowledge differ; null when they do not. */
  firstChange(before: Known, after: Known): Position | null {
    const [from, to] = [before.first, after.first].sort((a, b) => a - b);
    const candidates = [
      ...this.events.slice(from, to).map(({ event }) => event),
      ...before.others,
      ...after.others,
    ];
    const changed = candidates
      .filter((event) => this.#isAmong(before, event) !== this.#isAmong(after, event))
      .map((event) => this.#placeOf(event).position);
    return changed.length === 0 ? null : changed.reduce((a, b) => (a < b ? a : b));
  }

  /** What was known behind a position (null: all of it), in the order of the log. */
  knownBehind(known: Known, position: Position | null): RewindEvent[] {
    const others = [...known.others].map((event) => this.#placeOf(event).position);
    const last = others.reduce<Position | null>(
      (a, b) => (a === null || b > a ? b : a),
      this.#lasts[known.first] ?? null,
    );
    if (last === null) return [];
    const behind = this.#ordered.slice(this.#countUpTo(position), this.#countUpTo(last));
    return behind.filter((event) => this.#isAmong(known, event));
  }

  #add(event: RewindEvent, index: number): void {
    const position = positionOf(event);
    const last = this.#lasts[index] ?? null;
    this.#places.set(event, { index, position });
    this.#fingerprints.push(sumOf(this.#fingerprints[index] ?? 0, eventFingerprintOf(event)));
    this.#lasts.push(last === null || position > last ? position : last);
  }

  #placeOf(event: RewindEvent) {
    const place = this.#places.get(event);
    invariant(place !== undefined, 'only events of the stream are asked for');
    return place;
  }

  #isAmong({ first, others }: Known, event: RewindEvent): boolean {
    return this.#placeOf(event).index < first || others.has(event);
  }

  /** How many events stand at or before the position, by halving. */
  #countUpTo(position: Position | null): number {
    if (position === null) return 0;
    let [low, high] = [0, this.#ordered.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = this.#ordered[middle];
      if (event !== undefined && this.#placeOf(event).position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function digestsOf(event: RewindEvent): readonly string[] {
  return isDecided(event) && event.digest !== undefined ? [event.digest] : [];
}
