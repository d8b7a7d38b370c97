import type { ArmCounts } from '../log/measuring/measurement';
import { sumOfCounts } from './measured-window';

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

/** What little is known of the past is held against so many events' worth of this. */
const dispersionAtFirst = 1.5;
const weightAtFirst = 20;
const heaviest = 10;
const largestDeviation = 20;
const largestDispersion = 10;
