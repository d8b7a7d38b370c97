import type { RewindEvent } from '../../state-machines/log/events';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { AlarmChange } from '../../state-machines/log/observed-events';
import type { Position } from '../../state-machines/log/position';
import type { RolloutRecord } from '../../state-machines/service/history/rollout-record';

/**
 * An event as it stands in the log: with the instant at which we learnt it and the notification it
 * came from.
 */
export interface RecordedEvent {
  readonly event: RewindEvent;
  readonly recordedAt: Instant;
  /**
   * The raw EventBridge envelope, byte for byte; null for what Rewind decided or read from a
   * Describe call.
   */
  readonly notification: string | null;
  /**
   * The rollout that the event concludes, in short: it is kept with the event, or neither is. Given
   * on append and not read back with the event.
   */
  readonly rollout?: RolloutRecord;
}

/**
 * A service's fold so far, kept so that the usual wake-up reads new events only. It can always be
 * thrown away.
 */
export interface StoredSnapshot {
  /** Counts the writes: the next write must name the version it read. */
  readonly version: number;
  readonly reducerVersion: number;
  /** The fold, plain JSON; only its own reducer version understands it. */
  readonly fold: unknown;
  /** When the service wants to be woken; null puts it out of the index of services to wake. */
  readonly nextWakeAt: Instant | null;
  /** Names or ARNs of the alarms that its live rollouts watch. */
  readonly watchedAlarms: readonly string[];
}

/** An alarm's change as it stands in the alarm's own stream, with the notification that told it. */
export interface RecordedAlarmChange {
  readonly change: AlarmChange;
  readonly recordedAt: Instant;
  readonly notification: string;
}

/** An alarm's own stream gives so many of its newest changes. */
export const alarmChangesAtMost = 100;

/**
 * The log can never hold this event as it is: its key would not sort, or it is larger than an item
 * may be. Terminal: the same append fails every time, so its notification belongs in the
 * dead-letter queue, where it stays whole.
 */
export class UnstorableEventError extends Error {
  override readonly name = 'UnstorableEventError';
}

/** The log of events, a stream a service. Both implementations pass the same contract suite. */
export interface EventLog {
  /**
   * One conditional write. Idempotent: the same service, instant and id are a duplicate, and what
   * was written first stays. A decision is given its digest, unless it has one. Throws
   * UnstorableEventError for an event that the log can never hold.
   */
  append(recorded: RecordedEvent): Promise<'appended' | 'duplicate'>;
  /**
   * The stream's events behind `after` (null: from its start), in order of position; strongly
   * consistent, a page at a time.
   */
  read(service: ServiceArn, after: Position | null): AsyncIterable<RecordedEvent>;
  /** The events under these keys, in any order, strongly consistent. Keys without one give none. */
  readAt(service: ServiceArn, keys: readonly Position[]): Promise<readonly RecordedEvent[]>;
  /** Strongly consistent; null when there is none. */
  readSnapshot(service: ServiceArn): Promise<StoredSnapshot | null>;
  /**
   * Writes only over version - 1 (version 1: only where none is); `conflict` when somebody else was
   * faster.
   */
  writeSnapshot(service: ServiceArn, snapshot: StoredSnapshot): Promise<'written' | 'conflict'>;
  /** The services whose nextWakeAt has come. Eventually consistent. */
  servicesToWake(now: Instant): AsyncIterable<ServiceArn>;
  /**
   * The services with a live rollout that watches the alarm, by its name or ARN. Eventually
   * consistent.
   */
  servicesWatching(alarm: { readonly arn: string; readonly name: string }): AsyncIterable<ServiceArn>;
  /**
   * Keeps an alarm's change in the alarm's own stream, for eight days, whoever watches the alarm.
   * Idempotent. Throws UnstorableEventError.
   */
  appendAlarmChange(recorded: RecordedAlarmChange): Promise<void>;
  /**
   * The newest changes of the alarm with the ARN since an instant, `alarmChangesAtMost` of them, in
   * order; strongly consistent.
   */
  alarmChanges(alarm: string, since: Instant): Promise<readonly RecordedAlarmChange[]>;
  /** The look of a discovery that was kept last; null: none yet. Strongly consistent. */
  lastLook(place: LookedAtPlace): Promise<PlaceLook | null>;
  /** Idempotent; whoever comes last counts. */
  keepLook(place: LookedAtPlace, look: PlaceLook): Promise<void>;
}

/** An account's region, of which a discovery looks at every service. */
export interface LookedAtPlace {
  readonly account: string;
  readonly region: string;
}

/** A discovery's look at a whole place. */
export interface PlaceLook {
  /** When it began. */
  readonly at: Instant;
  /** The services that it wanted to look at and could not. */
  readonly missed: readonly ServiceArn[];
}

/** What whoever looks back asks of the log, each in one query whatever the length of the stream. */
export interface HistoryLog {
  /** The concluded rollouts of a service, newest first; eventually consistent. */
  rollouts(service: ServiceArn, atMost: number): Promise<readonly RolloutRecord[]>;
  /** The stream's last events, newest first; strongly consistent. */
  newest(service: ServiceArn, atMost: number): Promise<readonly RecordedEvent[]>;
}
