import type { RewindEvent } from '../../../state-machines/log/events';
import type { Instant } from '../../../state-machines/log/instant';
import { exportSchemaVersion } from '../../event-log/export-line';
import { parseInstant } from '../../notifications/instant-text';
import { parseEvent } from './schemas/event-schema';

/** Whether a JSON value means to be a line of an export. */
export function isExportLine(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value && 'event' in value;
}

/**
 * What a line of an export holds, as far as a replay needs it; else a sentence that names the
 * field.
 */
export function parseExportLine(line: {
  readonly [key: string]: unknown;
}): { readonly event: RewindEvent; readonly recordedAt: Instant } | { readonly because: string } {
  if (line.schemaVersion !== exportSchemaVersion) {
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
