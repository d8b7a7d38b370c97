import type { DecidedEvent } from './decided-events';

/**
 * Where the chain of decisions ends, as far as it was folded: the next decision names these. Plain
 * JSON, bounded.
 */
export interface DecisionChain {
  /** Digests of the decisions that no other one names. */
  readonly ends: readonly string[];
  /**
   * What was named last and was no end by then: it may be folded yet, for decisions stand behind
   * their causes, not in the order they were made in.
   */
  readonly named: readonly string[];
}

export const emptyChain: DecisionChain = { ends: [], named: [] };

/**
 * More than ever race on one service, or are made out of order. What falls out is named twice, or
 * never: no error, a looser chain.
 */
const endsKept = 8;
const namesKept = 16;

/**
 * The chain with one more decision; one without a digest, of before there were any, is no part of
 * it. Pure.
 */
export function withDecision({ ends, named }: DecisionChain, event: DecidedEvent): DecisionChain {
  const { digest, madeWith } = event;
  if (digest === undefined) return { ends, named };
  const { after = [] } = madeWith;
  const unmet = after.filter((name) => !ends.includes(name));
  const others = ends.filter((end) => !after.includes(end));
  return {
    ends: named.includes(digest) ? others : [...others, digest].slice(-endsKept),
    named: [...new Set([...named.filter((name) => name !== digest), ...unmet])].slice(-namesKept),
  };
}
