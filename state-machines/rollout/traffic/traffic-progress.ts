import type { StageObserved } from '../../log/observed-events';
import type { ContextChange, RolloutContext } from '../rollout-context';
import type { HookWait } from './traffic';
import { withHook, withoutHook } from './waiting-hooks';

/** What ECS showed at a look: its stage, its weights, and who keeps it waiting. */
export function afterStage(context: RolloutContext, event: StageObserved): ContextChange {
  const { stage, hooks, occurredAt: at } = event;
  const { waitingHooks, dueAt, traffic } = context;
  const shown = new Set(hooks.map(({ hookId }) => hookId));
  const gone = Object.entries(waitingHooks).filter(([id, { isPause }]) => isPause && !shown.has(id));
  const left = gone.reduce((waits, [id]) => withoutHook(waits, id, at), { waitingHooks, dueAt });
  const waits = hooks.reduce(
    (before, { hookId, expiresAt }) =>
      withHook(before, hookId, { stage, isPause: true, since: at, expiresAt } satisfies HookWait),
    left,
  );
  return {
    ...waits,
    traffic: {
      stage,
      test: Math.max(traffic?.test ?? 0, event.test ?? 0),
      production: Math.max(traffic?.production ?? 0, event.production ?? 0),
      hooks: [...shown],
    },
  };
}

/** Whether a look at ECS has shown what the context does not hold. */
export function differsFrom(
  { traffic, waitingHooks }: Pick<RolloutContext, 'traffic' | 'waitingHooks'>,
  { stage, test, production, hooks }: Pick<StageObserved, 'stage' | 'test' | 'production' | 'hooks'>,
): boolean {
  const known = Object.keys(waitingHooks).filter((id) => waitingHooks[id]?.isPause);
  const isSame =
    traffic?.stage === stage &&
    traffic.test >= (test ?? 0) &&
    traffic.production >= (production ?? 0) &&
    known.length === hooks.length &&
    hooks.every(({ hookId }) => known.includes(hookId) && traffic.hooks.includes(hookId));
  return !isSame;
}
