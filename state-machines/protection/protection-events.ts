import type { ServiceArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { DeploymentConfiguration } from './configuration';
import { changesBetween } from './effective-configuration';

/**
 * What the guard saw of a service's protection, and what it did. These events stand in the
 * service's stream, apart from those of its rollouts. They are numbered, so that two guards cannot
 * both write the next one.
 */
export type ProtectionEvent =
  | ProtectionObserved
  | ProtectionDrifted
  | ProtectionRequested
  | ProtectionApplied
  | ProtectionRejected
  | ProtectionRestored;

interface ProtectionFact<Type extends string> {
  readonly type: Type;
  readonly service: ServiceArn;
  /** Counts from 1 within the service. */
  readonly sequence: number;
  readonly occurredAt: Instant;
  /** What the guard knows after this event, so that only the last event has to be read. */
  readonly standing: GuardRecord;
}

/** What the guard remembers of a service. */
interface GuardRecord {
  /** What the service had before the guard first wrote, or first wrote after an undo; else null. */
  readonly original: DeploymentConfiguration | null;
  /** The configuration that was seen or written last. */
  readonly known: DeploymentConfiguration;
  /** The alarms that the guard made for the service. */
  readonly alarms: readonly string[];
  /** The fields that somebody changed, and that are still not as declared. */
  readonly drifted: readonly string[];
  /**
   * A person undid the guard's changes: it leaves the service alone until somebody applies again.
   */
  readonly isReleased: boolean;
}

/** The guard saw the service for the first time, or somebody changed what is not declared. */
interface ProtectionObserved extends ProtectionFact<'ProtectionObserved'> {
  readonly configuration: DeploymentConfiguration;
  /** The fields that had drifted before, and are still not as declared. */
  readonly drifted: readonly string[];
}
/** Somebody changed fields that were as declared. */
export interface ProtectionDrifted extends ProtectionFact<'ProtectionDrifted'> {
  readonly fields: readonly string[];
  readonly expected: DeploymentConfiguration;
  readonly observed: DeploymentConfiguration;
  /** The caller's ARN and the instant of the call, from CloudTrail; null where no call is known. */
  readonly changedBy: string | null;
  readonly changedAt: Instant | null;
  readonly drift: 'mend' | 'tell';
}
/** The intent to change the service. It is recorded first, so that `before` is never lost. */
interface ProtectionRequested extends ProtectionFact<'ProtectionRequested'> {
  readonly by: ProtectionActor;
  readonly before: DeploymentConfiguration;
  readonly after: DeploymentConfiguration;
  /** The alarms to make or change first: they exist even where ECS refuses the rest. */
  readonly alarms: readonly string[];
}
/** ECS accepted the change. */
interface ProtectionApplied extends ProtectionFact<'ProtectionApplied'> {
  readonly by: ProtectionActor;
  readonly before: DeploymentConfiguration;
  readonly after: DeploymentConfiguration;
  readonly requestId: string | null;
  /** The alarms that the guard maintains for the service from now on. */
  readonly alarms: readonly string[];
}
/** ECS or CloudWatch refused for good: nothing has changed in ECS. */
export interface ProtectionRejected extends ProtectionFact<'ProtectionRejected'> {
  readonly by: ProtectionActor;
  readonly after: DeploymentConfiguration;
  readonly reason: string;
  readonly message: string;
}
/** A person undid it: the service has what it had before the guard first wrote. */
interface ProtectionRestored extends ProtectionFact<'ProtectionRestored'> {
  readonly before: DeploymentConfiguration;
  readonly after: DeploymentConfiguration;
  readonly requestId: string | null;
  /** The guard's own alarms, which were removed. */
  readonly alarms: readonly string[];
}

/** Who changes a service: the guard by itself, or a person at the command line. */
export type ProtectionActor = 'guard' | 'operator';

/** An event before it has its place in the stream, and what follows from that place. */
export type NewProtectionEvent<Event extends ProtectionEvent = ProtectionEvent> =
  Event extends ProtectionEvent ? Omit<Event, 'service' | 'sequence' | 'occurredAt' | 'standing'> : never;

/** What the guard knows after a new event; `last` is null before the first event. Pure. */
export function recordAfter(last: ProtectionEvent | null, event: NewProtectionEvent): GuardRecord {
  const before = last?.standing ?? nothingKnown;
  switch (event.type) {
    case 'ProtectionObserved':
      return { ...before, known: event.configuration, drifted: event.drifted };
    case 'ProtectionDrifted':
      return { ...before, known: event.observed, drifted: driftedAfter(before, event) };
    case 'ProtectionRequested': {
      const alarms = [...new Set([...before.alarms, ...event.alarms])];
      const original = before.original ?? event.before;
      return { ...before, known: event.before, original, alarms };
    }
    case 'ProtectionApplied': {
      const { after: known, alarms } = event;
      return { ...before, known, alarms, drifted: [], isReleased: false };
    }
    case 'ProtectionRejected':
      return { ...before, original: originalAfterRejection(before) };
    case 'ProtectionRestored':
      return { original: null, known: event.after, alarms: [], drifted: [], isReleased: true };
    default:
      return event satisfies never;
  }
}

/**
 * Where the service still has its original, the guard has written nothing yet. The next attempt
 * takes a new original, which an undo then gives back.
 */
function originalAfterRejection({ original, known }: GuardRecord): DeploymentConfiguration | null {
  const isThere = original !== null && changesBetween(original, known).length === 0;
  return isThere ? null : original;
}

/** A field that had drifted before stays drifted until it is as declared. */
function driftedAfter(
  { drifted }: GuardRecord,
  { fields, observed, expected }: NewProtectionEvent<ProtectionDrifted>,
): readonly string[] {
  const wrong = new Set(changesBetween(observed, expected).map(({ field }) => field));
  return [...new Set([...drifted.filter((field) => wrong.has(field)), ...fields])];
}

const nothingKnown: GuardRecord = { original: null, known: {}, alarms: [], drifted: [], isReleased: false };
