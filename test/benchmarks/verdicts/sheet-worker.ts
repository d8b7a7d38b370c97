// One process of the pool: makes a sheet where it is missing, and judges it where that is asked.
import { loadPolicyFile } from '../../../services/cli/terminal/policy-option';
import { makeSheet, readSheet } from './histories/history-store';
import { judgeHistory } from './judges/judge-history';
import type { SheetTask } from './sheets-pool';

process.on('message', async ({ folder, policies, isJudged, ...sheet }: SheetTask) => {
  makeSheet(folder, sheet);
  const judges = await Promise.all(
    policies.map(async (file) => ({
      name: file ?? 'default',
      policyFile: await loadPolicyFile(file ?? undefined),
    })),
  );
  const histories = isJudged ? [...readSheet(folder, sheet)] : [];
  process.send?.(histories.map((history) => judgeHistory(history, judges)));
});
