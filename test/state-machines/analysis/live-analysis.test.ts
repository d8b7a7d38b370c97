import { describe, expect, it } from 'vitest';
import { analyseRollout } from '../../../state-machines/analysis/analyse-rollout';
import { type ArmsQuestion, armsOf } from '../../../state-machines/analysis/arms';
import { describeJudgement } from '../../../state-machines/analysis/describe-judgement';
import type { GroupReading } from '../../../state-machines/analysis/group-minutes';
import {
  analysisAtStart,
  analysisSoFar,
  withMeasurement,
} from '../../../state-machines/analysis/live-analysis';
import { type PlanningFacts, planAnalysis } from '../../../state-machines/analysis/plan-analysis';
import { measurementsIn, windowEnds } from '../../../state-machines/analysis/window-readings';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import {
  type AnalysisMetric,
  type AnalysisPolicy,
  presetMetrics,
  standardAnalysis,
} from '../../../state-machines/log/measuring/analysis-policy';

/** An instant by its minute. */
const at = (minute: number) => instantFrom(minute * 60_000);

/** A target group that got so many requests in each minute from a first one on. */
function reading(targetGroup: string, first: number, requests: readonly number[]): GroupReading {
  const minutes = requests.flatMap((count, index) =>
    count === 0 ? [] : [{ until: at(first + index), requests: count, errors: 1, slow: null }],
  );
  return { targetGroup, minutes, isPartial: false };
}

const question: ArmsQuestion = {
  targetGroups: ['blue', 'green'],
  resolved: null,
  isFirst: false,
  isServiceConnect: false,
  tellsRequests: true,
  startedAt: at(100),
};
const before = [reading('blue', 80, Array(30).fill(10)), reading('green', 80, Array(30).fill(900))];

describe('the arms of a rollout', () => {
  it('R38 are told by the traffic before it, where ECS does not tell them any more', () => {
    expect(armsOf(question, before)).toEqual({ candidate: 'blue', baseline: 'green', lonely: null });
    const silent = before.map(({ targetGroup }) => reading(targetGroup, 80, []));
    expect(armsOf(question, silent)).toMatchObject({ candidate: null, lonely: 'unknownTargetGroup' });
  });

  it('R35 are as ECS tells them, where it does', () => {
    const arms = armsOf({ ...question, resolved: 'green' }, before);
    expect(arms).toEqual({ candidate: 'green', baseline: 'blue', lonely: null });
  });

  it.each([
    [{ isFirst: true, resolved: 'blue' }, 'firstDeployment', 'blue'],
    [{ targetGroups: ['blue'] }, 'sharedTargetGroup', 'blue'],
    [{ tellsRequests: false }, 'networkLoadBalancer', null],
    [{ targetGroups: [] }, 'noLoadBalancer', null],
    [{ targetGroups: [], isServiceConnect: true }, 'serviceConnect', null],
  ] as const)('R34 R36 R41 lack an old version: %o', (told, lonely, candidate) => {
    expect(armsOf({ ...question, ...told }, before)).toEqual({ candidate, baseline: null, lonely });
  });
});

