import { type DecidedEvent, decidedTypes } from './decided-events';
import type { ObservedEvent } from './observed-events';

/** The vocabulary of the log: what AWS reported, and what Rewind made of it. */
export type RewindEvent = ObservedEvent | DecidedEvent;

/** Whether Rewind wrote the event itself. */
export function isDecided(event: RewindEvent): event is DecidedEvent {
  return Object.hasOwn(decidedTypes, event.type);
}
