import { printable } from '../terminal/streams/safe-text';

const gap = 2;
const narrowest = 60;

/**
 * Rows under each other, as wide as their texts need. On a terminal the last column that does not
 * fit is cut; a pipe gets all of it.
 */
export function formatTextTable(rows: readonly (readonly string[])[], indent = 2): string[] {
  const texts = rows.map((row) => row.map(printable));
  const columns = Math.max(0, ...texts.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...texts.map((row) => columnsOf(row[column] ?? ''))),
  );
  return texts.map((row) => {
    const line = row.map((text, column) => padTo(text, widths[column] ?? 0)).join(' '.repeat(gap));
    return fitted(`${' '.repeat(indent)}${line}`.trimEnd());
  });
}

function fitted(line: string): string {
  const width = Math.max(narrowest, process.stdout.columns ?? 0);
  if (!process.stdout.isTTY || columnsOf(line) <= width) return line;
  let kept = '';
  for (const letter of line) {
    if (columnsOf(kept) + columnsOf(letter) > width - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}

/** East Asian letters and emoji take two columns. */
function columnsOf(text: string): number {
  return [...text].reduce((columns, letter) => columns + (isWide.test(letter) ? 2 : 1), 0);
}

const isWide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}
