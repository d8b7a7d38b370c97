/**
 * What the page of a backtest shows: the document of `--format json`, and what the policies are
 * called.
 */
export interface BacktestData {
  readonly names: { readonly before: string; readonly after: string };
  readonly document: BacktestDocument;
}

interface BacktestDocument {
  readonly truths: { readonly good: number; readonly bad: number; readonly unknown: number };
  readonly comparison: ComparisonSection | null;
  readonly sweep: readonly TrialRow[] | null;
  /** The policy as it is given, enforced. */
  readonly given: ScoreEntry;
  readonly choice: ChoiceEntry | null;
  /** What makes the figures doubtful; null for nothing. */
  readonly warning: string | null;
}

interface ChoiceEntry {
  readonly set: TrialRow['set'];
  readonly cost: EstimateEntry;
  readonly saving: EstimateEntry;
}

interface EstimateEntry {
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

export interface ComparisonSection {
  readonly rollouts: number;
  readonly changes: { readonly [change: string]: number };
  readonly falseRollbacks: number;
  readonly missed: number;
  readonly tasksSpared: number;
  readonly differences: readonly DifferenceRow[];
}

export interface DifferenceRow {
  readonly service: string;
  readonly taskDefinition: string | null;
  readonly startedAt: string;
  readonly truth: string;
  readonly change: string;
  readonly before: EndEntry;
  readonly after: EndEntry;
  readonly laterBySeconds: number | null;
  readonly tasksSpared: number;
}

interface EndEntry {
  readonly verdict: { readonly result: string; readonly reason: string } | null;
  readonly outcome: string | null;
}

/** One combination of a sweep; the first is the policy as it is given. */
export interface TrialRow extends ScoreEntry {
  readonly set: { readonly [key: string]: number | string };
  readonly isBest: boolean;
}

interface ScoreEntry {
  readonly good: number;
  readonly bad: number;
  readonly falseRollbacks: number;
  readonly missed: number;
  readonly leftToOthers: number;
  readonly secondsToVerdict: { readonly half: number | null; readonly nineTenths: number | null };
}

export const backtestDataId = 'backtest-data';
