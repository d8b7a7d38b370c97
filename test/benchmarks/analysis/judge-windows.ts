import {
  type JudgedRule,
  judgedFurther,
  judgementOf,
  type MetricJudgement,
  type MetricRule,
  unjudged,
} from '../../../state-machines/analysis/judge-metric';
import type { MeasuredWindow } from '../../../state-machines/analysis/measured-window';

/** The judgement of a metric after all of its windows, which stand in the order of time. */
export function judgeWindows(
  windows: readonly MeasuredWindow[],
  rule: MetricRule,
  shares: JudgedRule['shares'],
): MetricJudgement {
  const judged = { rule, shares };
  const progress = windows.reduce((before, window) => judgedFurther(before, window, judged), unjudged(rule));
  return judgementOf(progress, judged);
}
