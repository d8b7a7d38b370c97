import { printable } from '../terminal/streams/safe-text';
import { columnsOf, cutTo, outputColumns, padTo } from '../terminal/text-layout';

const gap = 2;

/**
 * Rows under each other, as wide as their texts need. On a terminal what does not fit is cut, a
 * pipe gets all of it.
 */
export function formatTextTable(rows: readonly (readonly string[])[], indent = 2): string[] {
  const texts = rows.map((row) => row.map(printable));
  const columns = Math.max(0, ...texts.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...texts.map((row) => columnsOf(row[column] ?? ''))),
  );
  return texts.map((row) => {
    const line = row.map((text, column) => padTo(text, widths[column] ?? 0)).join(' '.repeat(gap));
    return fittedLine(`${' '.repeat(indent)}${line}`.trimEnd());
  });
}

/** A line as it fits the terminal; a pipe gets all of it. */
function fittedLine(line: string): string {
  return process.stdout.isTTY ? cutTo(line, outputColumns()) : line;
}
