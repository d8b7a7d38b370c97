import { describeJudgement } from '../../analysis/describe-judgement';
import type { MetricJudgement } from '../../analysis/judge-metric';
import { isHeldToAnything } from '../../analysis/judge-metrics';
import type { AnalysisPolicy } from '../../log/measuring/analysis-policy';
import { isMeasurable } from '../../log/measuring/measurement';
import { isRollback, type RolloutContext } from '../rollout-context';
import { measuredAnalysis } from './live-measuring';
import { lostTraffic } from './lost-traffic';

/** A metric of which too little is known, and what the policy makes of that. */
interface OpenMetric {
  readonly message: string;
  readonly follows: AnalysisPolicy['onInconclusive'];
}

/** What the measurements leave open at the end of a bake; empty where nothing is measured. Pure. */
export function openMetrics(context: RolloutContext): readonly OpenMetric[] {
  const policy = context.policy.analysis;
  if (policy === null || isRollback(context)) return [];
  const { analysis } = context;
  if (analysis === null) return [{ message: 'its metrics (not measured yet)', follows: 'notify' }];
  if (!isMeasurable(analysis.plan)) {
    return isToldByNobody(analysis.plan.arms.lonely) ? [] : unread(policy, analysis.plan.message);
  }
  const lost = lostTraffic(context);
  const judged = measuredAnalysis(context)?.metrics ?? [];
  const open = judged.filter(isOpen).flatMap((judgement) => openMetricOf(judgement, policy) ?? []);
  return lost === null ? open : [{ message: lost, follows: 'notify' }, ...open];
}

/** There is no back-end that tells of the service's requests: nothing is left open. */
function isToldByNobody(lonely: string | null): boolean {
  return lonely === 'noLoadBalancer' || lonely === 'networkLoadBalancer' || lonely === 'serviceConnect';
}

function unread({ metrics }: AnalysisPolicy, message: string): OpenMetric[] {
  const rules = metrics.filter(({ dryRun }) => !dryRun).map(({ onNoData }) => onNoData);
  if (rules.every((rule) => rule === 'pass')) return [];
  return [{ message: `its metrics (${message})`, follows: rules.includes('fail') ? 'rollback' : 'notify' }];
}

function isOpen({ rule, result }: MetricJudgement): boolean {
  return !rule.isDryRun && isHeldToAnything(rule) && (result === 'undecided' || result === 'blind');
}

/** Null where the policy takes what could not be measured for good. */
function openMetricOf(judgement: MetricJudgement, policy: AnalysisPolicy): OpenMetric | null {
  const message = describeJudgement(judgement, policy.missRatePercent / 100);
  const { counted, result, rule } = judgement;
  if (counted > 0 && result === 'undecided') return { message, follows: policy.onInconclusive };
  const onNoData = policy.metrics.find(({ name }) => name === rule.metric)?.onNoData ?? 'inconclusive';
  return onNoData === 'pass' ? null : { message, follows: onNoData === 'fail' ? 'rollback' : 'notify' };
}
