import type { Colours } from '../terminal/colours';
import { printable } from '../terminal/streams/safe-text';
import { outputColumns, wrap } from '../terminal/text-layout';
import type { CheckResult } from './check-result';

const marks = { passed: '✓', noted: '!', failed: '✗' } as const;
const checkColumns = 11;

/** A finding in a line, more where it is long; the hint stands below it. */
export function formatCheckResult({ check, result, message, hint }: CheckResult, colours: Colours): string {
  const paint = { passed: colours.green, noted: colours.yellow, failed: colours.red }[result];
  const indent = ' '.repeat(2 + checkColumns);
  const textColumns = outputColumns() - indent.length;
  const [first = '', ...rest] = wrap(printable(message), textColumns);
  const hints = hint === null ? [] : wrap(`→ ${printable(hint)}`, textColumns).map(colours.dim);
  const head = `${paint(marks[result])} ${check.padEnd(checkColumns)}${first}`;
  return [head, ...[...rest, ...hints].map((line) => indent + line)].map((line) => `${line}\n`).join('');
}

/** How many there were of each. */
export function formatCheckTotal(findings: readonly CheckResult[]): string {
  const count = (result: CheckResult['result']) =>
    findings.filter((finding) => finding.result === result).length;
  const faults = count('failed');
  const said = faults === 0 ? 'No fault was found' : `${faults} ${faults === 1 ? 'fault' : 'faults'}`;
  const notes = count('noted');
  return `\n${said}${notes === 0 ? '' : `; ${notes} to be known`}.\n`;
}
