import { printable } from './streams/safe-text';

const widest = 100;
const narrowest = 60;

/** The columns of the output: those of the terminal, within reason; 100 in files and pipes. */
export const width = Math.max(narrowest, Math.min(process.stdout.columns ?? widest, widest));

/** Breaks a text into lines of at most `columns`, at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = printable(text);
  while (rest.length > columns) {
    const space = rest.lastIndexOf(' ', columns);
    const end = space > 0 ? space : columns;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** A labelled paragraph: the label in its own column, the text wrapped beside it. */
export function labelled(label: string, text: string): string[] {
  const indent = 2 + labelColumns;
  return wrap(text, width - indent).map(
    (line, index) => `  ${(index === 0 ? label : '').padEnd(labelColumns)}${line}`,
  );
}

const labelColumns = 12;
