import { type Rate, rateOf } from '../../../../state-machines/replay/rate';
import type { Judgement } from '../judges/judgement';
import { kinds } from '../kinds/kinds';
import { quantile } from './quantile';

/** How one judge fares with some of the histories. */
export interface Tally {
  readonly falseRate: Rate;
  readonly missedRate: Rate;
  /** Seconds from the first sign of what is bad; never where it was missed. */
  readonly afterSign: { readonly half: number; readonly ninety: number };
  /** The same, of those alone that were caught. */
  readonly caughtAfterSign: { readonly half: number; readonly ninety: number };
  /** Seconds from the start of the rollout, of the bad ones. */
  readonly fromStart: { readonly half: number; readonly ninety: number };
  /** Halves, of the bad ones that were caught. */
  readonly started: number;
  readonly servedMinutes: number;
}

const kindsByName = new Map(kinds.map((kind) => [kind.name, kind]));

function isGood({ kind }: Judgement): boolean {
  return kindsByName.get(kind)?.truth === 'good';
}

/** Bad, and shows it: no judge can be blamed for what never showed. */
function isBad({ kind, firstSignAt }: Judgement): boolean {
  return kindsByName.get(kind)?.truth === 'bad' && firstSignAt !== null;
}

function signOf({ firstSignAt, judgedAt }: Judgement): number {
  return firstSignAt ?? judgedAt;
}

export function isInMix({ kind }: Judgement): boolean {
  return kindsByName.get(kind)?.isInMix === true;
}

/** One judge's, by its place among them. */
export function tallyOf(judgements: readonly Judgement[], judge: number): Tally {
  const good = judgements.filter(isGood);
  const bad = judgements.filter(isBad);
  const failedAt = ({ verdicts }: Judgement) => verdicts[judge]?.at ?? Number.POSITIVE_INFINITY;
  const delays = (from: (one: Judgement) => number, of = bad) => {
    const seconds = of.map((one) => Math.max(0, failedAt(one) - from(one)) / 1000);
    return { half: quantile(seconds, 0.5), ninety: quantile(seconds, 0.9) };
  };
  const exposures = bad.flatMap(({ verdicts }) => verdicts[judge]?.exposure ?? []);
  return {
    falseRate: meanOfCells(good, (one) => failedAt(one) < Number.POSITIVE_INFINITY),
    missedRate: meanOfCells(bad, (one) => failedAt(one) === Number.POSITIVE_INFINITY),
    afterSign: delays(signOf),
    caughtAfterSign: delays(
      signOf,
      bad.filter((one) => failedAt(one) < Number.POSITIVE_INFINITY),
    ),
    fromStart: delays(({ judgedAt }) => judgedAt),
    started: quantile(
      exposures.map(({ started }) => started),
      0.5,
    ),
    servedMinutes: quantile(
      exposures.map(({ servedMinutes }) => servedMinutes),
      0.5,
    ),
  };
}

/** The mean over kinds and sizes, each of which counts the same, however many of it there are. */
function meanOfCells(judgements: readonly Judgement[], holds: (one: Judgement) => boolean): Rate {
  const cells = new Map<string, { count: number; holding: number }>();
  for (const one of judgements) {
    const name = `${one.kind} ${one.size}`;
    const cell = cells.get(name) ?? { count: 0, holding: 0 };
    cells.set(name, { count: cell.count + 1, holding: cell.holding + (holds(one) ? 1 : 0) });
  }
  const shares = [...cells.values()].map(({ count, holding }) => holding / count);
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  return rateOf(mean, judgements.length);
}
