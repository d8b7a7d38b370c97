/** A policy under which Rewind judges, as the text of a policy file. */
export interface NamedPolicy {
  readonly name: string;
  readonly text: string;
}

/**
 * Rewind's two rules about failed tasks, with everything else at its default, and what the bake
 * finds of it alone.
 */
export const standingPolicies: readonly NamedPolicy[] = [
  policyOf('fixed rule', { failureRule: 'percent' }),
  policyOf('evidence in the bake', { failureRule: 'evidence', probationSeconds: 0 }),
  policyOf('evidence', { failureRule: 'evidence' }),
];

/** The same, watching for a day. */
export const watchingPolicies: readonly NamedPolicy[] = [
  policyOf('fixed rule', { failureRule: 'percent', bakeSeconds: 86_400 }),
  policyOf('evidence', { failureRule: 'evidence', bakeSeconds: 86_400 }),
];

function policyOf(name: string, defaults: object): NamedPolicy {
  return { name, text: JSON.stringify({ defaults }) };
}
