import type { Instant } from '../../log/instant';
import type { AnalysisPolicy } from '../../log/measuring/analysis-policy';
import type { AnalysisPlan } from '../../log/measuring/measurement';
import type { RolloutId } from '../../log/rollout-id';

/** Which rollout is to be measured, and how, by its recorded policy. */
export interface PlanQuestion extends RolloutId {
  /** What it rolls out; null where ECS has not told. */
  readonly serviceRevision: string | null;
  readonly policy: AnalysisPolicy;
}

/** The windows that are whole and not measured yet. */
export interface MeasurementQuestion extends RolloutId {
  readonly plan: AnalysisPlan;
  readonly policy: AnalysisPolicy;
  /** Their ends, in order. */
  readonly windows: readonly Instant[];
}
