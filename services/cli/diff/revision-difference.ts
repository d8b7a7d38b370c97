import type { RevisionFacts } from './revision-facts';

/** A place at which two revisions differ. What may be secret is null on both sides. */
export interface RevisionChange {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What differs from one revision to the other, by place. Pure. */
export function differenceOf(from: RevisionFacts, to: RevisionFacts): RevisionChange[] {
  const paths = [...new Set([...from.keys(), ...to.keys()])].sort();
  return paths.flatMap((path) => {
    const [before, after] = [from.get(path), to.get(path)];
    if (before?.value === after?.value) return [];
    const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    return [{ kind, path, from: before?.shown ?? null, to: after?.shown ?? null } as const];
  });
}
