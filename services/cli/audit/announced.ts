import * as z from 'zod/mini';
import { nameOfInput } from '../input/input';
import { CommandError, exitCode } from '../terminal/exit-code';
import { jsonValuesOf } from './audit-input';
import type { AnnouncedDigests } from './verification';

/**
 * The digests in a file of announcements, as an archive of the bus keeps them, by service. Whatever
 * else is in it is passed over. Throws CommandError when there is none, or when it cannot be read.
 */
export async function readAnnounced(file: string): Promise<Map<string, AnnouncedDigests>> {
  const announced = new Map<string, Map<string, string>>();
  for await (const found of jsonValuesOf(file)) {
    const detail =
      found.kind === 'value' ? announcementSchema.safeParse(found.value).data?.detail : undefined;
    if (detail === undefined) continue;
    const border = detail.id.indexOf('#');
    const service = detail.id.slice(0, border);
    const digests = announced.get(service) ?? new Map<string, string>();
    announced.set(service, digests.set(detail.id.slice(border + 1), detail.digest));
  }
  if (announced.size > 0) return announced;
  throw new CommandError(`${nameOfInput(file)}: no announcement with a digest is in it`, exitCode.data);
}

/** What an announcement holds, as far as its digest goes: docs/announcements.md. */
const announcementSchema = z.object({
  source: z.literal('rewind'),
  detail: z.object({ id: z.string(), digest: z.string() }),
});
