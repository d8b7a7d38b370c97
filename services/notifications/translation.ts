import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { AlarmChanged, ObservedEvent } from '../../state-machines/log/observed-events';

/** What a notification says, in the words of the log. */
export type Translation =
  | { readonly kind: 'event'; readonly event: ObservedEvent }
  | { readonly kind: 'alarm'; readonly alarm: AlarmNotification }
  | Ignored
  | Invalid;

/** A notification that says nothing of a service's rollout. `occurredAt` is null when it tells no time that can be read. */
export interface Ignored {
  readonly kind: 'ignored';
  readonly because: string;
  readonly occurredAt: Instant | null;
}

/** What could not be understood: `because` is a sentence that names the field. Trying again changes nothing. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly because: string;
}

/** An alarm's change of state, before it is known whose rollouts the alarm watches. */
export type AlarmNotification = Omit<AlarmChanged, 'service'>;

/** The event that an alarm's change is in the stream of one service that watches it. Pure. */
export function alarmChangedFor(alarm: AlarmNotification, service: ServiceArn): AlarmChanged {
  return { ...alarm, service };
}
