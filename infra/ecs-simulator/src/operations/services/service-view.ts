import { configurationView } from '../../configuration/deployment-configuration';
import { countTasks, type Deployment } from '../../model/deployment';
import { type Service, tasksOf } from '../../model/service';
import { isWanted } from '../../model/task';
import { epochSeconds } from '../../model/world';

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
    ...rolloutsView(service),
    events: service.messages.map(({ id, createdAt, message }) => ({
      id,
      createdAt: epochSeconds(createdAt),
      message,
    })),
    createdAt: epochSeconds(service.createdAt),
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: service.deploymentController },
    createdBy: service.createdBy,
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
    availabilityZoneRebalancing: 'DISABLED',
    ...service.otherParameters,
  };
}

/**
 * What ECS deploys itself is deployments and service revisions; what CodeDeploy does, task sets.
 */
function rolloutsView(service: Service) {
  const { deploymentController, deployments, deploymentConfiguration } = service;
  if (deploymentController !== 'ECS') {
    return {
      deploymentConfiguration,
      deployments: [],
      taskSets: deployments.map((deployment) => taskSetView(service, deployment)),
    };
  }
  return {
    deploymentConfiguration: configurationView(deploymentConfiguration),
    deployments: deployments.map((deployment) => deploymentView(service, deployment)),
    currentServiceDeployment: service.serviceDeployments[0]?.arn,
    currentServiceRevisions: deployments.map(revisionSummary),
  };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html */
function taskSetView(service: Service, deployment: Deployment) {
  const { loadBalancers = [], networkConfiguration } = deployment.revision.parameters;
  const counts = countTasks(deployment.tasks);
  const isStable = counts.running === service.desiredCount && counts.pending === 0;
  return {
    id: deployment.id,
    taskSetArn: `${service.arn.replace(':service/', ':task-set/')}/${deployment.id}`,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    status: deployment.status,
    taskDefinition: deployment.revision.taskDefinition.arn,
    computedDesiredCount: service.desiredCount,
    pendingCount: counts.pending,
    runningCount: counts.running,
    createdAt: epochSeconds(deployment.createdAt),
    updatedAt: epochSeconds(deployment.updatedAt),
    launchType: service.launchType,
    networkConfiguration,
    loadBalancers,
    serviceRegistries: [],
    scale: { value: 100, unit: 'PERCENT' },
    stabilityStatus: isStable ? 'STEADY_STATE' : 'STABILIZING',
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

/**
 * How many tasks of it are wanted: of the PRIMARY one what the service desires, of the others what
 * has not been stopped yet.
 */
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
