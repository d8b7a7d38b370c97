import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EventId } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { type Position, positionOf } from '../../../state-machines/log/position';

interface EventName {
  readonly id: EventId;
  readonly occurredAt: Instant;
  /** Whose event it is; alarms have no service of their own. */
  readonly service?: string;
}

/**
 * So much text is packed at a time: notifications are much alike, and packing each by itself costs
 * ten times the time.
 */
const charactersPerPack = 64 * 1024;
const unpackedPacks = 128;

/**
 * The JSON values behind the events of a history, by position: kept packed while the history is
 * read, since a page shows each one and a long history has several hundred megabytes of them. Those
 * of one service lie together, as they are asked for.
 */
export class KeptNotifications {
  readonly #places = new Map<Position, { readonly pack: Pack; readonly index: number }>();
  readonly #open = new Map<string, Pack>();
  readonly #unpacked: Pack[] = [];

  keep(event: EventName, value: unknown): void {
    const service = event.service ?? '';
    const pack = this.#open.get(service) ?? new Pack();
    this.#open.set(service, pack);
    this.#places.set(positionOf(event), { pack, index: pack.add(JSON.stringify(value)) });
    if (!pack.isFull()) return;
    pack.close();
    this.#open.delete(service);
  }

  /**
   * The value as JSON; `null` for an event that nothing was kept for, such as a deadline that
   * passed.
   */
  jsonOf(event: EventName): string {
    const place = this.#places.get(positionOf(event));
    if (place === undefined) return 'null';
    if (place.pack.unpack()) this.#unpacked.push(place.pack);
    if (this.#unpacked.length > unpackedPacks) this.#unpacked.shift()?.close();
    return place.pack.text(place.index);
  }
}

/** Some texts, packed once there are enough of them. */
class Pack {
  #texts: string[] = [];
  #packed: Buffer | null = null;
  #characters = 0;

  add(text: string): number {
    this.#characters += text.length;
    return this.#texts.push(text) - 1;
  }

  isFull(): boolean {
    return this.#characters >= charactersPerPack;
  }

  close(): void {
    // JSON.stringify writes no line break.
    this.#packed ??= deflateRawSync(this.#texts.join('\n'), { level: 1 });
    this.#texts = [];
  }

  /** Whether that took any work. */
  unpack(): boolean {
    if (this.#packed === null || this.#texts.length > 0) return false;
    this.#texts = inflateRawSync(this.#packed).toString().split('\n');
    return true;
  }

  text(index: number): string {
    return this.#texts[index] ?? 'null';
  }
}
