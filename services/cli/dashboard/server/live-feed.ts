import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import { instantFrom } from '../../../../state-machines/log/instant';
import type { WaitingClock } from '../../../runtime/clock';
import { CommandError } from '../../terminal/exit-code';
import type { OverviewChange, ServiceEntry } from '../data/dashboard-data';
import type { DashboardSource } from '../data/dashboard-source';
import { readServiceEntry } from '../data/service-entries';
import type { OpenStreams } from './open-streams';

/** What whoever looks is told. */
export type FeedMessage =
  | { readonly kind: 'look'; readonly data: OverviewChange }
  /** Something new is known of the service that is open. */
  | { readonly kind: 'service'; readonly data: { readonly service: ServiceArn; readonly changes: number } }
  /** AWS does not answer: what is shown is what was known before. */
  | { readonly kind: 'trouble'; readonly data: { readonly sentence: string } };

/** A tab that looks. */
interface FeedListener {
  /** The service that is open there; null for the list. */
  readonly service: ServiceArn | null;
  hear(message: FeedMessage): void;
}

interface FeedParts {
  readonly source: DashboardSource;
  readonly streams: OpenStreams;
  readonly clock: WaitingClock;
  /** From the end of one look to the beginning of the next. */
  readonly pollMilliseconds: number;
}

/** So many services are asked for at once. */
const asksAtOnce = 16;

/**
 * Looks for all tabs together.
 *
 * L1. Nothing is read while no tab looks.
 * L2. While one looks, the services with a rollout under way are read at every poll, and so is the
 * stream of each service that is open; quiet ones are read once, and when they come alive.
 * L3. Every look is told to every tab, with what it has changed.
 */
export class LiveFeed {
  readonly #parts: FeedParts;
  readonly #entries = new Map<ServiceArn, ServiceEntry>();
  readonly #listeners = new Set<FeedListener>();
  readonly #unread = new Set<ServiceArn>();
  readonly #told = new Map<ServiceArn, number>();
  #wasLive: readonly ServiceArn[] = [];
  #isListed = false;
  #isLooking = false;
  /** Ends the wait for the next look. */
  #wake: () => void = () => {};

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  get entries(): readonly ServiceEntry[] {
    return [...this.#entries.values()];
  }

  get unread(): number {
    return this.#unread.size;
  }

  entryOf(service: ServiceArn): ServiceEntry | null {
    return this.#entries.get(service) ?? null;
  }

  /** Looks from now on for this tab, too; what is returned ends that. */
  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    if (listener.service !== null) this.#told.delete(listener.service);
    if (!this.#isLooking) void this.#lookOn();
    this.#wake();
    return () => this.#listeners.delete(listener);
  }

  async #lookOn(): Promise<void> {
    this.#isLooking = true;
    const { clock, pollMilliseconds } = this.#parts;
    while (this.#listeners.size > 0) {
      try {
        await this.#look();
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        this.#tell({ kind: 'trouble', data: { sentence: error.message } });
      }
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([clock.wait(pollMilliseconds), woken]);
    }
    this.#isLooking = false;
  }

  async #look(): Promise<void> {
    const live = await this.#parts.source.liveServices();
    const open = [...this.#listeners].flatMap(({ service }) => service ?? []);
    const asked = new Set([...live, ...this.#wasLive, ...open]);
    this.#wasLive = live;
    this.#tellLook(await this.#read([...asked]));
    for (const service of new Set(open)) await this.#lookAtStream(service);
    await this.#readQuietOnes();
  }

  async #lookAtStream(service: ServiceArn): Promise<void> {
    const { streams, source } = this.#parts;
    const since = instantFrom(this.#entries.get(service)?.rollout?.startedAt ?? source.now());
    const { changes } = await streams.refreshed(service, since);
    if (this.#told.get(service) === changes) return;
    this.#told.set(service, changes);
    this.#tell({ kind: 'service', data: { service, changes } }, service);
  }

  /** As many as take no longer than a poll: the live ones come first. */
  async #readQuietOnes(): Promise<void> {
    const { source, clock, pollMilliseconds } = this.#parts;
    if (!this.#isListed) {
      const all = await source.services();
      for (const service of all) if (!this.#entries.has(service)) this.#unread.add(service);
      this.#isListed = true;
    }
    const endsAt = clock.now() + pollMilliseconds;
    while (this.#unread.size > 0 && this.#listeners.size > 0 && clock.now() < endsAt) {
      this.#tellLook(await this.#read([...this.#unread].slice(0, asksAtOnce * 8)));
    }
  }

  /** Reads services, and answers with those that have changed. */
  async #read(services: readonly ServiceArn[]): Promise<ServiceEntry[]> {
    const changed: ServiceEntry[] = [];
    for (let start = 0; start < services.length; start += asksAtOnce) {
      const some = services.slice(start, start + asksAtOnce);
      const entries = await Promise.all(some.map((service) => readServiceEntry(this.#parts.source, service)));
      for (const entry of entries) {
        this.#unread.delete(entry.service);
        if (JSON.stringify(this.#entries.get(entry.service)) !== JSON.stringify(entry)) changed.push(entry);
        this.#entries.set(entry.service, entry);
      }
    }
    return changed;
  }

  #tellLook(changed: readonly ServiceEntry[]): void {
    const now = this.#parts.source.now();
    this.#tell({ kind: 'look', data: { now, changed, unread: this.#unread.size } });
  }

  #tell(message: FeedMessage, service?: ServiceArn): void {
    for (const listener of this.#listeners) {
      if (service === undefined || listener.service === service) listener.hear(message);
    }
  }
}
