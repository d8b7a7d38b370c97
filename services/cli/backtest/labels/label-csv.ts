import { printable } from '../../terminal/streams/safe-text';

/** A row of a CSV text, and the line that it begins on. */
interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A cell, quoted or not, and what ends it. */
const cellPattern = /(?:\s*"((?:[^"]|"")*)"[^\S\r\n]*|([^",\r\n]*))(,|\r?\n|$)/y;

/**
 * The rows of a CSV text (RFC 4180), without empty ones. Pure. Null where a quote is never closed,
 * or something stands behind one.
 */
export function csvRows(text: string): CsvRow[] | null {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let [place, line, startLine] = [0, 1, 1];
  while (place < text.length || cells.length > 0) {
    cellPattern.lastIndex = place;
    const found = cellPattern.exec(text);
    if (found === null) return null;
    const [whole, quoted, bare = '', ending] = found;
    cells.push((quoted?.replaceAll('""', '"') ?? bare).trim());
    place += whole.length;
    line += whole.split('\n').length - 1;
    if (ending === ',') continue;
    if (cells.some((cell) => cell !== '')) rows.push({ line: startLine, cells });
    [cells, startLine] = [[], line];
  }
  return rows;
}

/** What a spreadsheet would take for a formula. */
const formula = /^[=+\-@]/;

/** A row as a line of CSV. Texts of others stay texts, on one line, wherever the file is opened. */
export function csvLine(cells: readonly string[]): string {
  const safe = cells.map((cell) => {
    const text = printable(cell).trim();
    const shown = formula.test(text) ? `'${text}` : text;
    return /[",]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
  });
  return `${safe.join(',')}\n`;
}
