import { type Instant, secondsAfter } from '../../log/instant';
import type { StageObserved } from '../../log/observed-events';
import type { RolloutContext } from '../rollout-context';
import type { HookWait, HookWaits, TrafficProgress } from './traffic';
import { withHook, withoutHook } from './waiting-hooks';

type Shown = Pick<StageObserved, 'stage' | 'test' | 'production' | 'hooks'>;
type Known = Pick<RolloutContext, 'waitingHooks' | 'endedHooks' | 'dueAt' | 'traffic'>;

/** How far ECS's clock may be from Rewind's, and a look behind what it looks at. */
const apartSeconds = 10;

/** What ECS showed at a look: its stage, its weights, and who keeps it waiting. */
export function afterStage(context: Known, { occurredAt: at, ...shown }: Shown & { occurredAt: Instant }) {
  const { waitingHooks, endedHooks, dueAt, traffic } = context;
  const { stage, hooks } = shown;
  const left = goneFrom(waitingHooks, shown, at).reduce(
    (waits, id) => withoutHook(waits, id, { at, found: null }),
    { waitingHooks, endedHooks, dueAt },
  );
  // ECS has told the end of some: a look that was taken before may be dated behind that.
  const isOver = (id: string) => endedHooks.some(({ hookId, found }) => hookId === id && found !== null);
  const waits = hooks
    .filter(({ hookId }) => !isOver(hookId))
    .reduce(
      (before, { hookId, expiresAt }) =>
        withHook(before, hookId, { stage, isPause: true, since: at, expiresAt } satisfies HookWait),
      left,
    );
  const progress: TrafficProgress = {
    stage,
    test: Math.max(traffic?.test ?? 0, shown.test ?? 0),
    production: Math.max(traffic?.production ?? 0, shown.production ?? 0),
    hooks: hooks.map(({ hookId }) => hookId),
  };
  return { ...waits, traffic: progress };
}

/** A hook that has only just begun to wait may not be shown yet. */
function goneFrom(waitingHooks: HookWaits, { hooks }: Shown, at: Instant): string[] {
  const shown = new Set(hooks.map(({ hookId }) => hookId));
  return Object.entries(waitingHooks)
    .filter(
      ([id, { isPause, since }]) => isPause && !shown.has(id) && secondsAfter(since, apartSeconds) <= at,
    )
    .map(([id]) => id);
}

/** Whether a look at ECS at an instant shows what the context does not hold. */
export function differsFrom(context: Known, shown: Shown, at: Instant): boolean {
  const after = afterStage(context, { ...shown, occurredAt: at });
  const essence = ({ traffic, waitingHooks }: Pick<Known, 'traffic' | 'waitingHooks'>) =>
    JSON.stringify([
      traffic?.stage,
      traffic?.test,
      traffic?.production,
      [...(traffic?.hooks ?? [])].sort(),
      Object.keys(waitingHooks).sort(),
    ]);
  return essence(after) !== essence(context);
}
