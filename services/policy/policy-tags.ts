import type { Policy } from '../../state-machines/log/policy';
import { overlay } from './overlay';
import type { PolicyPart } from './policy-schema';

/** A tag as ECS has it. */
export interface Tag {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
}

/** Which keys a policy file lets tags set; null where it does not say. */
export type TaggableKeys = ReadonlySet<string> | null;

/** A policy with a service's tags over it. */
interface TaggedPolicy {
  readonly policy: Policy;
  /** What is wrong with the tags, a sentence each. No sentence holds a tag's value. */
  readonly problems: readonly string[];
}

const prefix = 'rewind:';
/** What somebody may have meant for a tag of Rewind's: `Rewind:mode`, `rewind/mode`. */
const meantForRewind = /^\W*rewind(?![a-z0-9])/i;
const listKeys: ReadonlySet<string> = new Set(['alarms', 'failureClasses', 'normalExitCodes']);

/**
 * Lays a service's own tags `rewind:<key>` over its policy. Pure, and never rejects. A tag that
 * cannot be read means hands off: the policy observes. One that the policy file does not let tags
 * set is left out, unless it makes the policy safer. Both are sentences in `problems`. Tag values
 * hold no lists: the names of alarms stand with commas or spaces between them. Few services carry
 * such tags: what checks them is loaded for the first one.
 */
export async function withTags(
  policy: Policy,
  tags: readonly Tag[],
  taggable: TaggableKeys,
): Promise<TaggedPolicy> {
  const problems: string[] = [];
  let overlaid = policy;
  let isReadable = true;
  for (const { key = '', value = '' } of tags) {
    if (!meantForRewind.test(key)) continue;
    const parsed = await parseTag(key, value);
    if (typeof parsed === 'string') {
      problems.push(`${parsed}: until it is right, Rewind observes the service`);
      isReadable = false;
    } else if (mayBeTagged(parsed, policy, taggable)) overlaid = overlay(overlaid, parsed);
    else problems.push(`the policy file does not let the tag ${key} set that: it is left out`);
  }
  return { policy: isReadable ? overlaid : { ...overlaid, mode: 'observe' }, problems };
}

/**
 * A tag may always make it safer. Where the file does not say, it may set every key, but write no
 * more to ECS than the file lets Rewind.
 */
function mayBeTagged(part: PolicyPart, policy: Policy, taggable: TaggableKeys): boolean {
  const { mode, rollbackBudget } = part;
  if (mode === 'observe' || mode === policy.mode) return true;
  if (rollbackBudget !== undefined && rollbackBudget <= policy.rollbackBudget) return true;
  const [key = ''] = Object.keys(part);
  return taggable === null ? mode === undefined && rollbackBudget === undefined : taggable.has(key);
}

/** The part of a policy that a tag sets, or a sentence on what is wrong with it. */
async function parseTag(tag: string, text: string): Promise<PolicyPart | string> {
  const { policySchema } = await import('./policy-schema');
  const key = tag.startsWith(prefix) ? tag.slice(prefix.length) : '';
  if (!Object.hasOwn(policySchema.shape, key)) return `the tag ${tag} is not a key that Rewind knows`;
  const result = policySchema.safeParse({ [key]: typedValue(key, text.trim()) });
  return result.success ? result.data : `the tag ${tag} ${result.error.issues[0]?.message}`;
}

function typedValue(key: string, text: string): unknown {
  if (key === 'restoreByCopy') return text === 'true' || (text === 'false' ? false : text);
  if (!listKeys.has(key)) return numberIn(text);
  const items = text.split(/[\s,]+/).filter((item) => item !== '');
  return key === 'normalExitCodes' ? items.map(numberIn) : items;
}

/** As people write numbers; anything else stays text, and is refused. */
function numberIn(text: string): number | string {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
