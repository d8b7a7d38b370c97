import picomatch from 'picomatch';
import type { Policy } from '../../state-machines/log/policy';
import type { PolicyPart } from './policy-schema';

/** Lays the keys that a part sets over a policy; the others stay. */
export function overlay(policy: Policy, part: PolicyPart): Policy {
  const set = Object.entries(part).filter(([, value]) => value !== undefined);
  return { ...policy, ...Object.fromEntries(set) };
}

/**
 * Whether a path `cluster/service` matches any of the globs. As in bash, a star crosses slashes:
 * `*` alone is every service, not only those whose path has no slash, which would be none.
 */
export function globMatcher(globs: string | readonly string[]): (path: string) => boolean {
  return picomatch(typeof globs === 'string' ? globs : [...globs], { bash: true });
}
