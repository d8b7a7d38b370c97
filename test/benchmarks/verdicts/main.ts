// How good verdicts are, on labelled histories of rollouts: npm run bench verdicts
import { readOptions } from './bench-options';
import type { Judgement } from './judges/judgement';
import { otherJudges } from './judges/other-judges';
import { standingPolicies } from './judges/standing-policies';
import { kinds } from './kinds/kinds';
import { recordCorpus } from './results/recorded-result';
import { alignedTable, resultTables } from './results/result-tables';
import { doSheets } from './sheets-pool';

const options = readOptions('13-16');
const policies = [...standingPolicies, ...options.policies];
const judges = [...otherJudges, ...policies].map(({ name }) => name);
const startedAt = performance.now();
const judgements: Judgement[] = [];
const tasks = options.sheets.map((sheet) => ({
  ...{ ...sheet, policies, folder: options.folder },
  work: options.isMade ? ('make' as const) : ('judge' as const),
}));
await doSheets(tasks, options.processes, (found) => judgements.push(...found));
const chosen = judgements.filter(({ kind }) => options.kinds.length === 0 || options.kinds.includes(kind));
if (options.isListed) listVerdicts();
if (!options.isMade) report();
process.stdout.write(
  `  ${tasks.length} sheets, ${chosen.length} histories judged, in ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`,
);

function report(): void {
  const results = { judges, judgements: chosen };
  for (const table of Object.values(resultTables(results))) process.stdout.write(`${alignedTable(table)}\n`);
  if (options.isWhole) recordCorpus(results);
}

/** Every history in which Rewind is wrong, with its last policy's words. */
function listVerdicts(): void {
  for (const { kind, size, seed, setting, verdicts, judgedAt, firstSignAt } of chosen) {
    const verdict = verdicts.at(-1) ?? null;
    const truth = kinds.find(({ name }) => name === kind)?.truth;
    const isWrong = truth === 'bad' ? verdict === null && firstSignAt !== null : verdict !== null;
    if (!isWrong) continue;
    const at = verdict === null ? 'never' : `+${((verdict.at - judgedAt) / 1000).toFixed(0)} s`;
    process.stdout.write(`${kind} ${size} ${seed} (${setting}) ${at} ${verdict?.because ?? ''}\n`);
  }
}
