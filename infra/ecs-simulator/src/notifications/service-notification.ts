import { isoTime } from '../foundation/clock';
import type { Deployment } from '../model/deployment';
import type { Service } from '../model/service';
import type { World } from '../model/world';
import { notify } from './notify';

/**
 * Sends "ECS Deployment State Change" of the deployment as it is: its rolloutState gives the name,
 * its reason the text. It names neither the task definition nor the service deployment, as ECS's
 * does not. None is sent where CodeDeploy deploys.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export function notifyDeployment(world: World, service: Service, deployment: Deployment): void {
  if (service.deploymentController !== 'ECS') return;
  notify(world, {
    detailType: 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: deployment.rolloutState === 'FAILED' ? 'ERROR' : 'INFO',
      eventName: `SERVICE_DEPLOYMENT_${deployment.rolloutState}`,
      clusterArn: service.cluster.arn,
      deploymentId: deployment.id,
      updatedAt: isoTime(deployment.updatedAt),
      reason: deployment.rolloutStateReason,
    },
  });
}

/** The service actions that this simulator has cause for. */
const serviceActions = {
  SERVICE_STEADY_STATE: 'INFO',
  SERVICE_TASK_START_IMPAIRED: 'WARN',
  SERVICE_TASK_PLACEMENT_FAILURE: 'ERROR',
} as const;

interface ServiceAction {
  readonly eventName: keyof typeof serviceActions;
  readonly reason?: string;
}

/**
 * Sends "ECS Service Action":
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export function notifyServiceAction(
  world: World,
  service: Service,
  { eventName, reason }: ServiceAction,
): void {
  notify(world, {
    detailType: 'ECS Service Action',
    resources: [service.arn],
    detail: {
      eventType: serviceActions[eventName],
      eventName,
      clusterArn: service.cluster.arn,
      ...(reason === undefined ? {} : { reason }),
      createdAt: isoTime(world.clock.now()),
    },
  });
}
