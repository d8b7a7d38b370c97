// What a watch of a day costs good releases of services that lose 1 % of their tasks an hour.
import { readOptions } from './bench-options';
import type { Judgement } from './judges/judgement';
import { otherJudges } from './judges/other-judges';
import { watchingPolicies } from './judges/standing-policies';
import { recordWatch } from './results/recorded-result';
import { alignedTable, watchTable } from './results/result-tables';
import { doSheets } from './sheets-pool';

const options = readOptions('1-300');
const policies = [...watchingPolicies, ...options.policies];
const judgements: Judgement[] = [];
const tasks = options.sheets.map((sheet) => ({ ...sheet, policies, folder: '', work: 'watch' as const }));
await doSheets(tasks, options.processes, (found) => judgements.push(...found));
const table = watchTable({ judges: [...otherJudges, ...policies].map(({ name }) => name), judgements });
process.stdout.write(alignedTable(table));
if (options.policies.length === 0) recordWatch(table);
