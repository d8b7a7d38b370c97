import { isDecided, type RewindEvent } from '../../../state-machines/log/events';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { AlarmChange, AlarmChanged } from '../../../state-machines/log/observed-events';
import { positionOf } from '../../../state-machines/log/position';
import { translate } from '../../notifications/translate';
import type { PolicyFile } from '../../policy/policy-file';
import { HistorySigns } from './history-signs';
import { isExportLine, parseExportLine } from './log-export';
import { StreamEvents } from './stream-events';

/** What became of the things read: `read` is the sum of the others. */
export interface InputCounts {
  readonly read: number;
  readonly folded: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly invalid: number;
}

interface HistoryOptions {
  readonly policyFile: PolicyFile;
  /** With a policy given, it judges: the decisions that an export holds are left out. */
  readonly leavesOutDecisions: boolean;
  /** What happened or was learnt later is left out; null keeps all. */
  readonly asOf: Instant | null;
  /**
   * Is given the JSON value behind every event that is new: its notification, or the line of an
   * export that has none.
   */
  readonly keep?: (event: AlarmChange | RewindEvent, value: unknown) => void;
}

/**
 * What was read so far, as compact facts: events by service, and never the notifications that they
 * came from.
 */
export class History {
  readonly #streams = new Map<ServiceArn, StreamEvents | null>();
  readonly #alarms = new Map<string, AlarmChange>();
  readonly #counts = { read: 0, folded: 0, duplicates: 0, ignored: 0, invalid: 0 };
  readonly #signs: HistorySigns;
  #latest: Instant | null = null;
  readonly #options: HistoryOptions;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#signs = new HistorySigns(options.asOf);
  }

  /** Takes one JSON value of the input; returns a sentence when it could not be understood. */
  take(value: unknown): string | null {
    if (isExportLine(value)) return this.#takeExport(value);
    return this.#takeNotification(value);
  }

  /** Counts what was no JSON value at all; returns its sentence. */
  takeInvalid(because: string): string {
    this.#counts.read += 1;
    this.#counts.invalid += 1;
    return because;
  }

  /**
   * Deadlines have passed up to here: the last thing that the input tells of, or the instant that
   * was asked for; null for neither.
   */
  until(): Instant | null {
    return this.#options.asOf ?? this.#latest;
  }

  inputCounts(): InputCounts {
    return { ...this.#counts, ignored: this.#counts.ignored + this.#alarms.size };
  }

  /**
   * Hands every alarm's change to the services of its account and region that name it; the rest
   * stay ignored.
   */
  attachAlarms(eventsFor: (alarm: AlarmChange, service: ServiceArn) => AlarmChanged | null): void {
    for (const [key, alarm] of this.#alarms) {
      let isWatched = false;
      for (const [service, events] of this.#streams) {
        const event = events === null ? null : eventsFor(alarm, service);
        if (event !== null) events?.add(event);
        isWatched ||= event !== null;
      }
      if (!isWatched) continue;
      this.#alarms.delete(key);
      this.#counts.folded += 1;
    }
  }

  /**
   * The events of each service; what was handed out is forgotten, so that memory shrinks while they
   * are judged.
   */
  *drain(): Generator<readonly [ServiceArn, RewindEvent[]]> {
    for (const [service, events] of this.#streams) {
      this.#streams.delete(service);
      if (events !== null) yield [service, this.#signs.withDeployments(service, events.list())];
    }
  }

  /** What to tell of rollouts that were built from less than ECS tells, or that could not be. */
  remarks(rollouts: number): string[] {
    return this.#counts.read === 0 ? [] : this.#signs.remarks(rollouts);
  }

  #takeNotification(notification: unknown): string | null {
    const translation = translate(notification);
    switch (translation.kind) {
      case 'event':
        return this.#takeEvent(translation.event, notification);
      case 'alarm':
        return this.#takeAlarm(translation.alarm, notification);
      case 'ignored':
        if (translation.occurredAt !== null) this.#see(translation.occurredAt);
        this.#signs.take(translation);
        return this.#count('ignored');
      case 'invalid':
        return this.takeInvalid(translation.because);
    }
  }

  #takeExport(line: { readonly [key: string]: unknown }): string | null {
    const parsed = parseExportLine(line);
    if ('because' in parsed) return this.takeInvalid(parsed.because);
    const { event, recordedAt } = parsed;
    const isLeftOut = this.#options.leavesOutDecisions && isDecided(event);
    if (!isLeftOut && !this.#isLater(recordedAt)) return this.#takeEvent(event, line.notification ?? line);
    this.#see(event.occurredAt);
    return this.#count('ignored');
  }

  #takeEvent(event: RewindEvent, value: unknown): string | null {
    this.#see(event.occurredAt);
    const events = this.#streamOf(event.service);
    if (events === null || this.#isLater(event.occurredAt)) return this.#count('ignored');
    const taken = events.add(event);
    if (taken === 'contradicting') {
      return this.takeInvalid(`${event.type} ${event.id} was read before with other facts`);
    }
    if (taken === 'known') return this.#count('duplicates');
    this.#options.keep?.(event, value);
    return this.#count('folded');
  }

  #takeAlarm(alarm: AlarmChange, notification: unknown): null {
    this.#see(alarm.occurredAt);
    if (this.#isLater(alarm.occurredAt)) return this.#count('ignored');
    const key = positionOf(alarm);
    if (this.#alarms.has(key)) return this.#count('duplicates');
    this.#alarms.set(key, alarm);
    this.#options.keep?.(alarm, notification);
    // Whether it is folded or ignored is known only once every service has been seen.
    this.#counts.read += 1;
    return null;
  }

  #count(kind: 'folded' | 'duplicates' | 'ignored'): null {
    this.#counts.read += 1;
    this.#counts[kind] += 1;
    return null;
  }

  /** Null for a service that the policy file leaves alone. */
  #streamOf(service: ServiceArn): StreamEvents | null {
    const known = this.#streams.get(service);
    if (known !== undefined) return known;
    const events = this.#options.policyFile.manages(service) ? new StreamEvents(service) : null;
    this.#streams.set(service, events);
    return events;
  }

  #isLater(instant: Instant): boolean {
    return this.#options.asOf !== null && instant > this.#options.asOf;
  }

  #see(occurredAt: Instant): void {
    if (this.#latest === null || occurredAt > this.#latest) this.#latest = occurredAt;
  }
}
