import { type Instant, secondsAfter } from '../../log/instant';
import type { HookChanged } from '../../log/observed-events';
import type { ContextChange, RolloutContext } from '../rollout-context';
import type { EndedHook, HookWait } from './traffic';

type Waits = Pick<RolloutContext, 'waitingHooks' | 'endedHooks' | 'dueAt'>;

/** ECS allows ten hooks that pause, and as many that run. */
const hooksKept = 20;

/** While a hook keeps ECS waiting, no deadline runs. Its time-out is ECS's own. */
export function afterHook(context: RolloutContext, event: HookChanged): ContextChange {
  const { waitingHooks, endedHooks, dueAt } = context;
  const waits = { waitingHooks, endedHooks, dueAt };
  const { hookId, eventName, expiresAt, occurredAt, lifecycleStage } = event;
  const isPause = eventName === 'HOOK_AWAITING_ACTION';
  if (isPause || eventName === 'HOOK_IN_PROGRESS') {
    return withHook(waits, hookId, { stage: lifecycleStage, isPause, since: occurredAt, expiresAt });
  }
  return withoutHook(waits, hookId, { at: occurredAt, found: eventName });
}

/** With a hook that has begun to wait: by what it may last, the deadline is later. */
export function withHook<Of extends Waits>(waits: Of, hookId: string, hook: HookWait): Of {
  const { waitingHooks, dueAt } = waits;
  if (waitingHooks[hookId] !== undefined || Object.keys(waitingHooks).length >= hooksKept) return waits;
  const { since, expiresAt } = hook;
  const mayLast = expiresAt === null ? 0 : Math.max(0, expiresAt - since);
  // One look did not show it, and another does.
  const endedHooks = waits.endedHooks.filter((ended) => ended.hookId !== hookId);
  return {
    ...waits,
    waitingHooks: { ...waitingHooks, [hookId]: hook },
    endedHooks,
    dueAt: later(dueAt, mayLast),
  };
}

/** Without a hook that waits no longer: what it had left, the deadline is sooner again. */
export function withoutHook<Of extends Waits>(
  waits: Of,
  hookId: string,
  { at, found }: Pick<EndedHook, 'at' | 'found'>,
): Of {
  const { [hookId]: hook, ...others } = waits.waitingHooks;
  if (hook === undefined) return waits;
  const { since, expiresAt, stage, isPause } = hook;
  const change = expiresAt === null ? Math.max(0, at - since) : -Math.max(0, expiresAt - at);
  const ended = isPause ? [...waits.endedHooks, { hookId, stage, found, at }] : waits.endedHooks;
  const endedHooks = ended.slice(-hooksKept);
  return { ...waits, waitingHooks: others, endedHooks, dueAt: later(waits.dueAt, change) };
}

function later(instant: Instant | null, milliseconds: number): Instant | null {
  return instant === null ? null : secondsAfter(instant, milliseconds / 1000);
}
