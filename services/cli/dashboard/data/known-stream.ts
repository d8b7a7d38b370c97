import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../../../state-machines/log/instant';
import { type Position, positionFrom, positionOf } from '../../../../state-machines/log/position';
import type { EventLog, HistoryLog, RecordedEvent } from '../../../event-log/event-log';
import { snapshotContent } from '../../../event-log/snapshot';

/** A stream is read from so many rollouts ago on: older ones are not what a dashboard is for. */
const rolloutsBack = 20;
/** What is told of a rollout may have taken place so long before its start. */
const secondsBefore = 3600;

/**
 * A service's stream as it is read by somebody who stays: what is new is read behind what is known,
 * and what came late is missed by its count, since it stands before that.
 */
export class KnownStream {
  readonly service: ServiceArn;
  readonly #log: EventLog & HistoryLog;
  readonly #events = new Map<Position, RecordedEvent>();
  #last: Position | null = null;
  /** So many events the fold has seen that are not held here: older ones, and expired ones. */
  #unheld = 0;
  #changes = 0;

  private constructor(log: EventLog & HistoryLog, service: ServiceArn) {
    this.#log = log;
    this.service = service;
  }

  static async read(log: EventLog & HistoryLog, service: ServiceArn): Promise<KnownStream> {
    const stream = new KnownStream(log, service);
    const records = await log.rollouts(service, rolloutsBack);
    const oldest = records.length < rolloutsBack ? undefined : records.at(-1);
    const from = oldest === undefined ? null : positionFrom(secondsAfter(oldest.startedAt, -secondsBefore));
    await stream.#readBehind(from);
    stream.#unheld = (await stream.#countUnheld()) ?? 0;
    return stream;
  }

  /** Grows whenever something was read that was not known before. */
  get changes(): number {
    return this.#changes;
  }

  get events(): readonly RecordedEvent[] {
    return [...this.#events.values()];
  }

  recordedAt(event: RecordedEvent['event']): Instant | null {
    return this.#events.get(positionOf(event))?.recordedAt ?? null;
  }

  /** The notification behind an event as it arrived; null where Rewind decided it. */
  notificationOf(event: RecordedEvent['event']): string | null {
    return this.#events.get(positionOf(event))?.notification ?? null;
  }

  /**
   * Reads what is new; `since` is where a rollout began that somebody looks at. Where the fold has
   * seen more than is known here, a fact came late, and all since then is read again.
   */
  async refresh(since: Instant): Promise<void> {
    await this.#readBehind(this.#last);
    const unheld = await this.#countUnheld();
    if (unheld === null || unheld === this.#unheld) return;
    await this.#readBehind(positionFrom(secondsAfter(since, -secondsBefore)));
    this.#unheld = (await this.#countUnheld()) ?? this.#unheld;
  }

  async #readBehind(position: Position | null): Promise<void> {
    for await (const recorded of this.#log.read(this.service, position)) {
      const at = positionOf(recorded.event);
      if (this.#events.has(at)) continue;
      this.#events.set(at, recorded);
      if (this.#last === null || at > this.#last) this.#last = at;
      this.#changes += 1;
    }
  }

  /** Null where no fold is kept, or it is further than what was read. */
  async #countUnheld(): Promise<number | null> {
    const { position, state } = snapshotContent(
      await this.#log.readSnapshot(this.service),
      this.service,
    ).fold;
    if (position === null || this.#last === null || position > this.#last) return null;
    let held = 0;
    for (const at of this.#events.keys()) if (at <= position) held += 1;
    return state.eventsSeen - held;
  }
}
