import type { RewindEvent } from '../../../state-machines/log/events';
import { positionOf } from '../../../state-machines/log/position';

/** The distinct events of one service. */
export class StreamEvents {
  /**
   * By id, so that most keys are texts that the events hold anyway; by position for an id that came
   * with two different times.
   */
  readonly #byKey = new Map<string, RewindEvent>();

  /**
   * Whether the event is new; one at a position that is taken is not, and what was there first
   * stays.
   */
  add(event: RewindEvent): boolean {
    const known = this.#byKey.get(event.id);
    if (known?.occurredAt === event.occurredAt) return false;
    const key = known === undefined ? event.id : positionOf(event);
    if (known !== undefined && this.#byKey.has(key)) return false;
    this.#byKey.set(key, event);
    return true;
  }

  list(): RewindEvent[] {
    return [...this.#byKey.values()];
  }
}
