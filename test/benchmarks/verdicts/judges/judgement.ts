import type { Cell } from '../histories/compact-history';

/** A failed verdict on a rollout; null where a judge has nothing against it. */
export type FailedVerdict = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly because: string;
  readonly exposure: Exposure;
} | null;

/** What a release has reached by a verdict. */
export interface Exposure {
  /** Tasks of it that were started, as a multiple of the service's. */
  readonly started: number;
  /** For how many minutes the whole service would have been served by it. */
  readonly servedMinutes: number;
}

/** What the judges say of one history. */
export interface Judgement extends Cell {
  readonly judgedAt: number;
  readonly firstSignAt: number | null;
  readonly setting: string;
  /** In the order of the judges. */
  readonly verdicts: readonly FailedVerdict[];
}
