import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Judgement } from '../judges/judgement';
import { kinds } from '../kinds/kinds';
import { type Results, resultTables, type Table } from './result-tables';
import { type RecordedResult, type RecordedVerdicts, verdictsPage } from './verdicts-page';

const file = new URL('../recorded.json', import.meta.url);
const page = new URL('../../../../docs/verdicts.md', import.meta.url);
/** Quick to play. */
const slice = { seed: 13, sizes: [1, 2, 3] };

export function readRecorded(): RecordedResult {
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedResult;
}

/** Keeps a result, and writes the page of it. */
export function recordCorpus(results: Results): void {
  const { judgements } = results;
  const badKinds = new Set(kinds.filter(({ truth }) => truth === 'bad').map(({ name }) => name));
  const bad = judgements.filter(({ kind }) => badKinds.has(kind));
  const silent = bad.filter(({ firstSignAt }) => firstSignAt === null);
  write({
    ...readKnown(),
    tables: resultTables(results),
    histories: judgements.length,
    silentPercent: Math.round((1000 * silent.length) / bad.length) / 10,
    slice: sliceOf(judgements),
  });
}

/** Writes the page of what was recorded before. */
export function writePage(): void {
  writeFileSync(page, verdictsPage(readRecorded()));
}

/** Keeps the long watch, beside the sizes watched before, and writes the page with it. */
export function recordWatch([head = [], ...rows]: Table): void {
  const known = readKnown();
  const others = known.watch.slice(1).filter(([size]) => !rows.some((row) => row[0] === size));
  const all = [...others, ...rows].sort(([a], [b]) => Number(a) - Number(b));
  write({ ...known, watch: [head, ...all] });
}

/** When the judges failed a history. */
export function verdictsIn({ kind, size, seed, judgedAt, verdicts }: Judgement): RecordedVerdicts {
  const failedAfter = verdicts.map((verdict) => (verdict === null ? null : (verdict.at - judgedAt) / 1000));
  return { kind, size, seed, failedAfter };
}

/** Each kind at one of the small sizes in turn. */
function sliceOf(judgements: readonly Judgement[]): RecordedVerdicts[] {
  const names = [...new Set(judgements.map(({ kind }) => kind))].sort();
  return names.flatMap((name, index) => {
    const size = slice.sizes[index % slice.sizes.length];
    return judgements
      .filter((one) => one.kind === name && one.size === size && one.seed === slice.seed)
      .map(verdictsIn);
  });
}

const nothing: RecordedResult = {
  tables: { totals: [], groups: [], sizes: [], kinds: [] },
  ...{ watch: [], histories: 0, silentPercent: 0, slice: [] },
};

function readKnown(): RecordedResult {
  return existsSync(file) ? readRecorded() : nothing;
}

function write(recorded: RecordedResult): void {
  writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`);
  writeFileSync(page, verdictsPage(recorded));
}
