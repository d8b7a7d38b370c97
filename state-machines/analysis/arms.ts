import { type Instant, secondsAfter } from '../log/instant';
import type { Arms, LonelyReason } from '../log/measuring/measurement';
import type { GroupReading } from './group-minutes';

/** What ECS and the load balancer tell of where a rollout's versions are. */
export interface ArmsQuestion {
  /** Those of the service, one or two: deployments that shift traffic take turns in them. */
  readonly targetGroups: readonly string[];
  /** The one that the new version uses, as ECS tells of a version that is active. */
  readonly resolved: string | null;
  readonly isFirst: boolean;
  /** Its requests come by Service Connect alone, whose metrics name no revision. */
  readonly isServiceConnect: boolean;
  /** Only Application Load Balancers count requests. */
  readonly tellsRequests: boolean;
  readonly startedAt: Instant;
}

/**
 * Which version is in which target group. Where ECS does not tell it any more, the traffic before
 * the start does: the group that had it is the old version's. Pure.
 */
export function armsOf(question: ArmsQuestion, readings: readonly GroupReading[]): Arms {
  const { targetGroups, resolved, isFirst } = question;
  const [only, ...others] = targetGroups;
  if (only === undefined) return alone(null, question.isServiceConnect ? 'serviceConnect' : 'noLoadBalancer');
  if (!question.tellsRequests) return alone(null, 'networkLoadBalancer');
  if (isFirst) return alone(resolved ?? only, 'firstDeployment');
  if (others.length === 0) return alone(only, 'sharedTargetGroup');
  const baseline = targetGroups.find((group) => group !== resolved);
  if (resolved !== null && baseline !== undefined) return { candidate: resolved, baseline, lonely: null };
  const [busiest, idle] = byTrafficBefore(question, readings);
  if (busiest === undefined || idle === undefined || busiest.requests <= idle.requests) {
    return alone(null, 'unknownTargetGroup');
  }
  return { candidate: idle.group, baseline: busiest.group, lonely: null };
}

function alone(candidate: string | null, lonely: LonelyReason): Arms {
  return { candidate, baseline: null, lonely };
}

/** Long enough for a quiet service, short enough for one that is deployed often. */
const beforeSeconds = 900;

function byTrafficBefore({ targetGroups, startedAt }: ArmsQuestion, readings: readonly GroupReading[]) {
  const since = secondsAfter(startedAt, -beforeSeconds);
  return targetGroups
    .map((group) => {
      const minutes = readings.find(({ targetGroup }) => targetGroup === group)?.minutes ?? [];
      const before = minutes.filter(({ until }) => until > since && until <= startedAt);
      return { group, requests: before.reduce((sum, { requests }) => sum + requests, 0) };
    })
    .sort((a, b) => b.requests - a.requests);
}
