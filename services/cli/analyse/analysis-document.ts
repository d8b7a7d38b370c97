import { describeJudgement } from '../../../state-machines/analysis/describe-judgement';
import type { MetricJudgement } from '../../../state-machines/analysis/judge-metric';
import { formatInstant, formatInstantOrNull } from '../../../state-machines/log/instant';
import { type AnalysedRollout, slowerThanIn } from './analyse-service';
import type { ServiceAnalysis } from './analysis-text';

/** The JSON of `rewind analyse`. Fields may be added; none changes its meaning. */
export function analysisDocument({ service, policy, analysed }: ServiceAnalysis) {
  return {
    schema: 'rewind.analysis/1',
    service,
    rollouts: analysed.map((one) => analysedRolloutOf(one, policy.missRatePercent / 100)),
  };
}

function analysedRolloutOf({ rollout, findings, until }: AnalysedRollout, misses: number) {
  const { analysis, plan, answered, answeredAtFailure, answeredWhenKnown, firstUsersUntil } = findings;
  const { serviceDeployment, status, strategy, startedAt, finishedAt, runs, replaces } = rollout;
  return {
    ...{ serviceDeployment, status, strategy, taskDefinition: runs, replaces },
    startedAt: formatInstant(startedAt),
    finishedAt: formatInstantOrNull(finishedAt),
    judgedUntil: formatInstant(until),
    firstUsersUntil: formatInstantOrNull(firstUsersUntil),
    arms: plan.arms,
    plan: plan.message,
    result: analysis.result,
    failedAt: formatInstantOrNull(analysis.failed?.at ?? null),
    answered,
    answeredAtFailure,
    answeredWhenKnown,
    slowerThanSeconds: slowerThanIn(plan),
    metrics: analysis.metrics.map((judgement) => metricOf(judgement, misses)),
  };
}

function metricOf(judgement: MetricJudgement, misses: number) {
  const { rule, at, ...rest } = judgement;
  const { metric, comparison, maximumRate, maximumCount, pastRate, dispersion } = rule;
  return {
    metric,
    ...rest,
    at: formatInstantOrNull(at),
    dispersion: Math.round(dispersion * 100) / 100,
    heldTo: { comparison, maximumRate, maximumCount, pastRate },
    message: describeJudgement(judgement, misses),
  };
}
