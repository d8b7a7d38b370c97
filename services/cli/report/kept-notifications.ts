import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EventId, Instant } from '../../../state-machines/identifiers';
import { type Position, positionOf } from '../../../state-machines/position';

interface Placed {
  readonly id: EventId;
  readonly occurredAt: Instant;
}

/**
 * The JSON values behind the events of a history, by position: kept packed while the history is read, since a page shows each one
 * and a long history has several hundred megabytes of them.
 */
export class KeptNotifications {
  private readonly packed = new Map<Position, Buffer>();

  keep(event: Placed, value: unknown): void {
    this.packed.set(positionOf(event), deflateRawSync(JSON.stringify(value), { level: 1 }));
  }

  /** The value as JSON; `null` for an event that nothing was kept for, such as a deadline that passed. */
  jsonOf(event: Placed): string {
    const packed = this.packed.get(positionOf(event));
    return packed === undefined ? 'null' : inflateRawSync(packed).toString();
  }
}
