import type { EventId } from '../../log/identifiers';
import { type Instant, secondsAfter } from '../../log/instant';
import { hostToBlame } from '../evidence';
import type { ContextChange, RolloutContext } from '../rollout-context';
import { type Exposure, excused, exposedUntil, runningTasksIn } from './exposure';
import { areLostAsNeverBefore } from './old-tasks';
import { hasOnlyFailedSince, isSudden } from './start-order';
import type { Postponement, PostponementReason, Suspicion } from './suspicion';
import { isEnough, isEnoughByStarts, isEnoughElsewhere, isWeighed, weigh } from './weigh';

/**
 * The suspicion after a signal. Only another failure raises one: what starts well, and time, speak
 * for the release. While the verdict is postponed, every signal may end that, excuse what was shown
 * or let the verdict fall. Null where nothing changes.
 */
export function suspicionAfter(
  context: RolloutContext,
  before: RolloutContext,
  { id, at }: { readonly id: EventId; readonly at: Instant },
): ContextChange | null {
  const { policy, suspicion, evidence, past } = context;
  if (!isWeighed(context)) return null;
  if (suspicion === null && lossesIn(context.exposure) <= lossesIn(before.exposure)) return null;
  const exposure = exposedUntil(context.exposure, { at, running: evidence.running, past });
  const exposed = { ...context, exposure };
  if (suspicion !== null && isOver(exposed, suspicion)) {
    return { suspicion: null, suspicionLifted: { at, eventId: id }, exposure: excused(exposure) };
  }
  const weighed = weigh(exposed);
  if (!isEnough(weighed, policy)) {
    return suspicion === null ? null : { suspicion: null, suspicionLifted: { at, eventId: id } };
  }
  const replacedAt = suspicion === null ? null : replacedSince(exposed, before, suspicion);
  const { since, raisedBy } = suspicion ?? { since: at, raisedBy: id };
  const raised = { since, raisedBy, weighed, replacedAt };
  return { exposure, suspicion: { ...raised, postponement: postponementOf(exposed, raised, at) } };
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
function isOver({ exposure, evidence, taskProgress }: RolloutContext, { postponement }: Suspicion): boolean {
  const { lastLossAt, order } = exposure;
  if (postponement === null || postponement.reason === 'replacement' || lastLossAt === null) return false;
  const hasSettled = order.newestSettled !== null && order.newestSettled > lastLossAt;
  return hasSettled && evidence.running >= taskProgress.mostRunning;
}

const longSeconds = 900;
const zoneSeconds = 1200;
/** How long a verdict waits for old tasks that the release itself may have killed. */
const shortSeconds = 300;
const replacementSeconds = 60;
const noReplacementSeconds = 150;

type SuspectedAt = Pick<Suspicion, 'since' | 'replacedAt'>;

/** What else may be to blame at this instant, and until when the verdict waits for it. */
function postponementOf(context: RolloutContext, raised: SuspectedAt, at: Instant): Postponement | null {
  const postponements = reasonsToPostpone.flatMap(([reason, secondsFor]) => {
    const seconds = secondsFor(context, raised);
    const until = seconds === null ? raised.since : secondsAfter(raised.since, seconds);
    return at < until ? [{ reason, until }] : [];
  });
  return postponements[0] ?? null;
}

/** How long to wait since the suspicion; null: this is not to blame. */
type SecondsToPostpone = (context: RolloutContext, raised: SuspectedAt) => number | null;

const reasonsToPostpone: readonly (readonly [PostponementReason, SecondsToPostpone])[] = [
  ['host', ({ evidence, tasks }) => (hostToBlame(evidence, tasks) === null ? null : longSeconds)],
  ['zone', (context) => (isEnoughElsewhere(context) ? null : zoneSeconds)],
  ['oldTasks', secondsForOldTasks],
  ['suddenly', secondsForOrder],
  ['replacement', secondsForReplacement],
];

/**
 * Where the old tasks failed before any new one ran, the release cannot be why. Where no start of
 * the release lived long, and one had failed by the time that the first old task was lost, nothing
 * waits: what kills the old tasks may well be what the release did.
 */
function secondsForOldTasks({ oldTasks, past, exposure }: RolloutContext): number | null {
  const { firstLostAt } = oldTasks;
  if (firstLostAt === null || !areLostAsNeverBefore(oldTasks, past)) return null;
  const { firstRanAt, order } = exposure;
  if (firstRanAt === null || firstLostAt < firstRanAt) return longSeconds;
  return hasOnlyFailedSince(order, secondsAfter(firstLostAt, sameMomentSeconds)) ? null : shortSeconds;
}

/** Of what fails within so long of each other, the order says nothing. */
const sameMomentSeconds = 5;

function secondsForOrder({ exposure, evidence }: RolloutContext): number | null {
  const tasks = runningTasksIn(exposure, evidence.running);
  return isSudden(exposure.order, tasks) ? longSeconds : null;
}

/**
 * What the running tasks alone show waits for what becomes of those that replace them: something
 * that all of them need may be down. No task runs out of memory for that.
 */
function secondsForReplacement(context: RolloutContext, { since, replacedAt }: SuspectedAt): number | null {
  if (isEnoughByStarts(context) || hasOnlyRunOutOfMemory(context)) return null;
  const seconds =
    replacedAt === null ? noReplacementSeconds : (replacedAt - since) / 1000 + replacementSeconds;
  return Math.min(noReplacementSeconds, seconds);
}

function hasOnlyRunOutOfMemory({ evidence: { byClass, failed } }: RolloutContext): boolean {
  return failed === byClass['out-of-memory'];
}
