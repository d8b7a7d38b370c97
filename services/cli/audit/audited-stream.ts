import type { LoggedEvent } from '../../../state-machines/audit/recorded-stream';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { positionOf } from '../../../state-machines/log/position';
import { isAsWritten } from '../../event-log/digest';
import type { RecordedEvent } from '../../event-log/event-log';

/** An event as an audit looks at it. */
export interface AuditedEvent extends LoggedEvent {
  /** How it was learnt: from a notification, from ECS's own answer, or by deciding it. */
  readonly isNotified: boolean;
  /** False for a decision that says something else than when its digest was made. */
  readonly isAsWritten: boolean;
}

/** All that the log holds of a service. */
export interface AuditedStream {
  readonly service: ServiceArn;
  readonly events: readonly AuditedEvent[];
  /** Positions of items that cannot be read any more. */
  readonly unreadable: readonly string[];
}

/** Gathers streams event by event, without their notifications. */
export class AuditedStreams {
  readonly #streams = new Map<ServiceArn, { events: Map<string, AuditedEvent>; unreadable: string[] }>();

  /** One that stands at a position already is the same event again. */
  add(recorded: RecordedEvent): void {
    const { event, recordedAt, notification } = recorded;
    const { events } = this.#streamOf(event.service);
    const position = positionOf(event);
    if (events.has(position)) return;
    events.set(position, {
      event,
      recordedAt,
      isNotified: notification !== null,
      isAsWritten: isAsWritten(recorded),
    });
  }

  addUnreadable({ service, position }: { readonly service: ServiceArn; readonly position: string }): void {
    this.#streamOf(service).unreadable.push(position);
  }

  services(): ServiceArn[] {
    return [...this.#streams.keys()];
  }

  /** Every stream gathered so far, by service; what was handed out is forgotten. */
  *drain(): Generator<AuditedStream> {
    for (const [service, { events, unreadable }] of this.#streams) {
      this.#streams.delete(service);
      yield { service, events: [...events.values()], unreadable };
    }
  }

  /**
   * The same, without the stream that is still being gathered: a table gives one after the other.
   */
  *drainAllBut(current: ServiceArn | undefined): Generator<AuditedStream> {
    const last = current === undefined ? undefined : this.#streams.get(current);
    if (current !== undefined) this.#streams.delete(current);
    yield* this.drain();
    if (current !== undefined && last !== undefined) this.#streams.set(current, last);
  }

  #streamOf(service: ServiceArn) {
    const known = this.#streams.get(service);
    const stream = known ?? { events: new Map<string, AuditedEvent>(), unreadable: [] };
    if (known === undefined) this.#streams.set(service, stream);
    return stream;
  }
}
