import { formatInstant } from '../../state-machines/log/instant';
import type { RecordedEvent } from './event-log';

/**
 * An export of the log is JSON Lines, a recorded event each:
 * `{"schemaVersion":1,"recordedAt":"…","event":{…},"notification":{…}|null}`. Its order does not
 * matter.
 */
export const exportSchemaVersion = 1;

/** One line of an export, without its line break. */
export function formatExportLine(recorded: RecordedEvent): string {
  return JSON.stringify(exportEntry(recorded));
}

/** What such a line holds. */
export function exportEntry({ event, recordedAt, notification }: RecordedEvent) {
  const raw: unknown = notification === null ? null : JSON.parse(notification);
  const schemaVersion = exportSchemaVersion;
  return { schemaVersion, recordedAt: formatInstant(recordedAt), event, notification: raw };
}
