import type { Deployment, ServiceRevision } from '../deployment';
import { failureThreshold } from '../scheduler/circuit-breaker';
import type { Service } from '../service';
import { isFinal, type ServiceDeployment } from '../service-deployment';
import { epochSeconds } from '../world';
import { revisionSummary } from './service-view';

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
    sourceServiceRevisions: sources.map((revision) => sourceSummary(service, revision)),
    targetServiceRevision: {
      ...revisionSummary(deployment),
      requestedTaskCount: targetCount(serviceDeployment),
    },
    deploymentConfiguration: serviceDeployment.configuration,
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

/** Alarms are not watched by this simulator, and it says so rather than pretend. */
function alarmsView({ configuration }: ServiceDeployment) {
  const alarms = configuration.alarms as { alarmNames?: string[] } | undefined;
  return alarms && { status: 'DISABLED', alarmNames: alarms.alarmNames ?? [], triggeredAlarmNames: [] };
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
    containerImages: revision.taskDefinition.containers.map(({ name, image, imageDigest }) => ({
      containerName: name,
      image,
      imageDigest,
    })),
    guardDutyEnabled: false,
    createdAt: epochSeconds(revision.createdAt),
  };
}
