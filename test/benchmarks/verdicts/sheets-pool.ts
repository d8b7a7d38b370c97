import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Sheet } from './histories/history-store';
import type { Judgement } from './judges/judgement';

/** What a process does with one sheet. */
export interface SheetTask extends Sheet {
  readonly folder: string;
  /** Policies to judge it under, by file; null for the defaults. None: it is only made. */
  readonly policies: readonly (string | null)[];
  readonly isJudged: boolean;
}

const program = fileURLToPath(new URL('sheet-worker.ts', import.meta.url));

/** Does the sheets on all processors, the large ones first; `take` is told of each. */
export async function doSheets(
  tasks: readonly SheetTask[],
  take: (task: SheetTask, judgements: readonly Judgement[]) => void,
): Promise<void> {
  const left = tasks.toSorted((a, b) => b.size - a.size);
  const processes = Array.from({ length: Math.min(availableParallelism(), left.length) }, () =>
    fork(program, { execArgv: ['--import', 'tsx'] }),
  );
  try {
    await Promise.all(
      processes.map(async (child) => {
        const failed = once(child, 'exit').then(() => Promise.reject(new Error('a process has died')));
        failed.catch(() => {});
        for (let task = left.shift(); task !== undefined; task = left.shift()) {
          const answer = once(child, 'message');
          child.send(task);
          const [judgements] = await Promise.race([answer, failed]);
          take(task, judgements as Judgement[]);
        }
      }),
    );
  } finally {
    for (const child of processes) child.kill();
  }
}
