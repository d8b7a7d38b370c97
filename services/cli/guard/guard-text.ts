import pc from 'picocolors';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant, type Instant } from '../../../state-machines/log/instant';
import type { FieldChange } from '../../../state-machines/protection/effective-configuration';
import type { PlannedAlarm, ProtectionPlan } from '../../../state-machines/protection/plan';
import { counted } from '../../sentences/quantities';
import { printable, width, wrap } from '../terminal/text-layout';

/**
 * One service of a plan, as a diff of before and after; empty for one of which there is nothing to
 * say.
 */
export function formatPlan(plan: ProtectionPlan, note: string | null): string[] {
  const { changes, alarms, warnings, because } = plan;
  // That a broad declaration does not fit every service in full is worth a line only where there is
  // something to read anyway.
  const isWorthTelling = warnings.some(({ code }) => code !== 'PresetDoesNotFit');
  const isQuiet = plan.status === 'undeclared' || (plan.status === 'right' && note === null);
  if (isQuiet && !isWorthTelling) return [];
  return [
    heading(plan.service, headline(plan)),
    ...changes.flatMap(({ because: why, ...change }) => [...formatChange(change), ...reason(why)]),
    ...alarms.flatMap(formatAlarm),
    ...[because, note].flatMap((text) => (text === null ? [] : remark('·', text, pc.cyan))),
    ...warnings.flatMap(({ message }) => remark('!', message, pc.yellow)),
    '',
  ];
}

/** A service's name, and what is to be said of it at the end of the line. */
export function heading(service: ServiceArn, text: string): string {
  const { path } = partsOfService(service);
  return `${pc.bold(path)}${' '.repeat(Math.max(2, width - path.length - text.length))}${text}`;
}

function headline({ status, changes, alarms }: ProtectionPlan): string {
  const parts = [
    ...(changes.length > 0 ? [counted(changes.length, 'change')] : []),
    ...(alarms.length > 0 ? [counted(alarms.length, 'alarm')] : []),
  ];
  const what = parts.join(', ');
  return status === 'change' ? what : `${status}${what === '' ? '' : `: ${what}`}`;
}

const fieldColumns = 56;

/** A field as it is and as it would be. */
export function formatChange({ field, before, after }: FieldChange): string[] {
  const line = (sign: string, value: unknown) => `  ${sign} ${field.padEnd(fieldColumns)} ${shown(value)}`;
  if (isListOfTexts(before) && isListOfTexts(after)) {
    const [gone, come] = [without(before, after), without(after, before)];
    return [...gone.map((text) => pc.red(line('-', text))), ...come.map((text) => pc.green(line('+', text)))];
  }
  return [
    ...(before === null ? [] : [pc.red(line('-', before))]),
    ...(after === null ? [] : [pc.green(line('+', after))]),
  ];
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function without(texts: readonly string[], others: readonly string[]): string[] {
  return texts.filter((text) => !others.includes(text));
}

function shown(value: unknown): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}

function formatAlarm({ action, alarm }: PlannedAlarm): string[] {
  const { name, description, definition } = alarm;
  const sign = action === 'create' ? '+' : '~';
  const { threshold, datapointsToAlarm, evaluationPeriods } = definition;
  return [
    pc.green(`  ${sign} alarm ${printable(name)}`),
    ...reason(`above ${threshold}, ${datapointsToAlarm} of ${evaluationPeriods} minutes: ${description}`),
  ];
}

function reason(text: string): string[] {
  return wrap(text, width - 6).map((line) => pc.dim(`      ${line}`));
}

function remark(sign: string, text: string, colour: (line: string) => string): string[] {
  return wrap(text, width - 4).map((line, index) => colour(`  ${index === 0 ? sign : ' '} ${line}`));
}

/** A row of the table at a command's end. */
export interface ResultRow {
  readonly service: ServiceArn;
  readonly outcome: string;
  readonly changes: number;
  readonly because: string | null;
  readonly returnsAt?: Instant | null;
}

const outcomeColours: { readonly [outcome: string]: (text: string) => string } = {
  applied: pc.green,
  undone: pc.green,
  failed: pc.red,
  refused: pc.red,
};

/** What became of each service, a line each, and the reasons under those that have one. */
export function formatTable(rows: readonly ResultRow[]): string[] {
  if (rows.length === 0) return [];
  const paths = rows.map(({ service }) => partsOfService(service).path);
  const pathColumns = Math.max('service'.length, ...paths.map((path) => path.length));
  const line = (path: string, outcome: string, changes: string) =>
    `${path.padEnd(pathColumns)}  ${outcome}  ${changes.padStart(7)}`;
  return [
    pc.bold(line('service', 'outcome'.padEnd(outcomeColumns), 'changes')),
    ...rows.flatMap(({ outcome, changes, because, returnsAt = null }, index) => {
      const colour = outcomeColours[outcome] ?? pc.yellow;
      const said = colour(outcome.padEnd(outcomeColumns));
      return [
        line(paths[index] ?? '', said, String(changes)),
        ...(because === null ? [] : reason(because + comesBack(returnsAt))),
      ];
    }),
    '',
  ];
}

const outcomeColumns = 11;

/** When a service with a rollout under way can be changed. */
export function comesBack(returnsAt: Instant | null): string {
  if (returnsAt === null) return '';
  return `; it can be changed when that is over, at ${formatInstant(returnsAt).slice(0, 19)}Z at the latest`;
}

/** `3 right, 1 busy`: how many there were of each. */
export function formatCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([word, count]) => `${count.toLocaleString('en-US')} ${word}`).join(', ');
}
