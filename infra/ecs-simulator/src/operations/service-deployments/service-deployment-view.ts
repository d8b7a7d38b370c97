import { configurationView } from '../../configuration/deployment-configuration';
import { failureThreshold } from '../../deployments/circuit-breaker';
import { type Deployment, type ServiceRevision, targetGroupsOf } from '../../model/deployment';
import type { Service } from '../../model/service';
import { type HookRun, isFinal, isStaged, type ServiceDeployment } from '../../model/service-deployment';
import { epochSeconds } from '../../model/world';
import { revisionSummary } from '../services/service-view';

/** As ListServiceDeployments shows it: neither updatedAt nor rollback. */
export function serviceDeploymentBrief(serviceDeployment: ServiceDeployment) {
  return {
    serviceDeploymentArn: serviceDeployment.arn,
    serviceArn: serviceDeployment.service.arn,
    clusterArn: serviceDeployment.service.cluster.arn,
    startedAt: epochSeconds(serviceDeployment.startedAt),
    createdAt: epochSeconds(serviceDeployment.createdAt),
    finishedAt: epochSeconds(serviceDeployment.finishedAt),
    targetServiceRevisionArn: serviceDeployment.deployment.revision.arn,
    status: serviceDeployment.status,
    statusReason: serviceDeployment.statusReason ?? undefined,
  };
}

/** As DescribeServiceDeployments shows it. */
export function serviceDeploymentView(serviceDeployment: ServiceDeployment) {
  const { service, deployment, rollback, sources } = serviceDeployment;
  const { targetServiceRevisionArn: _, ...brief } = serviceDeploymentBrief(serviceDeployment);
  return {
    ...brief,
    stoppedAt: epochSeconds(serviceDeployment.stoppedAt),
    updatedAt: epochSeconds(serviceDeployment.updatedAt),
    sourceServiceRevisions: sources.map((revision, index) => ({
      ...sourceSummary(service, revision),
      ...(index === 0 ? weightsView(serviceDeployment, false) : {}),
    })),
    targetServiceRevision: {
      ...revisionSummary(deployment),
      requestedTaskCount: targetCount(serviceDeployment),
      ...weightsView(serviceDeployment, true),
    },
    lifecycleStage: serviceDeployment.lifecycleStage ?? undefined,
    lifecycleHookDetails: isStaged(serviceDeployment) ? serviceDeployment.hooks.map(hookView) : undefined,
    deploymentConfiguration: configurationView(serviceDeployment.configuration),
    rollback: rollback
      ? {
          reason: rollback.reason,
          startedAt: epochSeconds(rollback.startedAt),
          serviceRevisionArn: rollback.deployment.revision.arn,
        }
      : undefined,
    deploymentCircuitBreaker: circuitBreakerView(serviceDeployment),
    alarms: alarmsView(serviceDeployment),
  };
}

function targetCount({ service, deployment }: ServiceDeployment): number {
  return deployment.status === 'PRIMARY'
    ? service.desiredCount
    : revisionSummary(deployment).requestedTaskCount;
}

function sourceSummary(service: Service, revision: ServiceRevision) {
  const running: Deployment | undefined = service.deployments.find(
    (deployment) => deployment.revision === revision,
  );
  if (running !== undefined) return revisionSummary(running);
  return { arn: revision.arn, requestedTaskCount: 0, runningTaskCount: 0, pendingTaskCount: 0 };
}

function circuitBreakerView(serviceDeployment: ServiceDeployment) {
  const { service, deployment, isBreakerTriggered } = serviceDeployment;
  const threshold = failureThreshold(service.deploymentConfiguration, service.desiredCount);
  if (threshold === null) return { status: 'DISABLED', failureCount: 0, threshold: 0 };
  const watching = isFinal(serviceDeployment) ? 'MONITORING_COMPLETE' : 'MONITORING';
  return {
    status: isBreakerTriggered ? 'TRIGGERED' : watching,
    failureCount: deployment.failedTasks,
    threshold,
  };
}

function alarmsView(serviceDeployment: ServiceDeployment) {
  const { alarms, configuration } = serviceDeployment;
  if (alarms === null) {
    const given = configuration.alarms;
    return given && { status: 'DISABLED', alarmNames: given.alarmNames, triggeredAlarmNames: [] };
  }
  const isOver = alarms.status === 'MONITORING' && isFinal(serviceDeployment);
  return {
    status: isOver ? 'MONITORING_COMPLETE' : alarms.status,
    alarmNames: alarms.alarmNames,
    triggeredAlarmNames: alarms.triggered,
  };
}

/**
 * The shares of traffic, which only a deployment that shifts it has: the target's, or what is left
 * for its source.
 */
function weightsView(serviceDeployment: ServiceDeployment, isTarget: boolean) {
  if (!isStaged(serviceDeployment)) return {};
  const { test, production } = serviceDeployment.trafficWeights;
  return {
    requestedTestTrafficWeight: isTarget ? test : rest(test),
    requestedProductionTrafficWeight: isTarget ? production : rest(production),
  };
}

function rest(percent: number): number {
  return Math.round((100 - percent) * 10) / 10;
}

/** The hooks that are active, and when nothing has come of them yet. */
function hookView({ id, targetType, targetArn, status, expiresAt, timeoutAction }: HookRun) {
  return { hookId: id, targetType, targetArn, status, expiresAt: epochSeconds(expiresAt), timeoutAction };
}

/** As DescribeServiceRevisions shows it: all that a rollback restores. */
export function serviceRevisionView(service: Service, revision: ServiceRevision) {
  const { vpcLatticeConfigurations, ...parameters } = revision.parameters;
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: revision.taskDefinition.arn,
    launchType: service.launchType,
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    ...parameters,
    vpcLatticeConfigurations,
    containerImages: revision.taskDefinition.containers.map(({ name, image }) => ({
      containerName: name,
      image,
      imageDigest: revision.imageDigests.get(name),
    })),
    guardDutyEnabled: false,
    createdAt: epochSeconds(revision.createdAt),
    resolvedConfiguration: resolvedConfigurationOf(service, revision),
  };
}

/** What a service revision uses, of one that is active only. */
function resolvedConfigurationOf({ deployments }: Service, revision: ServiceRevision) {
  if (!deployments.some((deployment) => deployment.revision === revision)) return undefined;
  const loadBalancers = targetGroupsOf(revision).map(({ arn: targetGroupArn, productionListenerRule }) => ({
    targetGroupArn,
    productionListenerRule,
  }));
  return loadBalancers.length === 0 ? undefined : { loadBalancers };
}
