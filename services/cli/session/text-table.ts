import { printable } from '../terminal/streams/safe-text';
import { columnsOf, cutTo, outputColumns, padTo, wrap } from '../terminal/text-layout';

const gap = 2;
/** So narrow a column may become that gives way: a commit, and a word of it. */
const narrowestColumn = 14;

interface TableLayout {
  readonly indent: number;
  /** The column that gives way first where a terminal is too narrow. */
  readonly yields: number;
  /** What does not fit of a row's last cell stands below the row, and is not cut. */
  readonly foldsLast?: true;
}

/**
 * Rows under each other, as wide as their texts need; a row may be of several lines. On a terminal
 * what does not fit is cut or stands below, a pipe gets all of it.
 */
export function formatTextTable(rows: readonly (readonly string[])[], layout: TableLayout): string[] {
  const texts = rows.map((row) => row.map(printable));
  const widths = widthsOf(texts, layout);
  const margin = ' '.repeat(layout.indent);
  const lineOf = (cells: readonly string[]) => {
    const padded = cells.map((text, column) =>
      padTo(cutCell(text, widths[column] ?? 0), widths[column] ?? 0),
    );
    return `${margin}${padded.join(' '.repeat(gap))}`.trimEnd();
  };
  return texts.map((row) => {
    const line = lineOf(row);
    if (!process.stdout.isTTY || columnsOf(line) <= outputColumns()) return line;
    if (layout.foldsLast === undefined) return cutTo(line, outputColumns());
    const below = `${margin}    `;
    const folded = wrap(row.at(-1) ?? '', outputColumns() - columnsOf(below));
    return [cutTo(lineOf(row.slice(0, -1)), outputColumns()), ...folded.map((text) => below + text)].join(
      '\n',
    );
  });
}

function widthsOf(
  texts: readonly (readonly string[])[],
  { indent, yields, foldsLast }: TableLayout,
): number[] {
  const columns = Math.max(0, ...texts.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...texts.map((row) => columnsOf(row[column] ?? ''))),
  );
  const side = foldsLast ? widths.slice(0, -1) : widths;
  const tooMany = side.reduce((sum, width) => sum + width + gap, indent - gap) - outputColumns();
  const width = widths[yields] ?? 0;
  if (process.stdout.isTTY && tooMany > 0 && width > narrowestColumn) {
    widths[yields] = Math.max(narrowestColumn, width - tooMany);
  }
  return widths;
}

function cutCell(text: string, width: number): string {
  return columnsOf(text) > width ? cutTo(text, width) : text;
}
