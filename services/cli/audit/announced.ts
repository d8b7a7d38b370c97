import { isJsonObject } from '../../../state-machines/log/json';
import { nameOfInput } from '../input/input';
import { CommandError, exitCode } from '../terminal/exit-code';
import { valuesOf } from './audit-input';
import type { AnnouncedDigests } from './verification';

/**
 * The digests in a file of announcements, as an archive of the bus keeps them, by service. Whatever else is in it is passed over.
 * Throws CommandError when there is none, or when it cannot be read.
 */
export async function readAnnounced(file: string): Promise<Map<string, AnnouncedDigests>> {
  const announced = new Map<string, Map<string, string>>();
  for await (const found of valuesOf(file)) {
    const detail = found.kind === 'value' ? detailOf(found.value) : null;
    if (detail === null) continue;
    const border = detail.id.indexOf('#');
    const service = detail.id.slice(0, border);
    const digests = announced.get(service) ?? new Map<string, string>();
    announced.set(service, digests.set(detail.id.slice(border + 1), detail.digest));
  }
  if (announced.size > 0) return announced;
  throw new CommandError(`${nameOfInput(file)}: no announcement with a digest is in it`, exitCode.data);
}

/** `detail` of an announcement: docs/announcements.md. */
function detailOf(value: unknown): { readonly id: string; readonly digest: string } | null {
  if (!isJsonObject(value) || value.source !== 'rewind' || !isJsonObject(value.detail)) return null;
  const { id, digest } = value.detail;
  return typeof id === 'string' && typeof digest === 'string' ? { id, digest } : null;
}
