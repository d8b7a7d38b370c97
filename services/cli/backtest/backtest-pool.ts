import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type BacktestResult, type BacktestTask, runBacktestTask } from './backtest-task';

/** Less than this many folded events are done before a thread has started. */
const worthAThread = 200_000;
/** Beyond these, threads wait for the one that hands the work out. */
const mostThreads = 8;

/**
 * Stands beside the bundle; where the sources themselves run, there is none, and one thread does
 * everything.
 */
const threadProgram = new URL('./backtest-worker.mjs', import.meta.url);

/**
 * Does all of the work, on every processor where there is much of it; `take` is given what was
 * found, in any order.
 */
export async function runBacktestTasks(
  tasks: Iterator<BacktestTask>,
  eventsToFold: number,
  take: (finding: BacktestResult) => void,
): Promise<void> {
  if (eventsToFold < worthAThread || !existsSync(threadProgram)) {
    for (let next = tasks.next(); !next.done; next = tasks.next()) take(runBacktestTask(next.value));
    return;
  }
  const threads = Array.from(
    { length: Math.min(availableParallelism(), mostThreads) },
    () => new Worker(threadProgram),
  );
  try {
    await Promise.all(threads.map((thread) => keepBusy(thread, tasks, take)));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/**
 * One piece at a time: whatever is not in a thread is held only once. A thread that fails rejects,
 * by its `error` event.
 */
async function keepBusy(
  thread: Worker,
  tasks: Iterator<BacktestTask>,
  take: (finding: BacktestResult) => void,
): Promise<void> {
  for (let next = tasks.next(); !next.done; next = tasks.next()) {
    const answer = once(thread, 'message');
    thread.postMessage(next.value);
    const [finding] = (await answer) as [BacktestResult];
    take(finding);
  }
}
