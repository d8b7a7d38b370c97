import type { EventId } from '../../log/identifiers';
import type { Instant } from '../../log/instant';
import type { HookChanged } from '../../log/observed-events';
import { ownHookId } from '../../log/traffic/own-hook';
import type { LiveRollout } from '../../rollout/live-rollout';
import { isRollback } from '../../rollout/rollout-context';
import type { ServiceState } from '../../service/service-state';

/** What ECS asks of a lifecycle hook that is Rewind's own function. */
export interface HookCall {
  /** The ARN of the service deployment. */
  readonly serviceDeployment: HookChanged['serviceDeployment'];
  /** The service revision that the traffic is shifted to. */
  readonly targetRevision: string;
  readonly stage: string;
  /** Its share of the traffic once the shift is made, in percent; null where ECS says nothing. */
  readonly weight: number | null;
  /** ECS goes back: it shifts the traffic away from the target. */
  readonly isWayBack: boolean;
}

/** What the function answers, and what it tells the log before that; null for nothing. */
interface HookAnswer {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS';
  readonly tells: HookChanged | null;
}

const letPass: HookAnswer = { status: 'SUCCEEDED', tells: null };
const wait: HookAnswer = { status: 'IN_PROGRESS', tells: null };
const refuse: HookAnswer = { status: 'FAILED', tells: null };

/**
 * What to answer ECS by what the log holds. Pure. The gate is decided as any other, by the
 * reconciler, once the log says that ECS waits: the function passes on what is recorded. In doubt
 * it says that it is not done, as every other answer may take a good release back.
 */
export function answerFromLog(state: ServiceState, call: HookCall, now: Instant): HookAnswer {
  // ECS calls the hooks of a shift again on the way back, and a refusal there would keep it.
  if (call.isWayBack) return letPass;
  const live = state.rollouts.findLast(({ context }) => context.serviceRevision === call.targetRevision);
  if (live === undefined || !live.recorded.opened) return wait;
  const { policy, verdict } = live.context;
  if (isRollback(live.context) || policy.mode === 'observe') return letPass;
  if (verdict?.result === 'failed') return isGoingBack(live) ? refuse : wait;
  const stages: readonly string[] = policy.gates?.stages ?? [];
  return stages.includes(call.stage) ? atGate(live, call, now) : letPass;
}

function atGate({ context, recorded }: LiveRollout, call: HookCall, now: Instant): HookAnswer {
  const hookId = ownHookId(`${call.serviceDeployment}`, call.stage, call.weight);
  const answer = recorded.gates?.[hookId]?.answer ?? null;
  if (answer === 'ROLLBACK') return refuse;
  const isKnown = context.waitingHooks[hookId] !== undefined;
  const isOver = answer === 'CONTINUE';
  const eventName = isOver ? 'HOOK_SUCCEEDED' : 'HOOK_IN_PROGRESS';
  const told = hookEvent({ service: context.service, hookId, eventName, now }, call);
  return { status: isOver ? 'SUCCEEDED' : 'IN_PROGRESS', tells: isKnown === isOver ? told : null };
}

/** A failed verdict is recorded, and there is something to go back to. */
function isGoingBack({ phase, context, recorded }: LiveRollout): boolean {
  return phase === 'rollingBack' && recorded.verdict && context.rollback?.target != null;
}

interface ToldHook extends Pick<HookChanged, 'service' | 'hookId' | 'eventName'> {
  readonly now: Instant;
}

/** As ECS tells of its own hooks: ECS Hook State Change. */
function hookEvent({ now, ...told }: ToldHook, { serviceDeployment, stage }: HookCall): HookChanged {
  return {
    type: 'HookChanged',
    id: `HookAsked~${told.hookId}~${told.eventName}` as EventId,
    occurredAt: now,
    ...told,
    hookType: 'AWS_LAMBDA',
    lifecycleStage: stage,
    expiresAt: null,
    serviceDeployment,
  };
}
