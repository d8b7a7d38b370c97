import { describe, expect, it } from 'vitest';
import { analysisAtStart, withMeasurement } from '../../../state-machines/analysis/live-analysis';
import { planAnalysis } from '../../../state-machines/analysis/plan-analysis';
import { measurementsIn, windowEnds } from '../../../state-machines/analysis/window-readings';
import { secondsAfter } from '../../../state-machines/log/instant';
import {
  type AnalysisMetric,
  type AnalysisPolicy,
  presetMetrics,
  standardAnalysis,
} from '../../../state-machines/log/measuring/analysis-policy';
import { verdictOn } from '../../../state-machines/rollout/verdict';
import { second } from '../story';
import { dueAt, judged } from './judged';
import { signals } from './signals';

const errors = presetMetrics['target-5xx'];
const startedAt = second(0);

/** Twelve minutes in which a tenth of the traffic went to the new version: what became of it. */
function measured(failing: number, metric: AnalysisMetric, more: Partial<AnalysisPolicy> = {}) {
  const policy: AnalysisPolicy = { ...standardAnalysis, metrics: [metric], ...more };
  const group = (targetGroup: string, requests: number, failed: number) => ({
    targetGroup,
    isPartial: false,
    minutes: Array.from({ length: 12 }, (_, index) => ({
      until: secondsAfter(startedAt, 60 * (index + 1)),
      requests,
      errors: failed,
      slow: null,
    })),
  });
  const facts = {
    ...{ targetGroups: ['blue', 'green'], resolved: 'green', isFirst: false, isServiceConnect: false },
    ...{ tellsRequests: true, startedAt, firstSharePercent: 10, slowerThanSeconds: 0.5 },
    readings: [group('blue', 900, 9), group('green', 100, failing)],
  };
  const plan = planAnalysis(facts, policy);
  const windows = windowEnds(startedAt, null, secondsAfter(startedAt, 720));
  const taken = measurementsIn({ plan, metrics: [metric], readings: facts.readings, windows });
  const analysis = taken.reduce(
    (live, measurement) => withMeasurement(live, policy, measurement),
    analysisAtStart(plan, policy),
  );
  return { analysis, policy: { analysis: policy } };
}

describe('a window that is measured', () => {
  const verdictBy = (failing: number, metric: AnalysisMetric) =>
    verdictOn(judged({ phase: 'watching', ...measured(failing, metric) }), signals.MeasurementTaken);

  it('fails what is worse than the old version, or than the policy allows, and says which', () => {
    expect(verdictBy(100, errors)).toMatchObject({ result: 'failed', reason: 'MetricDegraded' });
    expect(verdictBy(100, errors)?.message).toMatch(/^errors: /);
    const limited = { ...errors, compare: null, maxPercent: 5 };
    expect(verdictBy(100, limited)).toMatchObject({ result: 'failed', reason: 'LimitExceeded' });
  });

  it('fails nothing that is as good, and nothing else that is told does', () => {
    expect(verdictBy(0, errors)).toBeNull();
    const bad = judged({ phase: 'watching', ...measured(100, errors) });
    expect(verdictOn(bad, signals.SightLost)).toBeNull();
  });
});

describe('a bake that ends while measurements have not said enough', () => {
  const strict = { ...errors, compare: { maxIncreasePercent: 1, unacceptableIncreasePercent: 2 } };
  const atEnd = (onInconclusive: AnalysisPolicy['onInconclusive'], more: object = {}) => {
    const open = { ...measured(1, strict, { onInconclusive }) };
    const policy = { ...open.policy, ...more };
    return verdictOn(judged({ ...open, policy }), { ...signals.BakeElapsed, at: dueAt });
  };

  it('ends as the policy of the analysis says', () => {
    expect(atEnd('rollback')).toMatchObject({ result: 'failed', reason: 'DeadlineElapsed' });
    expect(atEnd('notify')).toMatchObject({ result: 'inconclusive', reason: 'DeadlineElapsed' });
    expect(atEnd('notify')?.message).toMatch(/^the bake was extended once and still errors: .+/);
    expect(atEnd('notify', { onInconclusive: 'rollback' })).toMatchObject({ result: 'inconclusive' });
    expect(atEnd('pass')).toMatchObject({ result: 'passed' });
    expect(atEnd('pass')?.message).toMatch(/no failed task; errors: .+\)$/);
  });

  it('says how long it has baked that somebody ended before its time', () => {
    const transitionCause = { reason: 'Completed', at: second(370), eventId: 'completed' } as const;
    const early = judged({ transitionCause: transitionCause as never });
    expect(verdictOn(early, { ...signals.BakeElapsed, at: dueAt })?.message).toBe(
      'nothing spoke against it for 30 s after completion (no failed task)',
    );
  });
});
