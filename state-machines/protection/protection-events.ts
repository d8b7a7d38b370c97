import type { ServiceArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { DeploymentConfiguration } from './configuration';
import { changesBetween } from './effective-configuration';

/**
 * What the guard saw of a service's protection, and did about it. These events stand in the
 * service's stream, apart from those of its rollouts: their positions are numbered, so that two
 * guards cannot both write the next one.
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
  /** Where the service stands since: the last event is all that has to be read. */
  readonly standing: Standing;
}

/** What the guard remembers of a service. */
export interface Standing {
  /**
   * What was there before the guard first wrote, or first wrote after an undo; null while it has
   * written nothing.
   */
  readonly original: DeploymentConfiguration | null;
  /** What was seen or written last. */
  readonly known: DeploymentConfiguration;
  /** The alarms that the guard made for it. */
  readonly alarms: readonly string[];
  /** The fields that somebody changed, and that are not what they should be since. */
  readonly drifted: readonly string[];
  /**
   * Somebody undid what the guard did: it leaves the service alone until somebody applies again.
   */
  readonly isReleased: boolean;
}

/**
 * What the service had when it was first looked at, or has since somebody changed it without
 * undoing what is declared.
 */
export interface ProtectionObserved extends ProtectionFact<'ProtectionObserved'> {
  readonly configuration: DeploymentConfiguration;
  /** What had drifted before, and still is not what it should be. */
  readonly drifted: readonly string[];
}
/** Somebody undid what had been as declared. */
export interface ProtectionDrifted extends ProtectionFact<'ProtectionDrifted'> {
  readonly fields: readonly string[];
  readonly expected: DeploymentConfiguration;
  readonly observed: DeploymentConfiguration;
  /** The caller's ARN and when they called, from CloudTrail; null where nothing tells. */
  readonly changedBy: string | null;
  readonly changedAt: Instant | null;
  readonly drift: 'mend' | 'tell';
}
/** The intent to change it: recorded first, so that what was there before is never lost. */
export interface ProtectionRequested extends ProtectionFact<'ProtectionRequested'> {
  readonly by: ProtectionActor;
  readonly before: DeploymentConfiguration;
  readonly after: DeploymentConfiguration;
  /**
   * The alarms that are to be made or changed first: they are there even where ECS refuses the
   * rest.
   */
  readonly alarms: readonly string[];
}
/** ECS took it. */
export interface ProtectionApplied extends ProtectionFact<'ProtectionApplied'> {
  readonly by: ProtectionActor;
  readonly before: DeploymentConfiguration;
  readonly after: DeploymentConfiguration;
  readonly requestId: string | null;
  /** The alarms that the guard keeps for the service since. */
  readonly alarms: readonly string[];
}
/** ECS or CloudWatch refused: nothing has changed in ECS. */
export interface ProtectionRejected extends ProtectionFact<'ProtectionRejected'> {
  readonly by: ProtectionActor;
  readonly after: DeploymentConfiguration;
  readonly reason: string;
  readonly message: string;
}
/** Somebody undid it: the service has what it had before the guard first wrote. */
export interface ProtectionRestored extends ProtectionFact<'ProtectionRestored'> {
  readonly before: DeploymentConfiguration;
  readonly after: DeploymentConfiguration;
  readonly requestId: string | null;
  /** The guard's own alarms, which went with it. */
  readonly alarms: readonly string[];
}

/** Whether the guard did it by itself, or a person at the command line. */
export type ProtectionActor = 'guard' | 'operator';

/** What is to be recorded: an event without its place in the stream, and what follows from that. */
export type Happening<Event extends ProtectionEvent = ProtectionEvent> = Event extends ProtectionEvent
  ? Omit<Event, 'service' | 'sequence' | 'occurredAt' | 'standing'>
  : never;

/**
 * Where a service stands after something happened to it; `last` is the last event before, null
 * before the first. Pure.
 */
export function standingAfter(last: ProtectionEvent | null, happening: Happening): Standing {
  const before = last?.standing ?? nothingKnown;
  switch (happening.type) {
    case 'ProtectionObserved':
      return { ...before, known: happening.configuration, drifted: happening.drifted };
    case 'ProtectionDrifted':
      return { ...before, known: happening.observed, drifted: driftedAfter(before, happening) };
    case 'ProtectionRequested': {
      const alarms = [...new Set([...before.alarms, ...happening.alarms])];
      const original = before.original ?? happening.before;
      return { ...before, known: happening.before, original, alarms };
    }
    case 'ProtectionApplied': {
      const { after: known, alarms } = happening;
      return { ...before, known, alarms, drifted: [], isReleased: false };
    }
    case 'ProtectionRejected':
      return { ...before, original: originalAfterRejection(before) };
    case 'ProtectionRestored':
      return { original: null, known: happening.after, alarms: [], drifted: [], isReleased: true };
    default:
      return happening satisfies never;
  }
}

/**
 * Where the service still has what it had, the guard has written nothing: what it has at the next
 * attempt is what an undo gives back.
 */
function originalAfterRejection({ original, known }: Standing): DeploymentConfiguration | null {
  const isThere = original !== null && changesBetween(original, known).length === 0;
  return isThere ? null : original;
}

/** What drifts does not make right what had drifted before. */
function driftedAfter(
  { drifted }: Standing,
  { fields, observed, expected }: Happening<ProtectionDrifted>,
): readonly string[] {
  const wrong = new Set(changesBetween(observed, expected).map(({ field }) => field));
  return [...new Set([...drifted.filter((field) => wrong.has(field)), ...fields])];
}

const nothingKnown: Standing = { original: null, known: {}, alarms: [], drifted: [], isReleased: false };
