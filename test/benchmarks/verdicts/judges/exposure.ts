import type { CompactHistory } from '../histories/compact-history';
import type { Exposure } from './judgement';

/** What the release had reached at that instant. */
export function exposureAt(history: CompactHistory, at: number): Exposure {
  const { texts, tasks, changes, deployment, size } = history;
  const isNew = tasks.map(([, startedBy]) => texts[startedBy] === deployment);
  const started = tasks.filter(([, , , , , createdAt], index) => isNew[index] && createdAt <= at).length;
  const runs = new Map<number, { readonly from: number; until: number }>();
  for (const [task, changedAt, , , startedAt, cause] of changes) {
    if (!isNew[task] || startedAt === 0 || changedAt > at) continue;
    const run = runs.get(task) ?? { from: startedAt, until: at };
    if (cause !== -1) run.until = Math.min(run.until, changedAt);
    runs.set(task, run);
  }
  const served = [...runs.values()].reduce((sum, { from, until }) => sum + Math.max(0, until - from), 0);
  return { started: started / size, servedMinutes: served / 60_000 / size };
}
