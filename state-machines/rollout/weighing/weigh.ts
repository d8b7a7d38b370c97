import type { WeighedEvidence } from '../../log/foundation/service-past';
import { isRollback, type RolloutContext } from '../rollout-context';
import { countWaiting } from './cause-kinds';
import { taskHoursOf } from './exposure';
import { ratioOfRun, ratioOfStarts } from './likelihood';
import { worstZoneOf } from './zones';

/**
 * Whether failed tasks are weighed. A way back is held to the share of its tasks that fail,
 * whatever the rule: it went to what has proven itself, and is never taken back.
 */
export function isWeighed(context: RolloutContext): boolean {
  return context.policy.failureRule === 'evidence' && !isRollback(context);
}

type Weighable = Pick<RolloutContext, 'evidence' | 'exposure' | 'past' | 'policy'>;

/** Weighs what a rollout's tasks have shown against the service's past. Pure. */
export function weigh(weighable: Weighable): WeighedEvidence {
  const { exposure, past, policy } = weighable;
  const { failedStarts, losses, turns } = exposure;
  const starts = startsOf(weighable);
  const taskHours = taskHoursOf(exposure);
  const ofStarts = ratioOfStarts({ starts, failedStarts }, past);
  const ofRun = ratioOfRun({ losses, taskHours, turns }, past);
  return {
    starts,
    failedStarts,
    taskHours: hundredths(taskHours),
    losses,
    past,
    ratio: hundredths((ofStarts + ofRun) / 2),
    neededRatio: policy.evidenceRatio,
  };
}

/** The starts that say something: not those that were excused, nor those that wait. */
export function startsOf({ evidence, exposure, policy }: Omit<Weighable, 'past'>): number {
  return evidence.started - exposure.excusedStarts - countWaiting(evidence, policy);
}

/** Whether the evidence is enough to fail the rollout: one failed task alone may be anything. */
export function isEnough(
  { failedStarts, losses, ratio, neededRatio }: WeighedEvidence,
  { minimumFailures }: RolloutContext['policy'],
): boolean {
  return ratio >= neededRatio && failedStarts + losses >= minimumFailures;
}

/** Whether the starts alone would be enough. */
export function isEnoughByStarts(weighable: Weighable): boolean {
  const { exposure, past, policy } = weighable;
  const { failedStarts } = exposure;
  const ratio = ratioOfStarts({ starts: startsOf(weighable), failedStarts }, past) / 2;
  return ratio >= policy.evidenceRatio && failedStarts >= policy.minimumFailures;
}

/**
 * Whether the tasks outside the zone in which most failed speak against the release too. Where the
 * zones are not known, or too few tasks run elsewhere to tell, nothing is postponed for them.
 */
export function isEnoughElsewhere(weighable: Weighable): boolean {
  const { exposure, past } = weighable;
  const { failedStarts, losses, zones } = exposure;
  const zone = worstZoneOf(zones);
  if (zone === null || zone.elsewhere.running < runningElsewhereAtLeast) return true;
  if (failedStarts + losses < failuresOfZoneAtLeast) return true;
  const { worst, elsewhere } = zone;
  if (elsewhere.failedStarts + elsewhere.losses === 0) return false;
  const share = elsewhere.running / Math.max(1, elsewhere.running + worst.running);
  const starts = startsOf(weighable) - worst.failedStarts - worst.losses - worst.running;
  const ofStarts = ratioOfStarts(
    {
      starts: Math.max(elsewhere.failedStarts, starts),
      failedStarts: elsewhere.failedStarts,
    },
    past,
  );
  const run = { losses: elsewhere.losses, taskHours: taskHoursOf(exposure) * share, turns: exposure.turns };
  return (ofStarts + ratioOfRun(run, past)) / 2 >= ratioElsewhere;
}

const runningElsewhereAtLeast = 4;
const failuresOfZoneAtLeast = 2;
const ratioElsewhere = 3;

/** The evidence in a sentence: what happened, how that was before, and what follows from it. */
export function describeWeighed(weighed: WeighedEvidence): string {
  const { failedStarts, losses, ratio } = weighed;
  const parts = [
    ...(failedStarts > 0 ? [describeStarts(weighed)] : []),
    ...(losses > 0 ? [describeRun(weighed)] : []),
  ];
  return `${parts.join('; ')}: ${describeRatio(ratio)} times likelier if the release is bad`;
}

function describeStarts({ starts, failedStarts, past }: WeighedEvidence): string {
  const now = `${failedStarts} of ${starts} starts failed`;
  if (past.starts < 1) return now;
  return `${now}; of the ${shortNumber(past.starts)} before, ${countBefore(past.failedStarts)} did`;
}

function describeRun({ taskHours, losses, past }: WeighedEvidence): string {
  const tasks = losses === 1 ? 'task was' : 'tasks were';
  const now = `${losses} running ${tasks} lost in ${shortNumber(taskHours)} task-hours`;
  if (past.taskHours < 1) return now;
  return `${now}; in the ${shortNumber(past.taskHours)} before, ${countBefore(past.losses)}`;
}

function countBefore(count: number): string {
  return count < 0.05 ? 'none' : shortNumber(count);
}

/** `46`, or that it is beyond what anybody needs to know. */
export function describeRatio(ratio: number): string {
  return ratio >= 1e6 ? 'more than a million' : shortNumber(ratio);
}

/** With one digit behind the point, where that says something. */
export function shortNumber(value: number): string {
  return value >= 10 ? `${Math.round(value)}` : `${Math.round(value * 10) / 10}`;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
