import { z } from 'zod';
import { write } from '../api/operation';
import { clockTime } from '../foundation/clock';
import type { World } from '../model/world';
import { notify } from '../notifications/notify';

const entrySchema = z.looseObject({
  Time: z.number().optional(),
  Source: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
});
type Entry = z.infer<typeof entrySchema>;

/** The operation of Amazon EventBridge that puts a program's own events beside those of AWS. */
export const eventOperations = {
  PutEvents: write(z.looseObject({ Entries: z.array(entrySchema).min(1).max(10) }), ({ world, input }) => {
    const results = input.Entries.map((entry) => putEntry(world, entry));
    const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
    return { output: { FailedEntryCount, Entries: results }, hadEffect: FailedEntryCount < results.length };
  }),
};

type EntryResult = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

/**
 * One entry's failure keeps no other from being put:
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
function putEntry(world: World, entry: Entry): EntryResult {
  const { Source: source, DetailType: detailType, Detail: text } = entry;
  if (!source)
    return failure(
      'InvalidArgument',
      'Parameter Source is not valid. Reason: Source is a required argument.',
    );
  if (source.startsWith('aws.'))
    return failure('NotAuthorizedForSourceException', 'Not authorized for the source.');
  if (!detailType)
    return failure(
      'InvalidArgument',
      'Parameter DetailType is not valid. Reason: DetailType is a required argument.',
    );
  if (!text)
    return failure(
      'InvalidArgument',
      'Parameter Detail is not valid. Reason: Detail is a required argument.',
    );
  const detail = parseDetail(text);
  if (detail === null) return failure('MalformedDetail', 'Detail is malformed.');
  const at = entry.Time === undefined ? undefined : clockTime(entry.Time * 1000);
  return { EventId: notify(world, { source, detailType, resources: entry.Resources, detail, at }) };
}

function failure(ErrorCode: string, ErrorMessage: string): EntryResult {
  return { ErrorCode, ErrorMessage };
}

function parseDetail(text: string): Record<string, unknown> | null {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? { ...detail } : null;
  } catch {
    return null;
  }
}
