import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import { askAws } from '../../terminal/aws-options';
import type { DashboardSource } from '../data/dashboard-source';
import { KnownStream } from '../data/known-stream';

/** So many streams are kept, notifications and all. */
const streamsKept = 4;

/** The streams of services that somebody looks at; those that nobody has asked for longest go. */
export class OpenStreams {
  readonly #source: DashboardSource;
  readonly #streams = new Map<ServiceArn, Promise<KnownStream>>();

  constructor(source: DashboardSource) {
    this.#source = source;
  }

  /** The stream as it is known here; read where it is not. Throws CommandError. */
  async of(service: ServiceArn): Promise<KnownStream> {
    const { name, events } = this.#source;
    const known =
      this.#streams.get(service) ?? askAws(`the table ${name.name}`, () => KnownStream.read(events, service));
    this.#streams.delete(service);
    this.#streams.set(service, known);
    for (const oldest of [...this.#streams.keys()].slice(0, -streamsKept)) this.#streams.delete(oldest);
    try {
      return await known;
    } catch (error) {
      this.#streams.delete(service);
      throw error;
    }
  }

  /** The same, with what was learnt since it was read. Throws CommandError. */
  async refreshed(service: ServiceArn, since: Instant): Promise<KnownStream> {
    const isKnown = this.#streams.has(service);
    const stream = await this.of(service);
    if (isKnown) await askAws(`the table ${this.#source.name.name}`, () => stream.refresh(since));
    return stream;
  }
}
