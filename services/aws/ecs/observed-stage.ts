import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { instantFrom } from '../../../state-machines/log/instant';
import type { ObservedStage, OpenHook } from '../../../state-machines/log/traffic/observed-stage';

/** How far ECS is with a service deployment; null where it shifts no traffic, or goes back. */
export function observedStage(deployment: ServiceDeployment | undefined): ObservedStage | null {
  const { lifecycleStage, status, targetServiceRevision } = deployment ?? {};
  if (deployment === undefined || lifecycleStage === undefined || status !== 'IN_PROGRESS') return null;
  const hooks = openHooksOf(deployment);
  return {
    stage: stageOf(lifecycleStage, hooks),
    test: targetServiceRevision?.requestedTestTrafficWeight ?? null,
    production: targetServiceRevision?.requestedProductionTrafficWeight ?? null,
    hooks,
  };
}

/** No PAUSE hook can stand at a shift itself: ECS's enum lacks a name for the stage before it. */
function stageOf(stage: string, hooks: readonly OpenHook[]): string {
  const isBefore = stage === 'PRODUCTION_TRAFFIC_SHIFT' && hooks.length > 0;
  return isBefore ? 'PRE_PRODUCTION_TRAFFIC_SHIFT' : stage;
}

/** The hooks of a service deployment that wait for somebody's answer. */
function openHooksOf({ lifecycleHookDetails = [] }: ServiceDeployment): OpenHook[] {
  return lifecycleHookDetails.flatMap(({ hookId, status, expiresAt, timeoutAction }) =>
    hookId === undefined || status !== 'AWAITING_ACTION'
      ? []
      : [
          {
            hookId,
            expiresAt: expiresAt === undefined ? null : instantFrom(expiresAt.getTime()),
            timeoutAction: timeoutAction ?? null,
          },
        ],
  );
}
