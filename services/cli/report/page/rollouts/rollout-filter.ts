import type { IndexEntry } from '../../report-data';

/** Which rollouts the index shows, and in which order. Empty texts filter nothing. */
export interface RolloutFilter {
  readonly text: string;
  readonly outcome: string;
  readonly reason: string;
  readonly sort: SortKey;
}

const sortKeys = ['newest', 'oldest', 'slowest', 'fastest', 'failures'] as const;
type SortKey = (typeof sortKeys)[number];

export function filterFrom(parameters: URLSearchParams): RolloutFilter {
  const sort = sortKeys.find((key) => key === parameters.get('sort')) ?? 'oldest';
  const textOf = (name: string) => parameters.get(name) ?? '';
  return { text: textOf('text'), outcome: textOf('outcome'), reason: textOf('reason'), sort };
}

/** As parameters of an address: what is as it is anyway is left out. */
export function parametersOf({ text, outcome, reason, sort }: RolloutFilter): Record<string, string> {
  return { text, outcome, reason, sort: sort === 'oldest' ? '' : sort };
}

/** Where a rollout stands: its outcome, or its phase while it has none. */
export function outcomeOrPhase({ outcome, phase }: IndexEntry): string {
  return outcome ?? phase;
}

/**
 * The numbers of the rollouts that pass the filter, in its order. Every word of the text has to
 * occur.
 */
export function filterRollouts(rollouts: readonly IndexEntry[], filter: RolloutFilter): number[] {
  const words = filter.text.toLowerCase().split(/\s+/);
  const isShown = (entry: IndexEntry) =>
    (filter.outcome === '' || outcomeOrPhase(entry) === filter.outcome) &&
    (filter.reason === '' || entry.verdict?.reason === filter.reason) &&
    words.every((word) => searchTextOf(entry).includes(word));
  const shown = rollouts.flatMap((entry, number) => (isShown(entry) ? [{ entry, number }] : []));
  return shown
    .sort((a, b) => comparisons[filter.sort](a.entry, b.entry) || a.number - b.number)
    .map(({ number }) => number);
}

const comparisons: { readonly [key in SortKey]: (a: IndexEntry, b: IndexEntry) => number } = {
  oldest: (a, b) => a.startedAt - b.startedAt,
  newest: (a, b) => b.startedAt - a.startedAt,
  slowest: (a, b) => (b.secondsToVerdict ?? -1) - (a.secondsToVerdict ?? -1),
  fastest: (a, b) => (a.secondsToVerdict ?? Infinity) - (b.secondsToVerdict ?? Infinity) || 0,
  failures: (a, b) => b.failed - a.failed,
};

function searchTextOf({ path, region, account, deployment, taskDefinition, verdict }: IndexEntry): string {
  return [path, region, account, deployment, taskDefinition, verdict?.message].join(' ').toLowerCase();
}
