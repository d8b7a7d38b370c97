import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import { emptyChain, withDecision } from '../../../state-machines/log/decision-chain';

function decision(digest: string | undefined, after: readonly string[] = []): DecidedEvent {
  const part: unknown = { digest, madeWith: { after } };
  return part as DecidedEvent;
}

const fold = (decisions: readonly DecidedEvent[]) => decisions.reduce(withDecision, emptyChain);

describe('the chain of decisions', () => {
  it('ends in the decision that no other one names', () => {
    expect(fold([decision('a'), decision('b', ['a']), decision('c', ['b'])]).ends).toEqual(['c']);
  });

  it('ends in both of two that raced, until the next one names both', () => {
    const raced = [decision('a'), decision('b', ['a']), decision('c', ['a'])];
    expect(fold(raced).ends).toEqual(['b', 'c']);
    expect(fold([...raced, decision('d', ['b', 'c'])]).ends).toEqual(['d']);
  });

  it('ends nowhere that was named, however many others stand between the two', () => {
    const names = Array.from({ length: 40 }, (_, index) => `${index}`);
    const between = names.map((name, index) => decision(name, names.slice(index - 1, index)));
    const made = [decision('late', ['early']), ...between, decision('early')];
    expect(fold(made).ends).toEqual(['late', '39']);
  });

  it('has no part in decisions of before there were digests', () => {
    expect(fold([decision(undefined), decision('b')])).toEqual({ ends: ['b'], named: [] });
  });

  it('keeps eight ends at most, the newest', () => {
    const many = Array.from({ length: 20 }, (_, index) => decision(`${index}`));
    expect(fold(many).ends).toEqual(['12', '13', '14', '15', '16', '17', '18', '19']);
  });

  it('ends in the same decisions in whatever order they are folded', () => {
    const digests = ['a', 'b', 'c', 'd', 'e', 'f'];
    // Each names some of those before it: every chain that writers can make.
    const chains = fc
      .tuple(...digests.map((_, index) => fc.subarray(digests.slice(0, index))))
      .map((names) => names.map((after, index) => decision(digests[index], after)));
    const shuffled = chains.chain((chain) =>
      fc.tuple(fc.constant(chain), fc.shuffledSubarray(chain, { minLength: chain.length })),
    );
    fc.assert(
      fc.property(shuffled, ([chain, otherwise]) => {
        expect(new Set(fold(otherwise).ends)).toEqual(new Set(fold(chain).ends));
      }),
    );
  });
});
