import type { RewindEvent } from '../../../state-machines/log/events';
import { formatInstant, type Instant } from '../../../state-machines/log/instant';
import type { RecordedEvent } from '../../event-log/event-log';
import { parseInstant } from '../../notifications/instant-text';
import { parseEvent } from './event-schema';

/**
 * An export of the log is JSON Lines, a recorded event each:
 * `{"schemaVersion":1,"recordedAt":"…","event":{…},"notification":{…}|null}`. Its order does not matter.
 */
const schemaVersion = 1;

/** One line of an export, without its line break. */
export function formatExportLine(recorded: RecordedEvent): string {
  return JSON.stringify(exportEntry(recorded));
}

/** What such a line holds. */
export function exportEntry({ event, recordedAt, notification }: RecordedEvent) {
  const raw: unknown = notification === null ? null : JSON.parse(notification);
  return { schemaVersion, recordedAt: formatInstant(recordedAt), event, notification: raw };
}

/** Whether a JSON value means to be a line of an export. */
export function isExportLine(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value && 'event' in value;
}

/** What a line of an export holds, as far as a replay needs it; else a sentence that names the field. */
export function parseExportLine(line: {
  readonly [key: string]: unknown;
}): { readonly event: RewindEvent; readonly recordedAt: Instant } | { readonly because: string } {
  if (line.schemaVersion !== schemaVersion) {
    return { because: `schemaVersion ${String(line.schemaVersion)} is not one that this Rewind reads` };
  }
  const parsed = parseEvent(line.event);
  if ('because' in parsed) return parsed;
  try {
    return { ...parsed, recordedAt: parseInstant(String(line.recordedAt)) };
  } catch (error) {
    return { because: `recordedAt: ${(error as Error).message}` };
  }
}
