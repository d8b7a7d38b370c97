import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from '../../../infra/local/aws/declared/cloudformation';
import { bundleProgram } from '../../../infra/simulation/bundle-program';
import type { Sheet } from './histories/history-store';
import type { Judgement } from './judges/judgement';
import type { NamedPolicy } from './judges/standing-policies';

/** What a process does with one sheet: makes it where it is missing, or watches services. */
export interface SheetTask extends Sheet {
  readonly folder: string;
  readonly policies: readonly NamedPolicy[];
  /** The long watch needs no folder: each of its histories is judged once, and is long. */
  readonly work: 'make' | 'judge' | 'watch';
}

/** Does the sheets in so many processes, the large ones first; `take` is given what was found. */
export async function doSheets(
  tasks: readonly SheetTask[],
  processCount: number,
  take: (judgements: readonly Judgement[]) => void,
): Promise<void> {
  const program = path.join(projectFolder, `.rewind/sheet-worker-${process.pid}.mjs`);
  await bundleProgram(new URL('sheet-worker.ts', import.meta.url), program);
  const left = tasks.toSorted((a, b) => b.size - a.size);
  const processes = Array.from({ length: Math.min(processCount, left.length) }, () =>
    fork(program, { execArgv: [] }),
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
          take(judgements as Judgement[]);
        }
      }),
    );
  } finally {
    for (const child of processes) child.kill();
    await rm(program);
  }
}
