import type { RolloutContext } from '../rollout-context';

/** By its share of so many requests a version would have had this many, and has none. */
const certainRequests = 20;

/**
 * Where the load balancer sends nothing to a version of which ECS says that it has a share of the
 * traffic: a sentence; null where nothing tells so. ECS does not look at its rule before it shifts:
 * https://github.com/aws/containers-roadmap/issues/2853. Pure.
 */
export function lostTraffic({
  analysis,
  traffic,
  isGoingBack,
  verdict,
}: Pick<RolloutContext, 'analysis' | 'traffic' | 'isGoingBack' | 'verdict'>): string | null {
  if (
    verdict !== null ||
    analysis === null ||
    traffic === null ||
    isGoingBack ||
    analysis.plan.arms.baseline === null
  )
    return null;
  const { alone } = analysis;
  const isNewAlone = alone?.version === 'candidate';
  const share = isNewAlone ? 100 - traffic.production : traffic.production;
  if (alone === null || (alone.requests * share) / 100 < certainRequests) return null;
  const lost = `the ${isNewAlone ? 'old' : 'new'} version had none of the last ${Math.round(alone.requests)} requests`;
  const though = isNewAlone ? `ECS leaves it ${share} %` : 'ECS has shifted traffic to it';
  return `${lost}, though ${though}: somebody has changed the listener's rule, or traffic takes another way`;
}
