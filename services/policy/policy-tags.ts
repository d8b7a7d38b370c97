import type { Policy } from '../../state-machines/log/policy';
import { overlay } from './overlay';
import { type PolicyPart, policySchema } from './policy-schema';

/** A tag as ECS has it. */
export interface Tag {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

const prefix = 'rewind:';
const textKeys: ReadonlySet<string> = new Set(['mode', 'failureRule', 'onInconclusive', 'provenBy']);
const listKeys: ReadonlySet<string> = new Set(['alarms', 'failureClasses', 'normalExitCodes']);

/**
 * Lays a service's own tags `rewind:<key>` over its policy. Pure, and never throws: a tag that
 * cannot be used leaves its key as it was, and is a sentence in `problems`. Tag values hold no
 * lists: the names of alarms stand with commas or spaces between them.
 */
export function withTags(
  policy: Policy,
  tags: readonly Tag[],
): { readonly policy: Policy; readonly problems: readonly string[] } {
  const problems: string[] = [];
  let overlaid = policy;
  for (const { key = '', value = '' } of tags) {
    if (!key.startsWith(prefix)) continue;
    const parsed = parseTag(key.slice(prefix.length), value);
    if (typeof parsed === 'string') problems.push(parsed);
    else overlaid = overlay(overlaid, parsed);
  }
  return { policy: overlaid, problems };
}

/** The part of a policy that a tag sets, or a sentence on what is wrong with it. */
function parseTag(key: string, text: string): PolicyPart | string {
  const result = policySchema.safeParse({ [key]: typedValue(key, text.trim()) });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') return `the tag ${prefix}${key} is not a key that Rewind knows`;
  return `the tag ${prefix}${key} ${issue?.message}, not "${text}"`;
}

function typedValue(key: string, text: string): unknown {
  if (textKeys.has(key)) return text;
  if (key === 'restoreByCopy') return text === 'true' || (text === 'false' ? false : text);
  if (!listKeys.has(key)) return text === '' ? text : Number(text);
  const items = text.split(/[\s,]+/).filter((item) => item !== '');
  return key === 'normalExitCodes' ? items.map(Number) : items;
}
