import type { Instant } from '../log/instant';
import { secondsAfter } from '../log/instant';
import type { AnalysisMetric, AnalysisPolicy } from '../log/measuring/analysis-policy';
import type { AnalysisPlan, ArmCounts, LonelyReason, PlannedMetric } from '../log/measuring/measurement';
import { type ArmsQuestion, armsOf } from './arms';
import { dispersionOf } from './dispersion';
import { countErrors, countSlow, countsByMinute, type GroupReading } from './group-minutes';
import { noCounts, sumOfCounts } from './measured-window';
import { describeLearning } from './needed-requests';

/** What ECS, the load balancer and the day before tell of a rollout. */
export interface PlanningFacts extends ArmsQuestion {
  readonly firstSharePercent: number | null;
  /** Of the target groups, from a day before the start on. */
  readonly readings: readonly GroupReading[];
  /** From when on an answer is slow; null where nothing tells. */
  readonly slowerThanSeconds: number | null;
}

/** Settles what is measured of a rollout, and what it is held against. Pure. */
export function planAnalysis(facts: PlanningFacts, policy: AnalysisPolicy): AnalysisPlan {
  const arms = armsOf(facts, facts.readings);
  const { firstSharePercent } = facts;
  if (arms.candidate === null) return planWithoutMetrics(arms.lonely ?? 'unreadable', '');
  const isTold = ({ preset }: AnalysisMetric) => preset !== 'target-slow' || facts.slowerThanSeconds !== null;
  const metrics = policy.metrics.filter(isTold).map((metric) => plannedMetric(facts, metric));
  const message = describeLearning({
    past: pastOf(facts, countErrors),
    sharePercent: arms.baseline === null ? 100 : (firstSharePercent ?? 100),
    policy,
  });
  return { arms, firstSharePercent, metrics, message };
}

/** The plan of a rollout of which nothing can be measured. */
export function planWithoutMetrics(lonely: LonelyReason, because: string): AnalysisPlan {
  const arms = { candidate: null, baseline: null, lonely };
  return { arms, firstSharePercent: null, metrics: [], message: because || lonelyTexts[lonely] };
}

/** Why a version is compared with no other, in words. */
export const lonelyTexts: Readonly<Record<LonelyReason, string>> = {
  noLoadBalancer: 'not measured: the service has no load balancer',
  networkLoadBalancer: 'not measured: a Network Load Balancer counts no requests',
  serviceConnect: 'not measured: Service Connect counts the requests of both versions together',
  firstDeployment: 'compared with nothing: there was no old version; only limits can fail it',
  sharedTargetGroup:
    "compared with the service's own past: both versions share a target group, which counts their requests together",
  unknownTargetGroup: 'not measured: neither ECS nor the traffic before tells which target group is whose',
  unreadable: 'not measured: AWS does not let Rewind look',
};

function plannedMetric(facts: PlanningFacts, metric: AnalysisMetric): PlannedMetric {
  const isSlow = metric.preset === 'target-slow';
  const past = pastOf(facts, isSlow ? countSlow : countErrors);
  const { slowerThanSeconds } = facts;
  return {
    metric: metric.name,
    query: isSlow ? `TargetResponseTime TC(${slowerThanSeconds}:)` : 'HTTPCode_Target_5XX_Count Sum',
    dispersion: Math.round(dispersionOf(past) * 100) / 100,
    pastRate: facts.isFirst ? null : highestRate(past),
    ...(isSlow && slowerThanSeconds !== null ? { slowerThanSeconds } : {}),
  };
}

/** A day of all target groups together: whichever version had the traffic then. */
export const pastSeconds = 86_400;

function pastOf({ readings, startedAt }: PlanningFacts, count: typeof countErrors): ArmCounts[] {
  const since = secondsAfter(startedAt, -pastSeconds);
  const byMinute = new Map<Instant, ArmCounts>();
  for (const reading of readings) {
    for (const [until, counts] of countsByMinute(reading, count)) {
      if (until <= since || until > startedAt) continue;
      byMinute.set(until, sumOfCounts(byMinute.get(until) ?? noCounts, counts));
    }
  }
  return [...byMinute].sort(([a], [b]) => a - b).map(([, counts]) => counts);
}

/** A spell of the past is at least so long, and has at least so many requests. */
const spell = { minutes: 15, requests: 1000 };

/**
 * The highest rate that the service has had over a spell of its day, at least that of one event
 * more than all. What is alone is compared with it: the course of a day is no fault of a version.
 * Null where no spell is full.
 */
function highestRate(past: readonly ArmCounts[]): number | null {
  const all = past.reduce(sumOfCounts, noCounts);
  if (past.length < spell.minutes || all.requests < spell.requests) return null;
  let highest = (all.events + 1) / all.requests;
  let current = noCounts;
  let minutes = 0;
  for (const counts of past) {
    current = sumOfCounts(current, counts);
    minutes += 1;
    if (minutes < spell.minutes || current.requests < spell.requests) continue;
    highest = Math.max(highest, current.events / current.requests);
    current = noCounts;
    minutes = 0;
  }
  return Math.min(1, Math.round(highest * 1e6) / 1e6);
}
