import { type Instant, secondsAfter } from '../log/instant';
import { hostToBlame, isHung } from './evidence';
import type { ContextChange, RolloutContext } from './rollout-context';
import type { RolloutSignal } from './signals';

/** Service actions by which ECS says that something else than the release is in the way. */
const blamelessActions: ReadonlySet<string> = new Set([
  'SERVICE_TASK_PLACEMENT_FAILURE',
  'SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED',
  'ECS_OPERATION_THROTTLED',
  'SERVICE_DISCOVERY_OPERATION_THROTTLED',
]);

/** What the tasks have shown. */
type Shown = Pick<RolloutContext, 'evidence' | 'tasks' | 'oldTasks'>;

/**
 * The progress after a signal. More tasks running than ever is progress, and so is an old task that
 * is replaced. So long as capacity, the platform or one host is in the way, or a hook waits, the
 * time does not run. Null where nothing changes.
 */
export function progressAfter(
  context: RolloutContext,
  shown: Shown,
  signal: RolloutSignal,
): ContextChange | null {
  const { mostRunning, hungSince } = context.taskProgress;
  const { running } = shown.evidence;
  if (!isHung(shown.evidence) && !isKeptWaiting(context, shown)) {
    if (hungSince === null && running <= mostRunning) return null;
    return { taskProgress: { mostRunning: Math.max(mostRunning, running), hungSince: null } };
  }
  const startsAnew = hungSince === null || running > mostRunning || isStallExcused(context, shown, signal);
  if (!startsAnew) return null;
  return { taskProgress: { mostRunning: Math.max(mostRunning, running), hungSince: signal.at } };
}

/**
 * Whether the new tasks run, and ECS keeps old ones all the same: it does not take the new ones for
 * healthy. Where it may be shifting traffic, the old ones stay by plan. `percent` judges without
 * this, as it always has.
 */
function isKeptWaiting(
  { strategy, plannedSeconds, policy }: RolloutContext,
  { evidence, oldTasks }: Shown,
): boolean {
  if (policy.failureRule === 'percent' || strategy !== 'ROLLING' || plannedSeconds > 0) return false;
  return evidence.running > 0 && oldTasks.running > 0;
}

function isStallExcused(before: RolloutContext, shown: Shown, signal: RolloutSignal): boolean {
  if (signal.type === 'ServiceImpaired') return blamelessActions.has(signal.event.eventName);
  if (signal.type === 'HookChanged') return true;
  if (signal.type === 'OldTaskStopped') {
    return before.policy.failureRule !== 'percent' && shown.oldTasks.lost === before.oldTasks.lost;
  }
  if (signal.type !== 'TaskChanged') return false;
  const blameless = ({ evidence: { byClass } }: Shown) => (byClass.capacity ?? 0) + (byClass.platform ?? 0);
  if (blameless(shown) > blameless(before)) return true;
  return shown.evidence.failed > before.evidence.failed && hostToBlame(shown.evidence, shown.tasks) !== null;
}

/** When the tasks of a watched rollout will have hung for too long; null while none hangs. */
export function stallsAt({ taskProgress, policy }: RolloutContext): Instant | null {
  return taskProgress.hungSince === null ? null : secondsAfter(taskProgress.hungSince, policy.stallSeconds);
}

/** When people are told again that a watched rollout is not complete. */
export function toldAgainAt(told: Instant): Instant {
  return secondsAfter(told, daySeconds);
}

const daySeconds = 86_400;
