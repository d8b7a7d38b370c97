// How good verdicts are, on labelled histories of rollouts: npm run bench verdicts
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from '../../../infra/local/aws/declared/cloudformation';
import type { Judgement } from './judges/judgement';
import { otherJudges } from './judges/other-judges';
import { kinds } from './kinds/kinds';
import { alignedTable, groupsTable, kindsTable, sizesTable, totalsTable } from './results/result-tables';
import { doSheets } from './sheets-pool';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: path.join(projectFolder, '.rewind/verdicts') },
    policy: { type: 'string', multiple: true, default: [] },
    seeds: { type: 'string', default: '13-24' },
    sizes: { type: 'string', default: '1,2,3,10,50,200' },
    kinds: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    'only-make': { type: 'boolean', default: false },
  },
});

const policies = [null, ...values.policy.map((file) => path.resolve(file))];
const judges = [
  ...otherJudges.map(({ name }) => name),
  ...policies.map((file) => (file === null ? 'default' : path.basename(file).replace(/\.\w+$/, ''))),
];
const startedAt = performance.now();
const judgements: Judgement[] = [];
const tasks = numbersIn(values.seeds).flatMap((seed) =>
  numbersIn(values.sizes).map((size) => ({
    ...{ size, seed, policies, folder: values.histories },
    isJudged: !values['only-make'],
  })),
);
await doSheets(tasks, (_task, found) => judgements.push(...found));
const named = values.kinds.split(',').filter((name) => name !== '');
const chosen = judgements.filter(({ kind }) => named.length === 0 || named.includes(kind));
const seconds = (performance.now() - startedAt) / 1000;
if (values['only-make']) process.stdout.write(`${tasks.length} sheets in ${seconds.toFixed(0)} s\n`);
else report(chosen);

function report(found: readonly Judgement[]): void {
  const results = { judges, judgements: found };
  if (values.list) listVerdicts(found);
  for (const table of [totalsTable, groupsTable, sizesTable, kindsTable])
    process.stdout.write(`${alignedTable(table(results))}\n`);
  process.stdout.write(`  ${found.length} histories judged in ${seconds.toFixed(0)} s\n`);
}

/** Every history in which Rewind is wrong, with its last policy's words. */
function listVerdicts(found: readonly Judgement[]): void {
  for (const { kind, size, seed, setting, verdicts, judgedAt, firstSignAt } of found) {
    const verdict = verdicts.at(-1) ?? null;
    const truth = kinds.find(({ name }) => name === kind)?.truth;
    const isWrong = truth === 'bad' ? verdict === null && firstSignAt !== null : verdict !== null;
    if (!isWrong) continue;
    const at = verdict === null ? 'never' : `+${((verdict.at - judgedAt) / 1000).toFixed(0)} s`;
    process.stdout.write(`${kind} ${size} ${seed} (${setting}) ${at} ${verdict?.because ?? ''}\n`);
  }
}

/** `1-4,7` */
function numbersIn(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