describe('the windows of a rollout', () => {
  const span = { startedAt: instantFrom(100 * 60_000 + 30_000), firstSharePercent: 10 };
  const facts = { ...question, ...span, resolved: 'green', slowerThanSeconds: 0.5 };
  // Test traffic, the first shift, nothing for two minutes, the second shift.
  const green = reading('green', 100, [0, 20, 20, 20, 100, 100, 0, 0, 300, 300, 300, 300, 300]);
  const blue = reading('blue', 100, [900, 900, 900, 900, 900, 900, 900, 900, 700, 700, 700, 700, 700]);
  const errors = presetMetrics['target-5xx'];
  const policyWith = (metric: AnalysisMetric): AnalysisPolicy => ({ ...standardAnalysis, metrics: [metric] });

  function measured(metric = errors, given: Partial<PlanningFacts> & { until?: Instant } = {}) {
    const { until = at(112), ...told } = given;
    const policy = policyWith(metric);
    const known = { ...facts, readings: [blue, green], ...told };
    const plan = planAnalysis(known, policy);
    const windows = windowEnds(known.startedAt, null, until);
    const taken = measurementsIn({ plan, metrics: [metric], readings: known.readings, windows });
    return { plan, policy, taken };
  }

  function folded({ plan, policy, taken }: ReturnType<typeof measured>) {
    const start = analysisAtStart(plan, policy);
    return taken.reduce((live, measurement) => withMeasurement(live, policy, measurement), start);
  }

  it('R39 R46 are whole minutes of the back-end, and count from the first shift on, not with test traffic', () => {
    const { taken, ...given } = measured();
    const minutes = taken.map(({ until }) => until / 60_000);
    expect(minutes).toEqual(Array.from({ length: 12 }, (_, index) => 101 + index));
    expect(taken[3]?.readings).toEqual([
      {
        metric: 'errors',
        state: 'measured',
        candidate: { requests: 100, events: 1 },
        baseline: { requests: 900, events: 1 },
      },
    ]);
    const live = folded({ taken, ...given });
    expect(live.firstUsersUntil).toBe(at(104));
    expect(live.metrics[0]?.served).toEqual({ requests: 1700, events: 7 });
    expect(live.metrics[0]?.progress.counted).toBe(7);
  });

  it('R18 are missing where the new version had no requests, and that is never a success', () => {
    const live = folded(measured());
    expect(live.metrics[0]?.progress.gaps).toEqual({ noRequests: 2, partial: 0, unreadable: 0 });
    const silent = folded(measured(errors, { readings: [blue, reading('green', 100, [])] }));
    expect(silent.firstUsersUntil).toBeNull();
    expect(analysisSoFar(silent, policyWith(errors)).result).toBe('undecided');
  });

  it('R37 say nothing from when on somebody else took the traffic of one version away', () => {
    const minutes = (group: string, count: (minute: number) => number): GroupReading =>
      reading(
        group,
        101,
        Array.from({ length: 40 }, (_, index) => count(index)),
      );
    const until = at(140);
    const before = folded(
      measured(errors, {
        readings: [minutes('blue', () => 900), minutes('green', (minute) => (minute < 5 ? 100 : 0))],
        until: at(105),
      }),
    );
    const taken = (readings: readonly GroupReading[]) => folded(measured(errors, { readings, until }));
    const withoutNew = taken([
      minutes('blue', () => 900),
      minutes('green', (minute) => (minute < 5 ? 100 : 0)),
    ]);
    const withoutOld = taken([
      minutes('blue', (minute) => (minute < 5 ? 900 : 0)),
      minutes('green', () => 100),
    ]);
    expect(withoutNew.metrics[0]?.progress.compared).toEqual(before.metrics[0]?.progress.compared);
    expect(withoutNew.metrics[0]?.progress.gaps.noRequests).toBe(35);
    // Nothing is known of what is usual: minutes of one version alone are compared with nothing.
    expect(withoutOld.metrics[0]?.progress.compared).toEqual(before.metrics[0]?.progress.compared);
  });

  it('R48 leave out the minutes after each shift, where that is asked for', () => {
    const patient = { ...errors, initialDelaySeconds: 120 };
    expect(folded(measured(patient)).metrics[0]?.progress.counted).toBe(3);
  });

  it('are partial where the back-end did not tell all', () => {
    const { taken } = measured(errors, { readings: [blue, { ...green, isPartial: true }] });
    expect(new Set(taken.map(({ readings }) => readings[0]?.state))).toEqual(new Set(['partial']));
  });

  it('R16 end where the back-end is whole', () => {
    expect(measured(errors, { until: at(105) }).taken.at(-1)?.until).toBe(at(105));
  });

  it('count once, whoever told of them, and none is counted behind a newer one', () => {
    const { taken, ...given } = measured();
    const once = folded({ taken, ...given });
    expect(folded({ taken: [...taken, ...taken.slice(3)], ...given })).toEqual(once);
  });

  it('are measured and decide nothing, by a metric on trial', () => {
    const bad = {
      ...green,
      minutes: green.minutes.map((minute) => ({ ...minute, errors: minute.requests })),
    };
    const trial = { ...errors, dryRun: true };
    const readings = [blue, bad];
    const failed = analysisSoFar(folded(measured(errors, { readings })), policyWith(errors));
    const tried = analysisSoFar(folded(measured(trial, { readings })), policyWith(trial));
    expect(failed).toMatchObject({ result: 'failed', metrics: [{ result: 'failed' }] });
    expect(tried).toMatchObject({ result: 'blind', failed: null, metrics: [{ result: 'failed' }] });
  });
});

describe('a version without another beside it', () => {
  const minutesOf = (first: number, count: number, errors: number) =>
    Array.from({ length: count }, (_, index) => ({
      until: at(first + index),
      requests: 600,
      errors,
      slow: null,
    }));
  const facts = {
    ...question,
    targetGroups: ['blue'],
    startedAt: at(2000),
    firstSharePercent: null,
    slowerThanSeconds: null,
    until: at(2015),
  };
  const during = (errors: number): GroupReading => ({
    targetGroup: 'blue',
    isPartial: false,
    minutes: [...minutesOf(600, 1401, 1), ...minutesOf(2001, 15, errors)],
  });
  const findings = (errors: number, isFirst = false) =>
    analyseRollout({ ...facts, isFirst, readings: [during(errors)] }, standardAnalysis);

  it('R36 is held to the worst quarter of an hour of the day before', () => {
    expect(findings(1).analysis.result).toBe('accepted');
    const { analysis } = findings(10);
    expect(analysis).toMatchObject({
      result: 'failed',
      failed: { brokenRule: 'comparison', baseline: null },
    });
    const [judgement] = analysis.metrics;
    const text = judgement === undefined ? '' : describeJudgement(judgement, 0.05);
    expect(text).toMatch(/requests \(1\.7 %\) against the 0\.17 % of its worst quarter of an hour/);
  });

  it('R34 is compared with nothing where it is the first', () => {
    const { plan, analysis } = findings(500, true);
    expect(plan).toMatchObject({ arms: { lonely: 'firstDeployment' }, metrics: [{ pastRate: null }] });
    expect(analysis).toMatchObject({ result: 'blind', failed: null });
  });
});
