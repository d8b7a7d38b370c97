import type { Instant } from '../log/instant';
import { secondsAfter } from '../log/instant';
import { type AnalysisMetric, type AnalysisPolicy, isProvided } from '../log/measuring/analysis-policy';
import type {
  AnalysisPlan,
  ArmCounts,
  Arms,
  LonelyReason,
  PlannedMetric,
} from '../log/measuring/measurement';
import { providerNameOf } from '../log/measuring/metric-provider';
import { type ArmsQuestion, armsOf } from './arms';
import { dispersionOfUsers } from './dispersion';
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
  /** So long a user stays with a version; null or absent: a request, or nothing tells. */
  readonly stickySeconds?: number | null;
  /** By what names others than load balancers know both versions; null: none is asked. */
  readonly versions?: NonNullable<AnalysisPlan['versions']> | null;
  /** By metric, what those have counted on the day before. */
  readonly pasts?: ReadonlyMap<string, readonly ArmCounts[]>;
}

/** Settles what is measured of a rollout, and what it is held against. Pure. */
export function planAnalysis(facts: PlanningFacts, policy: AnalysisPolicy): AnalysisPlan {
  const arms = armsOf(facts, facts.readings);
  const { firstSharePercent, versions = null } = facts;
  const metrics = policy.metrics
    .filter((metric) => isTold(metric, facts, arms))
    .map((metric) => plannedMetric(facts, metric));
  if (arms.candidate === null && metrics.length === 0)
    return planWithoutMetrics(arms.lonely ?? 'unreadable', '');
  const message = arms.candidate === null ? countedElsewhere(arms, metrics) : learningOf(facts, arms, policy);
  return { arms, firstSharePercent, metrics, message, ...(versions === null ? {} : { versions }) };
}

function isTold({ preset }: AnalysisMetric, facts: PlanningFacts, { candidate }: Arms): boolean {
  if (preset === undefined) return facts.versions != null;
  return candidate !== null && (preset !== 'target-slow' || facts.slowerThanSeconds !== null);
}

function learningOf(facts: PlanningFacts, arms: Arms, policy: AnalysisPolicy): string {
  const learning = describeLearning({
    past: pastOf(facts, countErrors),
    sharePercent: arms.baseline === null ? 100 : (facts.firstSharePercent ?? 100),
    policy,
  });
  const { stickySeconds = null } = facts;
  if (arms.baseline === null || stickySeconds === null) return learning;
  return `${learning}; the listener's rule keeps users with a version for ${stickySeconds} s, so that shares are those of new users, and one user's errors come together`;
}

function countedElsewhere({ lonely }: Arms, metrics: readonly PlannedMetric[]): string {
  const names = metrics.map(({ metric }) => metric).join(', ');
  return `by its load balancer ${lonelyTexts[lonely ?? 'unreadable']}; measured by others: ${names}`;
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
  const { slowerThanSeconds, pasts, stickySeconds = null } = facts;
  const past =
    metric.preset === undefined
      ? (pasts?.get(metric.name) ?? [])
      : pastOf(facts, isSlow ? countSlow : countErrors);
  return {
    metric: metric.name,
    query: queryText(metric, slowerThanSeconds),
    dispersion: Math.round(dispersionOfUsers(past, stickySeconds) * 100) / 100,
    pastRate: facts.isFirst ? null : highestRate(past),
    ...(isSlow && slowerThanSeconds !== null ? { slowerThanSeconds } : {}),
  };
}

function queryText(metric: AnalysisMetric, slowerThanSeconds: number | null): string {
  if (metric.preset === 'target-slow') return `TargetResponseTime TC(${slowerThanSeconds}:)`;
  if (metric.preset === 'target-5xx') return 'HTTPCode_Target_5XX_Count Sum';
  if (!isProvided(metric)) return '';
  const { provider, events, total } = metric;
  return `${providerNameOf(provider)}: ${[events, total].filter((text) => text !== '').join(' of ')}`;
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
