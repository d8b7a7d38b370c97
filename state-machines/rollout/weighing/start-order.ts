import type { Instant } from '../../log/instant';

/**
 * In which order starts fail. Starts of one revision are alike: where many lived long and then one
 * after another dies young, something else than the revision has changed.
 */
export interface StartOrder {
  readonly tiers: readonly TierCounts[];
  /** When the newest start that has settled began. */
  readonly newestSettled: Instant | null;
}

/** Each tier compares tasks that die young with tasks that lived long. */
const tiers = [
  { youngSeconds: 30, longSeconds: 60 },
  { youngSeconds: 180, longSeconds: 180 },
] as const;

interface TierCounts {
  /** Tasks that ended after they had lived long. */
  readonly endedLate: number;
  /** Tasks that died young one after another, without a start that lived long in between. */
  readonly inSpell: number;
  readonly spellSince: Instant | null;
  /** The oldest that one of them became: a running task that is younger has shown nothing yet. */
  readonly oldestSeconds: number;
  /** Those of earlier spells. */
  readonly before: number;
}

const noCounts: TierCounts = { endedLate: 0, inSpell: 0, spellSince: null, oldestSeconds: 0, before: 0 };

export const noOrder: StartOrder = { tiers: [], newestSettled: null };

/** Running tasks by when they began: what has not settled yet, and how many run in all. */
export interface RunningTasks {
  readonly at: Instant;
  readonly running: number;
  /** The tasks that began at (about) the same instant and have not settled. */
  readonly young: readonly { readonly began: Instant; readonly count: number }[];
}

/** The order with a task that ended after so many seconds, as a failed start or otherwise. */
export function withEnd(
  order: StartOrder,
  { livedSeconds, isFailedStart }: { readonly livedSeconds: number; readonly isFailedStart: boolean },
  tasks: RunningTasks,
): StartOrder {
  const counted = tiers.map(({ youngSeconds, longSeconds }, index) => {
    const counts = order.tiers[index] ?? noCounts;
    if (livedSeconds >= longSeconds) return { ...counts, endedLate: counts.endedLate + 1 };
    if (!isFailedStart || livedSeconds >= youngSeconds) return counts;
    if (counts.spellSince === null || hasStartedSince(order, counts.spellSince, { longSeconds, tasks })) {
      const before = counts.before + counts.inSpell;
      return { ...counts, before, inSpell: 1, spellSince: tasks.at, oldestSeconds: livedSeconds };
    }
    const oldestSeconds = Math.max(counts.oldestSeconds, livedSeconds);
    return { ...counts, inSpell: counts.inSpell + 1, oldestSeconds };
  });
  return { ...order, tiers: counted };
}

/** Whether a task that began since then has lived long. */
function hasStartedSince(
  { newestSettled }: StartOrder,
  since: Instant,
  { longSeconds, tasks: { at, young } }: { readonly longSeconds: number; readonly tasks: RunningTasks },
): boolean {
  if (newestSettled !== null && newestSettled > since) return true;
  return young.some(({ began }) => began > since && at - began >= longSeconds * 1000);
}

/**
 * Whether starts fail now of a revision of which most went well: so many in a row, after so many
 * that lived long, would be less than a chance in `unlikelyOrder` if the order said nothing.
 */
export function isSudden(order: StartOrder, tasks: RunningTasks): boolean {
  return tiers.some(({ longSeconds }, index) => {
    const { endedLate, inSpell, before, oldestSeconds } = order.tiers[index] ?? noCounts;
    const youngerThan = (seconds: number) =>
      tasks.young.reduce(
        (sum, { began, count }) => (tasks.at - began < seconds * 1000 ? sum + count : sum),
        0,
      );
    const youngNow = youngerThan(longSeconds);
    const survivors = youngNow - youngerThan(oldestSeconds);
    const livedLong = endedLate + Math.max(0, tasks.running - youngNow);
    const isSpell = inSpell > 0 && 2 * before <= inSpell && survivors <= inSpell;
    return isSpell && ordersOf(livedLong, inSpell) >= unlikelyOrder;
  });
}

/** Whether a start had failed by that instant, and none has lived long before or after it. */
export function hasOnlyFailedSince({ tiers, newestSettled }: StartOrder, at: Instant): boolean {
  const { endedLate, before, spellSince } = tiers.at(-1) ?? noCounts;
  const hasSettled = newestSettled !== null || endedLate > 0 || before > 0;
  return !hasSettled && spellSince !== null && spellSince <= at;
}

const unlikelyOrder = 3;

/** In how many orders so many of two kinds can come, or more than is asked for. */
function ordersOf(long: number, young: number): number {
  let orders = 1;
  for (let one = 1; one <= Math.min(long, young) && orders < unlikelyOrder; one += 1) {
    orders = (orders * (Math.max(long, young) + one)) / one;
  }
  return orders;
}
