import { intervalText, percentText } from '../../../../services/sentences/quantities';
import type { Judgement } from '../judges/judgement';
import { otherJudges } from '../judges/other-judges';
import type { Kind } from '../kinds/kind';
import { kinds } from '../kinds/kinds';
import { isInMix, type Tally, tallyOf } from './tally';

/** A table of Markdown. */
export type Table = readonly (readonly string[])[];

export interface Results {
  readonly judges: readonly string[];
  readonly judgements: readonly Judgement[];
}

/** All that the page shows of a result. */
export function resultTables(results: Results) {
  return {
    totals: totalsTable(results),
    groups: groupsTable(results),
    sizes: sizesTable(results),
    kinds: kindsTable(results),
  };
}

/** False verdicts in percent by the number of tasks, a column for each of Rewind's policies. */
export function watchTable({ judges, judgements }: Results): Table {
  const sizes = [...new Set(judgements.map(({ size }) => size))].sort((a, b) => a - b);
  const policies = judges.map((name, index) => ({ name, index })).slice(otherJudges.length);
  const rows = sizes.map((size) => {
    const some = judgements.filter((one) => one.size === size);
    const texts = policies.map(({ index }) => intervalText(tallyOf(some, index).falseRate));
    return [String(size), String(some.length), ...texts];
  });
  return [['tasks', 'services', ...policies.map(({ name }) => `${name}: false %`)], ...rows];
}

/** Each judge in the mix: what it takes back for nothing, what it misses, and how late it is. */
function totalsTable({ judges, judgements }: Results): Table {
  const mix = judgements.filter(isInMix);
  const head = [
    'judge',
    'false %',
    'missed %',
    'after the sign: half',
    '90 %',
    'of the caught: half',
    '90 %',
    'from the start: half',
    '90 %',
    'started ÷ size',
    'minutes served',
  ];
  return [
    head,
    ...judges.map((name, index) => {
      const { afterSign, caughtAfterSign, fromStart, ...tally } = tallyOf(mix, index);
      const delays = [afterSign, caughtAfterSign, fromStart].flatMap(({ half, ninety }) => [half, ninety]);
      return [
        name,
        intervalText(tally.falseRate),
        intervalText(tally.missedRate),
        ...delays.map(timeText),
        tally.started.toFixed(1),
        tally.servedMinutes.toFixed(1),
      ];
    }),
  ];
}

/** False and missed in percent by groups of kinds, a column for each judge. */
function groupsTable({ judges, judgements }: Results): Table {
  const truths = ['good', 'hopeless', 'bad'] as const;
  const rows = truths.flatMap((truth) => {
    const groups = new Set(kinds.filter((kind) => kind.truth === truth).map(({ group }) => group));
    return [...groups].map((group) => {
      const names = new Set(
        kinds.filter((kind) => kind.truth === truth && kind.group === group).map(({ name }) => name),
      );
      const some = judgements.filter(({ kind }) => names.has(kind));
      return [
        `${truth === 'bad' ? 'missed' : 'false'}: ${group}`,
        ...judges.map((_, index) => rateText(truth, some, index)),
      ];
    });
  });
  return [['%', ...judges], ...rows];
}

/** False / missed in percent of the mix, by the number of tasks. */
function sizesTable({ judges, judgements }: Results): Table {
  const sizes = [...new Set(judgements.map(({ size }) => size))].sort((a, b) => a - b);
  const rows = judges.map((name, index) => [
    name,
    ...sizes.map((size) => {
      const { falseRate, missedRate } = tallyOf(
        judgements.filter((one) => isInMix(one) && one.size === size),
        index,
      );
      return `${percentText(falseRate.share)} / ${percentText(missedRate.share)}`;
    }),
  ]);
  return [['false / missed %', ...sizes.map(String)], ...rows];
}

/** Every kind: false or missed in percent, and how long half and 90 % took after the first sign. */
function kindsTable({ judges, judgements }: Results): Table {
  const rows = kinds.map((kind) => {
    const some = judgements.filter((one) => one.kind === kind.name);
    return [
      kind.name,
      kind.truth === 'bad' ? 'missed' : 'false',
      ...judges.map((_, index) => kindText(kind, some, index)),
    ];
  });
  return [['kind', '', ...judges], ...rows];
}

function kindText(kind: Kind, some: readonly Judgement[], judge: number): string {
  const rate = rateText(kind.truth, some, judge);
  if (kind.truth !== 'bad') return rate;
  const { half, ninety } = tallyOf(some, judge).afterSign;
  return `${rate} · ${timeText(half)} · ${timeText(ninety)}`;
}

function rateText(truth: Kind['truth'], some: readonly Judgement[], judge: number): string {
  if (truth === 'hopeless') {
    const failed = some.filter(({ verdicts }) => verdicts[judge] !== null).length;
    return percentText(failed / Math.max(1, some.length));
  }
  const { falseRate, missedRate }: Tally = tallyOf(some, judge);
  const { share, count } = truth === 'good' ? falseRate : missedRate;
  return count === 0 ? '–' : percentText(share);
}

/** `47 s`, `5.2 m`, `2.1 h`; `never`. */
function timeText(seconds: number): string {
  if (Number.isNaN(seconds)) return '–';
  if (seconds === Number.POSITIVE_INFINITY) return 'never';
  if (seconds < 99.5) return `${seconds.toFixed(0)} s`;
  return seconds < 5940 ? `${(seconds / 60).toFixed(1)} m` : `${(seconds / 3600).toFixed(1)} h`;
}

/** With columns as wide as what stands in them. */
export function alignedTable(table: Table): string {
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return table.map((row) => `  ${line(row).trimEnd()}\n`).join('');
}
