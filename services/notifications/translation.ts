import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { AlarmChange, AlarmChanged, ObservedEvent } from '../../state-machines/log/observed-events';
import type { Envelope } from './envelope';
import { seenAt } from './occurred-at';
import { InvalidNotificationError } from './parse-part';

/** What a notification says, in the words of the log. */
export type Translation =
  | { readonly kind: 'event'; readonly event: ObservedEvent }
  | { readonly kind: 'alarm'; readonly alarm: AlarmChange }
  | IgnoredNotification
  | Invalid;

/**
 * A notification that is not about a service's rollout. `occurredAt` is null when no time in it can
 * be read.
 */
export interface IgnoredNotification {
  readonly kind: 'ignored';
  readonly because: string;
  readonly occurredAt: Instant | null;
  /** What it says of a service all the same; absent when it says nothing. */
  readonly sign?: ServiceSign;
}

/** ECS calls the service steady, or task sets of it show another controller than ECS's own. */
export interface ServiceSign {
  readonly service: ServiceArn;
  readonly shows: 'steadyState' | 'taskSets';
}

/** A notification that Rewind cannot understand: `because` is a sentence that names the field. */
interface Invalid {
  readonly kind: 'invalid';
  readonly because: string;
}

/** The event that an alarm's change is in the stream of one service that watches it. Pure. */
export function alarmChangedFor(alarm: AlarmChange, service: ServiceArn): AlarmChanged {
  return { ...alarm, service };
}

/** The translation of a well-formed notification that does not concern Rewind. */
export function ignored(envelope: Envelope, because: string): IgnoredNotification {
  const { updatedAt, createdAt } = envelope.detail;
  const finest = [updatedAt, createdAt].find((time) => typeof time === 'string');
  return { kind: 'ignored', because, occurredAt: seenAt(envelope, finest) };
}

/** An ignored notification that says something of a service, if it names one that can be read. */
export function ignoredSign(
  notification: IgnoredNotification,
  shows: ServiceSign['shows'],
  serviceOf: () => ServiceArn,
): IgnoredNotification {
  try {
    return { ...notification, sign: { service: serviceOf(), shows } };
  } catch (error) {
    if (!(error instanceof InvalidNotificationError)) throw error;
    return notification;
  }
}
