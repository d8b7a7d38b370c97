import { isoTime } from '../foundation/clock';
import type { HookRun, ServiceDeployment } from '../model/service-deployment';
import type { World } from '../model/world';
import { notify, wholeSeconds } from './notify';

const isError: ReadonlySet<HookRun['status']> = new Set(['FAILED', 'TIMED_OUT']);

/**
 * Sends "ECS Hook State Change":
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html
 */
export function notifyHook(world: World, serviceDeployment: ServiceDeployment, hook: HookRun): void {
  const { service } = serviceDeployment;
  notify(world, {
    detailType: 'ECS Hook State Change',
    resources: [serviceDeployment.arn],
    detail: {
      eventType: isError.has(hook.status) ? 'ERROR' : 'INFO',
      eventName: `HOOK_${hook.status}`,
      hookId: hook.id,
      hookType: hook.targetType,
      expiresAt: wholeSeconds(hook.expiresAt),
      lifecycleStage: hook.stage,
      clusterArn: service.cluster.arn,
      serviceArn: service.arn,
      serviceDeploymentArn: serviceDeployment.arn,
      // Nanoseconds, of which this clock knows the first three digits.
      updatedAt: isoTime(world.clock.now()).replace('Z', `${world.random.digits(6)}Z`),
    },
  });
}
