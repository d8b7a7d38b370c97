/** The width that terminals and mails have in common with room to spare. */
export const width = 100;

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

/** Reasons are free text of anyone who may stop a task: nothing in them shall move the cursor or colour the screen. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}

/** A duration as people say it, in its two largest units. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  const seconds = Math.round(milliseconds / 1000);
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  const [largest, next] = units.slice(first);
  const parts = next !== undefined && next[0] > 0 ? [largest, next] : [largest];
  return parts.map((part) => `${part?.[0]} ${part?.[1]}`).join(' ');
}

/** `1 task`, `2 tasks`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A name of the contract as plain words: `rollingBack` is rolling back. */
export function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
