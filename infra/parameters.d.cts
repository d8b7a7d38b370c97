import type { EventPattern } from './local/event-patterns';

/** The parts of the rules' patterns that say which clusters are looked after. */
export function patternsFor(clusters: readonly string[]): {
  readonly clusterPatterns: EventPattern[string];
  readonly servicePatterns: EventPattern[string];
};
