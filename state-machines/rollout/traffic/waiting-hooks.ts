import { type Instant, secondsAfter } from '../../log/instant';
import type { HookChanged } from '../../log/observed-events';
import type { ContextChange, RolloutContext } from '../rollout-context';
import type { HookWait } from './traffic';

type Waits = Pick<RolloutContext, 'waitingHooks' | 'dueAt'>;

/** ECS allows ten hooks that pause, and as many that run. */
const hooksKept = 20;

/** While a hook keeps ECS waiting, no deadline runs. Its time-out is ECS's own. */
export function afterHook(context: RolloutContext, event: HookChanged): ContextChange {
  const { hookId, eventName, expiresAt, occurredAt, lifecycleStage } = event;
  const isPause = eventName === 'HOOK_AWAITING_ACTION';
  if (isPause || eventName === 'HOOK_IN_PROGRESS') {
    return withHook(context, hookId, { stage: lifecycleStage, isPause, since: occurredAt, expiresAt });
  }
  return withoutHook(context, hookId, occurredAt);
}

/** With a hook that has begun to wait: by what it may last, the deadline is later. */
export function withHook<Of extends Waits>(waits: Of, hookId: string, hook: HookWait): Of {
  const { waitingHooks, dueAt } = waits;
  if (waitingHooks[hookId] !== undefined || Object.keys(waitingHooks).length >= hooksKept) return waits;
  const { since, expiresAt } = hook;
  const mayLast = expiresAt === null ? 0 : Math.max(0, expiresAt - since);
  return { ...waits, waitingHooks: { ...waitingHooks, [hookId]: hook }, dueAt: later(dueAt, mayLast) };
}

/** Without a hook that waits no longer: what it had left, the deadline is sooner again. */
export function withoutHook<Of extends Waits>(waits: Of, hookId: string, at: Instant): Of {
  const { [hookId]: hook, ...others } = waits.waitingHooks;
  if (hook === undefined) return waits;
  const { since, expiresAt } = hook;
  const change = expiresAt === null ? Math.max(0, at - since) : -Math.max(0, expiresAt - at);
  return { ...waits, waitingHooks: others, dueAt: later(waits.dueAt, change) };
}

function later(instant: Instant | null, milliseconds: number): Instant | null {
  return instant === null ? null : secondsAfter(instant, milliseconds / 1000);
}
