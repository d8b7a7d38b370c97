import textWidth from 'fast-string-truncated-width';
import { printable } from './streams/safe-text';

const ofPipes = 100;
const narrowest = 60;

/** The columns of the output: those of the terminal, 60 at least; 100 in files and pipes. */
export function outputColumns(stream: NodeJS.WriteStream = process.stdout): number {
  return stream.isTTY ? Math.max(narrowest, stream.columns ?? ofPipes) : ofPipes;
}

/** How many columns of a terminal a text takes: letters of East Asia and emoji take two. */
export function columnsOf(text: string): number {
  return isOneColumnEach.test(text) ? text.length : textWidth(text).width;
}

/** Most texts are of such letters and signs, and the library is slow to begin. */
const isOneColumnEach = /^[ -~✔✖◌⟳↩»…→]*$/;

/** A text that takes as many columns, cut where it is longer, with a mark that it was. */
export function cutTo(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const end = lettersWithin(text, columns - 1);
  return `${text.slice(0, end).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** How many letters of a text take at most so many columns. */
function lettersWithin(text: string, columns: number): number {
  // Behind some signs the library counts a letter too few.
  let { index: end } = textWidth(text, { limit: columns });
  while (columnsOf(text.slice(0, end)) > columns) end -= 1;
  return end;
}

export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Breaks a text into lines of at most `columns`, at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = printable(text);
  while (columnsOf(rest) > columns) {
    const fitting = lettersWithin(rest, columns);
    const space = rest.lastIndexOf(' ', fitting);
    const end = space > 0 ? space : Math.max(1, fitting);
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/**
 * The lines of a text: broken between words for a terminal, below their indent; in files and pipes
 * one line, for whoever searches them.
 */
export function linesFor(stream: NodeJS.WriteStream, text: string): string[] {
  if (!stream.isTTY) return [printable(text)];
  const [indent = ''] = /^ */.exec(text) ?? [];
  return wrap(text.slice(indent.length), outputColumns(stream) - indent.length).map((line) => indent + line);
}

/** A labelled paragraph: the label in its own column, the text wrapped beside it. */
export function labelled(label: string, text: string): string[] {
  const indent = 2 + labelColumns;
  return wrap(text, outputColumns() - indent).map(
    (line, index) => `  ${(index === 0 ? label : '').padEnd(labelColumns)}${line}`,
  );
}

const labelColumns = 12;

/** A table's rows with their cells below each other, those of numbers at the right. */
export function alignedRows(
  rows: readonly (readonly string[])[],
  isNumber: (column: number) => boolean,
): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
