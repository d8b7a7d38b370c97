import { z } from 'zod';
import { EcsError } from '../foundation/ecs-error';

/** `maxResults` and `nextToken` of a List operation. */
export const pagingFields = {
  maxResults: z.number().int().min(1).max(100).optional(),
  nextToken: z.string().optional(),
};
interface Paging {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/**
 * Cuts one page out of a list; throws InvalidParameterException for a token that this simulator did
 * not give.
 */
export function cutPage<Item>(
  items: readonly Item[],
  { maxResults, nextToken }: Paging,
  defaultSize: number,
): { items: readonly Item[]; nextToken: string | undefined } {
  const from = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0) {
    throw new EcsError('InvalidParameterException', 'Invalid token.');
  }
  const until = from + (maxResults ?? defaultSize);
  return {
    items: items.slice(from, until),
    nextToken: until < items.length ? Buffer.from(String(until)).toString('base64url') : undefined,
  };
}
