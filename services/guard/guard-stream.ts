import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import {
  type NewProtectionEvent,
  type ProtectionEvent,
  recordAfter,
} from '../../state-machines/protection/protection-events';
import type { ProtectionLog } from '../event-log/protection-log';

/** Somebody else changed the service or wrote its next event: it has to be surveyed again. */
export class SomebodyElseWroteError extends Error {
  override readonly name = 'SomebodyElseWroteError';
  constructor(service: ServiceArn) {
    super(`somebody else changes ${service} at the same time`);
  }
}

/** The end of the guard's part of a service's stream. */
export class GuardStream {
  readonly #log: ProtectionLog;
  readonly #now: () => Instant;
  readonly #service: ServiceArn;
  #last: ProtectionEvent | null;

  constructor(
    { log, now }: { readonly log: ProtectionLog; readonly now: () => Instant },
    { service, last }: { readonly service: ServiceArn; readonly last: ProtectionEvent | null },
  ) {
    this.#log = log;
    this.#now = now;
    this.#service = service;
    this.#last = last;
  }

  /** The last event; null before the first. */
  get last(): ProtectionEvent | null {
    return this.#last;
  }

  /** Throws SomebodyElseWroteError when somebody else has written the next event. */
  async append(added: NewProtectionEvent): Promise<void> {
    const occurredAt = this.#now();
    const event = {
      ...added,
      service: this.#service,
      sequence: (this.#last?.sequence ?? 0) + 1,
      occurredAt,
      standing: recordAfter(this.#last, added),
    } as ProtectionEvent;
    const written = await this.#log.append({ event, recordedAt: occurredAt });
    if (written === 'conflict') throw new SomebodyElseWroteError(this.#service);
    this.#last = event;
  }
}
