/**
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html, as far as ECS
 * has rules about it.
 */
export interface ServiceLoadBalancer {
  readonly loadBalancerName?: string;
  readonly targetGroupArn?: string;
  readonly advancedConfiguration?: AdvancedConfiguration;
}
interface AdvancedConfiguration {
  readonly alternateTargetGroupArn?: string;
  readonly productionListenerRule?: string;
  readonly testListenerRule?: string;
}
type LoadBalancers = readonly ServiceLoadBalancer[];

/**
 * Why ECS would refuse these load balancers for such a service, in its words; null when it would
 * not. Pure.
 */
export function loadBalancerRefusal(
  loadBalancers: LoadBalancers,
  service: { readonly strategy: string; readonly hasOtherTraffic: boolean },
): string | null {
  return (
    mixtureIn(loadBalancers) ??
    strategyRefusal(loadBalancers, service) ??
    duplicateIn(loadBalancers) ??
    listenerRefusal(loadBalancers)
  );
}

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html, for
 * this and what follows.
 */
function mixtureIn(loadBalancers: LoadBalancers): string | null {
  const classic = loadBalancers.filter(({ loadBalancerName }) => loadBalancerName !== undefined);
  if (classic.some(({ advancedConfiguration }) => advancedConfiguration !== undefined))
    return 'advancedConfiguration field is not allowed with ELBv1 loadBalancers';
  if (classic.length > 0 && loadBalancers.some(({ targetGroupArn }) => targetGroupArn !== undefined))
    return 'All loadBalancers must be strictly either ELBv1 (defining loadBalancerName) or ELBv2 (defining targetGroupArn)';
  return null;
}

function strategyRefusal(
  loadBalancers: LoadBalancers,
  { strategy, hasOtherTraffic }: { readonly strategy: string; readonly hasOtherTraffic: boolean },
): string | null {
  const advanced = advancedIn(loadBalancers).length;
  const isRolling = strategy === 'ROLLING';
  if (!isRolling && advanced < loadBalancers.length)
    return 'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy';
  if (advanced > 0 && advanced < loadBalancers.length)
    return 'Either all or none of the provided loadBalancers must have advancedConfiguration defined';
  if (isRolling || loadBalancers.length > 0 || hasOtherTraffic) return null;
  return `The ${strategy} deployment strategy needs a load balancer, Service Connect or VPC Lattice`;
}

function duplicateIn(loadBalancers: LoadBalancers): string | null {
  const arns = loadBalancers
    .flatMap(({ targetGroupArn, advancedConfiguration }) => [
      targetGroupArn,
      advancedConfiguration?.alternateTargetGroupArn,
    ])
    .filter((arn) => arn !== undefined);
  const duplicate = arns.find((arn, index) => arns.indexOf(arn) < index);
  return duplicate === undefined ? null : `Duplicate targetGroupArn found: ${duplicate}`;
}

/** The rule of an Application Load Balancer, the listener of a Network Load Balancer. */
const listenerArn = /:(listener-rule\/app|listener\/net)\//;

function listenerRefusal(loadBalancers: LoadBalancers): string | null {
  for (const { productionListenerRule: production, testListenerRule: test } of advancedIn(loadBalancers)) {
    if (production !== undefined && !listenerArn.test(production))
      return `productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${production}`;
    if (production !== undefined && production === test)
      return `The following rules cannot be used as both production and test listener rules: ${production}`;
  }
  return null;
}

function advancedIn(loadBalancers: LoadBalancers): AdvancedConfiguration[] {
  return loadBalancers
    .map(({ advancedConfiguration }) => advancedConfiguration)
    .filter((advanced) => advanced !== undefined);
}
