import { notCaught, type PolicyScore, timeToVerdict } from './policy-score';
import { deviations95, rateOf } from './rate';

/** What is wanted of a policy that is chosen from several. */
export interface Wish {
  /** What a false rollback costs, and what a bad rollout costs that the policy does not catch. */
  readonly prices: { readonly falseRollback: number; readonly missed: number };
  /** The largest share of the good rollouts that may be taken back; 1: any. */
  readonly falseAtMost: number;
}

/** A figure, and where the truth lies with 95 % certainty. */
export interface Estimate {
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

type Prices = Wish['prices'];

/**
 * What a policy costs on the history. The interval joins those of Wilson of the false and of the
 * missed ones. Pure.
 */
export function costOf(score: PolicyScore, { falseRollback, missed }: Prices): Estimate {
  const parts = [
    { price: falseRollback, wrong: score.falseRollbacks, count: score.good },
    { price: missed, wrong: notCaught(score), count: score.bad },
  ].map(({ price, wrong, count }) => {
    const { from, to } = rateOf(count === 0 ? 0 : wrong / count, count);
    return {
      value: price * wrong,
      below: price * (wrong - from * count),
      above: price * (to * count - wrong),
    };
  });
  const value = parts.reduce((sum, part) => sum + part.value, 0);
  return {
    value,
    from: value - Math.hypot(...parts.map(({ below }) => below)),
    to: value + Math.hypot(...parts.map(({ above }) => above)),
  };
}

/**
 * How much less a policy costs than the given one; negative: more. The interval is of the rollouts
 * that the two treat differently, as in McNemar's test. Pure.
 */
export function savingOf({ againstGiven }: PolicyScore, { falseRollback, missed }: Prices): Estimate {
  const { falseMore, falseFewer, missedMore, missedFewer } = againstGiven;
  const value = falseRollback * (falseFewer - falseMore) + missed * (missedFewer - missedMore);
  const variance = falseRollback ** 2 * (falseFewer + falseMore) + missed ** 2 * (missedFewer + missedMore);
  const half = deviations95 * Math.sqrt(variance);
  return { value, from: value - half, to: value + half };
}

/** Whether the history tells a policy from the given one, by its false or by its missed ones. */
export function isToldFromGiven(score: PolicyScore): boolean {
  const saved = [
    { falseRollback: 1, missed: 0 },
    { falseRollback: 0, missed: 1 },
  ].map((prices) => savingOf(score, prices));
  return saved.some(({ from, to }) => from > 0 || to < 0);
}

/**
 * The place of the score that costs least within what is wished for; of equal ones the soonest,
 * then the first. Null where none takes back so few good rollouts. Pure.
 */
export function chooseScore(scores: readonly PolicyScore[], { prices, falseAtMost }: Wish): number | null {
  const allowed = scores.flatMap((score, index) =>
    score.falseRollbacks <= falseAtMost * score.good
      ? [{ index, cost: costOf(score, prices).value, half: timeToVerdict(score, 50) ?? Infinity }]
      : [],
  );
  const [first] = allowed.sort(
    (a, b) => a.cost - b.cost || (a.half === b.half ? a.index - b.index : a.half - b.half),
  );
  return first?.index ?? null;
}
