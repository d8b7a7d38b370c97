// One process of the pool.
import { parsePolicyFile } from '../../../services/policy/policy-file';
import { makeSheet, readSheet } from './histories/history-store';
import { playHistory } from './histories/play-history';
import { judgeHistory } from './judges/judge-history';
import type { Judgement } from './judges/judgement';
import type { SheetTask } from './sheets-pool';

process.on('message', (task: SheetTask) => {
  process.send?.(judgementsOf(task));
});

function judgementsOf({ folder, policies, work, ...sheet }: SheetTask): Judgement[] {
  const judges = policies.map(({ name, text }) => ({ name, policyFile: parsePolicyFile(text, name) }));
  if (work === 'watch') return [judgeHistory(playHistory({ kind: 'oom1', ...sheet }, { hours: 26 }), judges)];
  makeSheet(folder, sheet);
  return work === 'make'
    ? []
    : Array.from(readSheet(folder, sheet), (history) => judgeHistory(history, judges));
}
