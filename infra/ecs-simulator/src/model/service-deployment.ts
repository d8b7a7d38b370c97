import type { EcsDeploymentConfiguration, HookStage } from '../configuration/deployment-configuration';
import { ecsArn } from '../foundation/arn';
import type { ClockTime } from '../foundation/clock';
import type { Deployment, ServiceRevision } from './deployment';
import type { Service } from './service';
import type { World } from './world';

/**
 * One attempt to bring a service to a service revision, its rollback included: a rollback happens
 * *inside* the service deployment that failed, while `deployments[]` shows it as an entry taken up
 * again. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
export interface ServiceDeployment {
  readonly arn: string;
  readonly service: Service;
  /** What it brings the service to. */
  readonly deployment: Deployment;
  readonly sources: readonly ServiceRevision[];
  readonly configuration: EcsDeploymentConfiguration;
  readonly createdAt: ClockTime;
  updatedAt: ClockTime;
  startedAt: ClockTime | null;
  finishedAt: ClockTime | null;
  stoppedAt: ClockTime | null;
  status: ServiceDeploymentStatus;
  statusReason: string | null;
  rollback: ServiceRollback | null;
  isBreakerTriggered: boolean;
  alarms: AlarmMonitoring | null;
  /** When its bake is over; null while it has none to wait for yet. */
  bakeUntil: ClockTime | null;
  /** Where a blue/green, linear or canary deployment is; null in a rolling one. */
  lifecycleStage: DeploymentStage | null;
  /** The share of traffic that its target has, in percent: what is left goes to its source. */
  readonly trafficWeights: { test: number; production: number };
  /** Those of the stage that it is in. */
  hooks: readonly HookRun[];
  /** Whether a rollback still moves traffic: the tasks that get it stay until then. */
  isShiftingBack: boolean;
}
interface AlarmMonitoring {
  readonly alarmNames: readonly string[];
  /** DISABLED for one of which an alarm was in ALARM when it started. */
  status: 'MONITORING' | 'DISABLED' | 'TRIGGERED';
  readonly triggered: readonly string[];
}
export type DeploymentStage =
  | Exclude<HookStage, 'PRE_PRODUCTION_TRAFFIC_SHIFT'>
  | 'SCALE_UP'
  | 'BAKE_TIME'
  | 'CLEAN_UP';
/**
 * One hook at one stage:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookDetail.html
 */
export interface HookRun {
  readonly id: string;
  readonly stage: HookStage;
  readonly targetType: 'AWS_LAMBDA' | 'PAUSE';
  readonly targetArn: string | undefined;
  readonly expiresAt: ClockTime;
  readonly timeoutAction: 'ROLLBACK' | 'CONTINUE';
  status: 'AWAITING_ACTION' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
}
export const serviceDeploymentStatuses = [
  'PENDING',
  'SUCCESSFUL',
  'STOPPED',
  'STOP_REQUESTED',
  'IN_PROGRESS',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
] as const;
type ServiceDeploymentStatus = (typeof serviceDeploymentStatuses)[number];
interface ServiceRollback {
  readonly reason: string;
  readonly startedAt: ClockTime;
  readonly deployment: Deployment;
}

const finalStatuses: ReadonlySet<ServiceDeploymentStatus> = new Set([
  'SUCCESSFUL',
  'STOPPED',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
]);

/** A new one, PENDING, as the service's newest. */
export function createServiceDeployment(
  world: World,
  service: Service,
  { deployment, sources }: { deployment: Deployment; sources: readonly ServiceRevision[] },
): ServiceDeployment {
  const now = world.clock.now();
  const serviceDeployment: ServiceDeployment = {
    arn: ecsArn(
      world,
      `service-deployment/${service.cluster.name}/${service.name}/${world.random.alphanumeric(21)}`,
    ),
    service,
    deployment,
    sources,
    configuration: service.deploymentConfiguration,
    createdAt: now,
    updatedAt: now,
    startedAt: null,
    finishedAt: null,
    stoppedAt: null,
    status: 'PENDING',
    statusReason: null,
    rollback: null,
    isBreakerTriggered: false,
    alarms: null,
    bakeUntil: null,
    lifecycleStage: null,
    trafficWeights: { test: 0, production: 0 },
    hooks: [],
    isShiftingBack: false,
  };
  service.serviceDeployments.unshift(serviceDeployment);
  return serviceDeployment;
}

/** The one under way; null when the newest has ended. */
export function currentServiceDeployment(service: Service): ServiceDeployment | null {
  const newest = service.serviceDeployments[0];
  return newest === undefined || isFinal(newest) ? null : newest;
}

export function isFinal(serviceDeployment: ServiceDeployment): boolean {
  return finalStatuses.has(serviceDeployment.status);
}

/**
 * Whether it moves traffic from one set of tasks to another, rather than replacing tasks one after
 * the other.
 */
export function isStaged({ configuration }: ServiceDeployment): boolean {
  return (configuration.strategy ?? 'ROLLING') !== 'ROLLING';
}

/** Moves it to a status, with the times that come with that status. */
export function setStatus(
  world: World,
  serviceDeployment: ServiceDeployment,
  { status, reason }: { status: ServiceDeploymentStatus; reason?: string },
): void {
  const now = world.clock.now();
  serviceDeployment.status = status;
  serviceDeployment.updatedAt = now;
  if (reason !== undefined) serviceDeployment.statusReason = reason;
  if (status === 'IN_PROGRESS') serviceDeployment.startedAt ??= now;
  if (status === 'STOPPED') serviceDeployment.stoppedAt = now;
  if (isFinal(serviceDeployment)) serviceDeployment.finishedAt = now;
}
