import { countTasks, type Deployment } from '../deployment';
import type { Service } from '../service';
import { tasksOf } from '../service';
import { isWanted } from '../task';
import { epochSeconds } from '../world';

/** A service as DescribeServices shows it, without its tags. */
export function serviceView(service: Service) {
  const counts = countTasks(tasksOf(service));
  const newest = service.serviceDeployments[0];
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    loadBalancers: [],
    serviceRegistries: [],
    ...service.revisionParameters,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: counts.running,
    pendingCount: counts.pending,
    launchType: service.launchType,
    platformVersion: service.revisionParameters.platformVersion ?? 'LATEST',
    platformFamily: 'Linux',
    taskDefinition: (service.deployments[0] ?? newest?.deployment)?.revision.taskDefinition.arn,
    deploymentConfiguration: { bakeTimeInMinutes: 0, ...service.deploymentConfiguration },
    deployments: service.deployments.map((deployment) => deploymentView(service, deployment)),
    events: service.messages.map(({ id, createdAt, message }) => ({
      id,
      createdAt: epochSeconds(createdAt),
      message,
    })),
    createdAt: epochSeconds(service.createdAt),
    currentServiceDeployment: newest?.arn,
    currentServiceRevisions: service.deployments.map(revisionSummary),
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    createdBy: service.createdBy,
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
    availabilityZoneRebalancing: 'DISABLED',
    ...service.otherParameters,
  };
}

function deploymentView(service: Service, deployment: Deployment) {
  const counts = countTasks(deployment.tasks);
  const { parameters, taskDefinition } = deployment.revision;
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: taskDefinition.arn,
    desiredCount: requestedCount(service, deployment),
    pendingCount: counts.pending,
    runningCount: counts.running,
    failedTasks: deployment.failedTasks,
    createdAt: epochSeconds(deployment.createdAt),
    updatedAt: epochSeconds(deployment.updatedAt),
    launchType: service.launchType,
    platformVersion: parameters.platformVersion ?? '1.4.0',
    platformFamily: 'Linux',
    networkConfiguration: parameters.networkConfiguration,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

/** How many tasks of it are wanted: of the PRIMARY one what the service desires, of the others what has not been stopped yet. */
function requestedCount(service: Service, deployment: Deployment): number {
  if (deployment.status === 'PRIMARY') return service.desiredCount;
  return [...deployment.tasks].filter(isWanted).length;
}

/** A service revision with the tasks of the deployment that runs it. */
export function revisionSummary(deployment: Deployment) {
  const counts = countTasks(deployment.tasks);
  return {
    arn: deployment.revision.arn,
    requestedTaskCount: [...deployment.tasks].filter(isWanted).length,
    runningTaskCount: counts.running,
    pendingTaskCount: counts.pending,
  };
}
