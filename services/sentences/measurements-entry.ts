import { describeJudgement } from '../../state-machines/analysis/describe-judgement';
import { formatInstantOrNull } from '../../state-machines/log/instant';
import { measuredAnalysis } from '../../state-machines/rollout/measuring/live-measuring';
import type { Rollout } from '../../state-machines/rollout/rollout';

/** `measurements` of a JSON document; left out where nothing was measured. */
export function measurementsEntry(rollout: Pick<Rollout, 'analysis' | 'policy'>) {
  const { analysis, policy } = rollout;
  const judged = measuredAnalysis(rollout);
  if (analysis === null || judged === null || policy.analysis === null) return {};
  const misses = policy.analysis.missRatePercent / 100;
  const { plan, firstUsersUntil, measuredUntil, metrics } = analysis;
  return {
    measurements: {
      arms: plan.arms,
      traffic: plan.message,
      firstUsersUntil: formatInstantOrNull(firstUsersUntil),
      measuredUntil: formatInstantOrNull(measuredUntil),
      result: judged.result,
      metrics: judged.metrics.map((judgement, index) => {
        const { rule, at, result, brokenRule, candidate, baseline, interval, counted, gaps } = judgement;
        return {
          metric: rule.metric,
          ...(rule.isDryRun ? { dryRun: true } : {}),
          ...{ result, brokenRule, at: formatInstantOrNull(at) },
          ...{ candidate, baseline, interval, counted, gaps },
          /** All that the new version answered, judged or not: the damage. */
          served: metrics[index]?.served ?? null,
          message: describeJudgement(judgement, misses),
        };
      }),
    },
  };
}
