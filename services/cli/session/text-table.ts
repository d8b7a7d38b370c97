import { printable } from '../terminal/streams/safe-text';
import { columnsOf, cutTo, outputColumns, padTo, wrap } from '../terminal/text-layout';

const wideGap = 2;
/** On a terminal that is too narrow for the other. */
const narrowGap = 1;
/** So narrow a column may become that gives way: a commit, and a mark that there is more of it. */
const narrowestColumn = 8;

interface TableLayout {
  readonly indent: number;
  /** The column that gives way first where a terminal is too narrow. */
  readonly yields: number;
  /** What does not fit of a row's last cells stands below the row, and is not cut. */
  readonly foldsLast?: true;
}

/**
 * Rows under each other, as wide as their texts need; a row may be of several lines. On a terminal
 * that is too narrow they move closer together; columns that do not fit even so stand below, or are
 * left out from the right, and none is cut to a rest of a word. A pipe gets all of it.
 */
export function formatTextTable(rows: readonly (readonly string[])[], layout: TableLayout): string[] {
  const texts = rows.map((row) => row.map(printable));
  const { widths, gap, beside } = columnsFor(texts, layout);
  const margin = ' '.repeat(layout.indent);
  const lineOf = (cells: readonly string[]) => {
    const padded = cells.map((text, column) => padTo(cutTo(text, widths[column] ?? 0), widths[column] ?? 0));
    return `${margin}${padded.join(' '.repeat(gap))}`.trimEnd();
  };
  if (!process.stdout.isTTY) return texts.map(lineOf);
  const below = `${margin}    `;
  return texts.map((row) => {
    const line = lineOf(row);
    const isFolded = layout.foldsLast && columnsOf(line) > outputColumns();
    if (layout.foldsLast && !isFolded) return line;
    const folded = isFolded ? row.slice(beside).filter((text) => text !== '') : [];
    const lines = folded.flatMap((text) => wrap(text, outputColumns() - below.length));
    const first = cutTo(lineOf(row.slice(0, beside)), outputColumns());
    return [first, ...lines.map((text) => below + text)].join('\n');
  });
}

interface Columns {
  readonly widths: readonly number[];
  readonly gap: number;
  /** How many of them stand beside each other. */
  readonly beside: number;
}

/** The first way that fits: far apart, close together, then with ever fewer beside each other. */
function columnsFor(texts: readonly (readonly string[])[], layout: TableLayout): Columns {
  const count = Math.max(0, ...texts.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...texts.map((row) => columnsOf(row[column] ?? ''))),
  );
  const most = layout.foldsLast ? count - 1 : count;
  const wide = { widths, gap: wideGap, beside: most };
  if (!process.stdout.isTTY) return wide;
  const fewest = layout.foldsLast ? count - 2 : layout.yields;
  const ways = [wide];
  for (let beside = most; beside >= fewest; beside -= 1) ways.push({ widths, gap: narrowGap, beside });
  const narrowed = ways.map((way) => narrowedColumns(way, layout));
  const fitting = narrowed.find((way) => excessOf(way, layout) <= 0);
  return fitting ?? narrowed.at(-1) ?? wide;
}

/** With the column that gives way as narrow as need be. */
function narrowedColumns(columns: Columns, layout: TableLayout): Columns {
  const excess = Math.max(0, excessOf(columns, layout));
  const widths = columns.widths.map((width, column) =>
    column === layout.yields ? Math.max(Math.min(width, narrowestColumn), width - excess) : width,
  );
  return { ...columns, widths };
}

/** How many columns of the terminal are missing. */
function excessOf({ widths, gap, beside }: Columns, { indent }: TableLayout): number {
  return widths.slice(0, beside).reduce((sum, width) => sum + width + gap, indent - gap) - outputColumns();
}
