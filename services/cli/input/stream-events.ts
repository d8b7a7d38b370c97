import type { RewindEvent } from '../../../state-machines/log/events';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { positionOf } from '../../../state-machines/log/position';

/** The distinct events of one service. */
export class StreamEvents {
  /**
   * By id, so that most keys are texts that the events hold anyway; by position for an id that came
   * with two different times.
   */
  readonly #byKey = new Map<string, RewindEvent>();
  readonly #service: ServiceArn;

  constructor(service: ServiceArn) {
    this.#service = service;
  }

  /**
   * Whether the event is new; one at a position that is taken is not, and what was there first
   * stays.
   */
  add(event: RewindEvent): boolean {
    const known = this.#byKey.get(event.id);
    if (known?.occurredAt === event.occurredAt) return false;
    const key = known === undefined ? event.id : positionOf(event);
    if (known !== undefined && this.#byKey.has(key)) return false;
    // All events share one text of the ARN: 200,000 copies would take 14 MB of replay's 300.
    this.#byKey.set(key, { ...event, service: this.#service });
    return true;
  }

  list(): RewindEvent[] {
    return [...this.#byKey.values()];
  }
}
