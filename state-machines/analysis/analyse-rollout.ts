import { type Instant, secondsAfter } from '../log/instant';
import type { AnalysisPolicy } from '../log/measuring/analysis-policy';
import type { AnalysisPlan, ArmCounts, Measurement } from '../log/measuring/measurement';
import type { RolloutAnalysis } from './judge-metrics';
import { analysisAtStart, analysisSoFar, type LiveAnalysis, withMeasurement } from './live-analysis';
import { noCounts } from './measured-window';
import { type PlanningFacts, planAnalysis } from './plan-analysis';
import { measurementsIn, windowEnds } from './window-readings';

/** A rollout, and all that load balancers tell of it. */
interface MeasuredRollout extends PlanningFacts {
  /** Its end, or until when the back-end tells whole minutes. */
  readonly until: Instant;
}

/** What the measurements of a rollout say. */
export interface RolloutFindings {
  readonly plan: AnalysisPlan;
  readonly analysis: RolloutAnalysis;
  /** The end of the first minute in which the new version had users; null where it had none. */
  readonly firstUsersUntil: Instant | null;
  /** What the new version answered until the rollout's end, by the first metric. */
  readonly answered: ArmCounts;
  /** Of it, what it had answered when it failed; null where it did not. */
  readonly answeredAtFailure: ArmCounts | null;
  /** And when that was known, as a back-end tells whole counts late; null where it did not. */
  readonly answeredWhenKnown: ArmCounts | null;
}

/** Judges a rollout by what its users got, as a live one is judged window by window. Pure. */
export function analyseRollout(rollout: MeasuredRollout, policy: AnalysisPolicy): RolloutFindings {
  const plan = planAnalysis(rollout, policy);
  const windows = windowEnds(rollout.startedAt, null, rollout.until);
  const question = { plan, metrics: policy.metrics, readings: rollout.readings, windows };
  const measurements = plan.arms.candidate === null ? [] : measurementsIn(question);
  const live = measuredUntil(measurements, { plan, policy });
  const analysis = analysisSoFar(live, policy);
  const failedAt = analysis.failed?.at ?? null;
  const answeredBy = (at: Instant | null) =>
    at === null
      ? null
      : answeredIn(
          measuredUntil(
            measurements.filter(({ until }) => until <= at),
            { plan, policy },
          ),
        );
  return {
    plan,
    analysis,
    firstUsersUntil: live.firstUsersUntil,
    answered: answeredIn(live),
    answeredAtFailure: answeredBy(failedAt),
    answeredWhenKnown: answeredBy(failedAt === null ? null : secondsAfter(failedAt, policy.lagSeconds)),
  };
}

function measuredUntil(
  measurements: readonly Measurement[],
  { plan, policy }: { readonly plan: AnalysisPlan; readonly policy: AnalysisPolicy },
): LiveAnalysis {
  return measurements.reduce(
    (live, measurement) => withMeasurement(live, policy, measurement),
    analysisAtStart(plan, policy),
  );
}

function answeredIn({ metrics }: LiveAnalysis): ArmCounts {
  return metrics[0]?.served ?? noCounts;
}
