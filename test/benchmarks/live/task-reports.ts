import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Notification } from '../../../infra/ecs-simulator/src/ecs-simulator';

/** More reports of tasks that run, each with the next version of its task and the time of now. */
export class TaskReports {
  readonly #last: Notification[];
  #made = 0;

  /** Begins with the last report of each task. */
  constructor(last: readonly Notification[]) {
    this.#last = [...last];
  }

  next(): Notification {
    const index = this.#made % this.#last.length;
    this.#made += 1;
    const last = this.#last[index];
    if (last === undefined) throw new Error('there is no task that runs');
    const now = new Date().toISOString();
    const detail = { ...last.detail, version: Number(last.detail.version) + 1, updatedAt: now };
    const report = { ...last, id: randomUUID(), time: `${now.slice(0, 19)}Z`, detail };
    this.#last[index] = report;
    return report;
  }
}

interface Pace {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Does something so many times a second; what it is late with follows at once. */
export async function atPace({ perSecond, seconds }: Pace, act: () => void): Promise<void> {
  const startedAt = performance.now();
  let done = 0;
  while (done < perSecond * seconds) {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    for (; done < Math.min(due, perSecond * seconds); done += 1) act();
    await delay(10);
  }
}
