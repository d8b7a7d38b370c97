import { type ArmCounts, windowSeconds } from '../log/measuring/measurement';
import { noCounts, sumOfCounts } from './measured-window';

/**
 * How many times more the events of a version vary from one window to the next than if each
 * request failed by itself: retries make them come in bursts. From windows of the baseline's past,
 * in order. Pure.
 *
 * Of three windows side by side, the middle one is compared with the other two as the judgement
 * compares two versions: given the events of all three, its own are binomial. So a rate that rises
 * or falls over the day does not count. Neither may one incident, with its steep start and end,
 * make a service look wild: what three windows say, and what they weigh, is bounded.
 */
export function dispersionOf(past: readonly ArmCounts[]): number {
  let weighted = dispersionAtFirst * weightAtFirst;
  let weights: number = weightAtFirst;
  for (let index = 2; index < past.length; index += 3) {
    const [before, middle, after] = [past[index - 2], past[index - 1], past[index]];
    if (before === undefined || middle === undefined || after === undefined) continue;
    const all = sumOfCounts(sumOfCounts(before, middle), after);
    const share = middle.requests / all.requests;
    if (all.events <= 0 || !(share > 0 && share < 1)) continue;
    const deviation = (middle.events - share * all.events) ** 2 / (share * (1 - share) * all.events);
    const weight = Math.min(all.events, heaviest);
    weighted += weight * Math.min(deviation, largestDeviation);
    weights += weight;
  }
  return Math.min(largestDispersion, Math.max(1, weighted / weights));
}

/**
 * The same where users stay with a version for so long: one who fails does so in many windows, so
 * that spells of that length vary more than windows do. Pure.
 */
export function dispersionOfUsers(past: readonly ArmCounts[], stickySeconds: number | null): number {
  const windows = Math.min(longestSpell, Math.ceil((stickySeconds ?? 0) / windowSeconds));
  if (windows <= 1) return dispersionOf(past);
  const spells: ArmCounts[] = [];
  for (let start = 0; start + windows <= past.length; start += windows) {
    spells.push(past.slice(start, start + windows).reduce(sumOfCounts, noCounts));
  }
  return Math.max(dispersionOf(past), dispersionOf(spells));
}

/** In windows: of longer spells a day holds too few. */
const longestSpell = 30;

/** What little is known of the past is held against so many events' worth of this. */
const dispersionAtFirst = 1.5;
const weightAtFirst = 20;
const heaviest = 10;
const largestDeviation = 20;
const largestDispersion = 10;
