import type { ServiceArn } from '../log/identifiers';
import { type Instant, secondsAfter } from '../log/instant';
import type { Policy } from '../log/policy';
import type { DeploymentConfiguration } from './configuration';
import type { AlarmDefinition, TargetGroupDimensions } from './preset-alarms';

/** A service, as ECS, its load balancers and CloudWatch show it at this moment. */
export interface ObservedProtection {
  readonly service: ServiceArn;
  /** `ECS`, or a controller that protects its deployments by itself. */
  readonly controller: string;
  readonly configuration: DeploymentConfiguration;
  /** What it had before the guard first wrote; null or absent where nobody knows. */
  readonly original?: DeploymentConfiguration | null;
  /** The deployment that ECS works on, and when it last moved; null when it works on none. */
  readonly rollout: { readonly taskDefinition: string; readonly since: Instant } | null;
  readonly loadBalancers: readonly { readonly hasAdvancedConfiguration: boolean }[];
  /** Service Connect or VPC Lattice. */
  readonly hasOtherTraffic: boolean;
  readonly targetGroups: readonly TargetGroupDimensions[];
  /** The tool that keeps the service as its own files say; null when no tag names one. */
  readonly owner: string | null;
  /** The alarms of `alarmNamesToRead` that exist, by name. */
  readonly alarms: ReadonlyMap<string, ObservedAlarm>;
}

/** Everything of an observation but the alarms: it says which alarms have to be read. */
export type ProtectionWithoutAlarms = Omit<ObservedProtection, 'alarms'>;

export interface ObservedAlarm {
  readonly name: string;
  /** OK, ALARM or INSUFFICIENT_DATA. */
  readonly state: string;
  /** Whether the alarm watches only requests that reach targets through a load balancer. */
  readonly isOnTraffic: boolean;
  /** Null when the guard cannot have made the alarm. */
  readonly definition: AlarmDefinition | null;
}

/**
 * When the rollout under way is over at the latest, by the policy's deadline; null if none. Pure.
 */
export function endOfRollout({
  observed: { rollout },
  policy,
}: {
  readonly observed: Pick<ObservedProtection, 'rollout'>;
  readonly policy: Pick<Policy, 'deadlineSeconds'>;
}): Instant | null {
  return rollout === null ? null : secondsAfter(rollout.since, policy.deadlineSeconds);
}
