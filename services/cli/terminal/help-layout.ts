import { columnsOf, outputColumns, wrap } from './text-layout';

const widest = 100;

/** The columns of a help: what it is written for, or those of a narrower terminal. */
export function helpColumns(): number {
  return Math.min(widest, outputColumns());
}

/** A description without the line breaks of its source; empty and indented lines stand. */
export function flowing(description: string): string {
  return description.replace(/(?<=\S)\n(?=\S)/g, ' ');
}

/** Breaks the lines of a help that a terminal is too narrow for, each below its own text. */
export function fitHelp(text: string): string {
  const columns = helpColumns();
  if (columns >= widest) return text;
  return text
    .split('\n')
    .flatMap((line) => fitLine(line, columns))
    .join('\n');
}

/** With fewer columns beside its term a text stands below it. */
const narrowestText = 24;
const indentBelow = 6;

function fitLine(line: string, columns: number): string[] {
  if (columnsOf(line) <= columns) return [line];
  const [lead = ''] = /^ {2}\S.*? {2,}(?=\S)|^ */.exec(line) ?? [];
  const text = line.slice(lead.length);
  if (columns - lead.length < narrowestText) {
    const margin = ' '.repeat(indentBelow);
    return [lead.trimEnd(), ...wrap(text, columns - indentBelow).map((each) => margin + each)];
  }
  const [first = '', ...rest] = wrap(text, columns - lead.length);
  return [lead + first, ...rest.map((each) => ' '.repeat(lead.length) + each)];
}
