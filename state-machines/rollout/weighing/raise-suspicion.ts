import { type Instant, secondsAfter } from '../../log/instant';
import { hostToBlame } from '../evidence';
import type { ContextChange, RolloutContext } from '../rollout-context';
import { type Exposure, excused, exposedUntil, runningTasksIn } from './exposure';
import { areLostAsNeverBefore } from './old-tasks';
import { isSudden } from './start-order';
import type { HoldReason, Suspicion, SuspicionHold } from './suspicion';
import { isEnough, isEnoughByStarts, isEnoughElsewhere, weigh } from './weigh';

/**
 * The suspicion after a signal. Only another failure raises one: what starts well, and time, speak
 * for the release. While it is held, every signal may end it, excuse it or let it pass. Null where
 * nothing changes.
 */
export function suspicionAfter(
  context: RolloutContext,
  before: RolloutContext,
  at: Instant,
): ContextChange | null {
  const { policy, suspicion, evidence, past } = context;
  if (policy.failureRule !== 'evidence') return null;
  if (suspicion === null && lossesIn(context.exposure) <= lossesIn(before.exposure)) return null;
  const exposure = exposedUntil(context.exposure, { at, running: evidence.running, past });
  const exposed = { ...context, exposure };
  if (suspicion !== null && isOver(exposed, suspicion)) {
    return { suspicion: null, exposure: excused(exposure) };
  }
  const weighed = weigh(exposed);
  if (!isEnough(weighed, policy)) return suspicion === null ? null : { suspicion: null };
  const replacedAt = suspicion === null ? null : replacedSince(exposed, before, suspicion);
  const raised = { since: suspicion?.since ?? at, weighed, replacedAt };
  return { exposure, suspicion: { ...raised, hold: holdOn(exposed, raised, at) } };
}

function lossesIn({ failedStarts, losses }: Exposure): number {
  return failedStarts + losses;
}

/** When a task came to run after the suspicion; another failed start begins the wait anew. */
function replacedSince(
  { exposure, evidence }: RolloutContext,
  before: RolloutContext,
  { replacedAt }: Suspicion,
): Instant | null {
  if (exposure.failedStarts > before.exposure.failedStarts) return null;
  return replacedAt ?? (evidence.ran > before.evidence.ran ? exposure.countedUntil : null);
}

/** Something else was to blame, and is over: what came after it has settled, and all run again. */
function isOver({ exposure, evidence, progress }: RolloutContext, { hold }: Suspicion): boolean {
  const { lastLossAt, order } = exposure;
  if (hold === null || hold.reason === 'replacement' || lastLossAt === null) return false;
  const hasSettled = order.newestSettled !== null && order.newestSettled > lastLossAt;
  return hasSettled && evidence.running >= progress.mostRunning;
}

const holdSeconds = 900;
const zoneHoldSeconds = 1200;
/** How long a verdict waits for old tasks that the release itself may have killed. */
const shortHoldSeconds = 300;
const replacementSeconds = 60;
const noReplacementSeconds = 150;

type SuspectedAt = Pick<Suspicion, 'since' | 'replacedAt'>;

/** What else may be to blame at this instant, and until when the verdict waits for it. */
function holdOn(context: RolloutContext, raised: SuspectedAt, at: Instant): SuspicionHold | null {
  const holds = reasonsToHold.flatMap(([reason, secondsFor]) => {
    const seconds = secondsFor(context, raised);
    const until = seconds === null ? raised.since : secondsAfter(raised.since, seconds);
    return at < until ? [{ reason, until }] : [];
  });
  return holds[0] ?? null;
}

/** How long to wait since the suspicion; null: this is not to blame. */
type SecondsToHold = (context: RolloutContext, raised: SuspectedAt) => number | null;

const reasonsToHold: readonly (readonly [HoldReason, SecondsToHold])[] = [
  ['host', ({ evidence, tasks }) => (hostToBlame(evidence, tasks) === null ? null : holdSeconds)],
  ['zone', (context) => (isEnoughElsewhere(context) ? null : zoneHoldSeconds)],
  ['oldTasks', secondsForOldTasks],
  ['suddenly', secondsForOrder],
  ['replacement', secondsForReplacement],
];

/** Where the old tasks failed before any new one ran, the release cannot be why. */
function secondsForOldTasks({ oldTasks, past, exposure }: RolloutContext): number | null {
  if (!areLostAsNeverBefore(oldTasks, past)) return null;
  const { firstLostAt } = oldTasks;
  const { firstRanAt } = exposure;
  const isBefore = firstLostAt !== null && (firstRanAt === null || firstLostAt < firstRanAt);
  return isBefore ? holdSeconds : shortHoldSeconds;
}

function secondsForOrder({ exposure, evidence }: RolloutContext): number | null {
  const tasks = runningTasksIn(exposure, evidence.running);
  return isSudden(exposure.order, tasks) ? holdSeconds : null;
}

/** What the running tasks alone show waits for what becomes of those that replace them. */
function secondsForReplacement(context: RolloutContext, { since, replacedAt }: SuspectedAt): number | null {
  if (isEnoughByStarts(context)) return null;
  const seconds =
    replacedAt === null ? noReplacementSeconds : (replacedAt - since) / 1000 + replacementSeconds;
  return Math.min(noReplacementSeconds, seconds);
}
