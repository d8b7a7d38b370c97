import type { Finding, OracleName } from './oracles';

/** A fault that is known and not mended yet. */
interface KnownFinding {
  readonly oracle: OracleName;
  readonly text: RegExp;
  readonly because: string;
}

/** What the oracles may find for now. Whoever mends a fault takes it from this list. */
export const knownFindings: readonly KnownFinding[] = [
  {
    oracle: 'auditConfirms',
    text: /changed in images/,
    because: "an adoption's images come from a look that the audit does not have",
  },
];

export function isKnown({ oracle, what }: Finding): boolean {
  return knownFindings.some((known) => known.oracle === oracle && known.text.test(what));
}
