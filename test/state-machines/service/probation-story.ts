import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { completed, provenFirst, running, started, stopped } from '../story';

/** Deployment 1 passes, then deployment 2 with two tasks, at second 1360. */
export const passesSecond: readonly ObservedEvent[] = [
  ...provenFirst,
  started(2, 1000),
  running('b1', 1020, { deployment: 2 }),
  running('b2', 1021, { deployment: 2 }),
  completed(2, 1060),
];

/** The tasks of deployment 2, and what replaces them, crash one after another. */
export function crashesAfter(from: number): ObservedEvent[] {
  return ['b1', 'b2', 'c1', 'c2', 'c3'].flatMap((task, index) => [
    stopped(task, from + 60 * index, { deployment: 2, ranFrom: 1020 }),
    running(`c${index + 1}`, from + 60 * index + 20, { deployment: 2 }),
  ]);
}
