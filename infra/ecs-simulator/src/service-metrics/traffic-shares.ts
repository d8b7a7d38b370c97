import { targetGroupsOf } from '../model/deployment';
import type { ListenerRule } from '../model/load-balancing';
import { primaryOf, type Service } from '../model/service';
import { isStaged } from '../model/service-deployment';

/** The rule by which ECS shifts the traffic of a service; undefined where it has none. */
export function productionRuleOf(service: Service): string | undefined {
  if (service.deployments.length === 0) return undefined;
  return targetGroupsOf(primaryOf(service).revision)[0]?.productionListenerRule;
}

/**
 * The share of a service's requests that each of its target groups gets: as ECS has set the rule,
 * unless somebody has changed it since.
 */
export function sharesOf(service: Service, rule: ListenerRule | null): ReadonlyMap<string, number> {
  const byEcs = sharesByEcs(service);
  return rule !== null && areSame(rule.instead, byEcs) ? rule.shares : byEcs;
}

function sharesByEcs(service: Service): Map<string, number> {
  const shares = new Map<string, number>();
  if (service.deployments.length === 0) return shares;
  const [newest] = service.serviceDeployments;
  const [source] = newest?.sources ?? [];
  const isShared = newest !== undefined && isStaged(newest) && source !== undefined;
  const { revision } = isShared ? newest.deployment : primaryOf(service);
  const ofTarget = isShared ? newest.trafficWeights.production / 100 : 1;
  for (const { arn } of targetGroupsOf(revision)) shares.set(arn, ofTarget);
  if (!isShared) return shares;
  for (const { arn } of targetGroupsOf(source)) shares.set(arn, (shares.get(arn) ?? 0) + 1 - ofTarget);
  return shares;
}

function areSame(some: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): boolean {
  return some.size === others.size && [...some].every(([group, share]) => others.get(group) === share);
}
