import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant, type Instant } from '../../../state-machines/log/instant';
import type { FieldChange } from '../../../state-machines/protection/effective-configuration';
import type { PlannedAlarm, ProtectionPlan } from '../../../state-machines/protection/plan';
import type { Restoration } from '../../../state-machines/protection/restoration';
import { counted } from '../../sentences/quantities';
import type { Colours } from '../terminal/colours';
import { formatHeadline } from '../terminal/headline';
import { printable } from '../terminal/streams/safe-text';
import { outputColumns, wrap } from '../terminal/text-layout';

/**
 * One service of a plan, as a diff of before and after; empty for one of which there is nothing to
 * say.
 */
export function formatPlan(plan: ProtectionPlan, note: string | null, colours: Colours): string[] {
  const { changes, alarms, warnings, because } = plan;
  // That a broad declaration does not fit every service in full is worth a line only where there is
  // something to read anyway.
  const isWorthTelling = warnings.some(({ code }) => code !== 'PresetDoesNotFit');
  const isQuiet = plan.status === 'undeclared' || (plan.status === 'right' && note === null);
  if (isQuiet && !isWorthTelling) return [];
  return [
    serviceHeading(plan.service, planHeadline(plan), colours),
    ...changes.flatMap(({ because: why, ...change }) => [
      ...formatChange(change, colours),
      ...reasonLines(why, colours),
    ]),
    ...alarms.flatMap((alarm) => formatAlarm(alarm, colours)),
    ...[because, note].flatMap((text) => (text === null ? [] : remarkLines('·', text, colours.cyan))),
    ...warnings.flatMap(({ message }) => remarkLines('!', message, colours.yellow)),
    '',
  ];
}

/** What one service goes back to. */
export function* formatRestoration(
  service: ServiceArn,
  { changes, alarms }: Restoration,
  colours: Colours,
): Generator<string> {
  yield `${serviceHeading(service, counted(changes.length, 'change'), colours)}\n`;
  for (const line of changes.flatMap((change) => formatChange(change, colours))) yield `${line}\n`;
  for (const name of alarms) yield `  - alarm ${printable(name)}\n`;
  yield '\n';
}

/** A service's name, and what is to be said of it at the end of the line. */
function serviceHeading(service: ServiceArn, text: string, colours: Colours): string {
  const paint = { subject: colours.bold, ending: (ending: string) => ending };
  return formatHeadline({ subject: partsOfService(service).path, ending: text, paint });
}

function planHeadline({ status, changes, alarms }: ProtectionPlan): string {
  const parts = [
    ...(changes.length > 0 ? [counted(changes.length, 'change')] : []),
    ...(alarms.length > 0 ? [counted(alarms.length, 'alarm')] : []),
  ];
  const what = parts.join(', ');
  return status === 'change' ? what : `${status}${what === '' ? '' : `: ${what}`}`;
}

const fieldColumns = 56;

/** A field as it is and as it would be. */
function formatChange({ field, before, after }: FieldChange, colours: Colours): string[] {
  const line = (sign: string, value: unknown) => `  ${sign} ${field.padEnd(fieldColumns)} ${shown(value)}`;
  if (isListOfTexts(before) && isListOfTexts(after)) {
    const [gone, come] = [without(before, after), without(after, before)];
    return [
      ...gone.map((text) => colours.red(line('-', text))),
      ...come.map((text) => colours.green(line('+', text))),
    ];
  }
  return [
    ...(before === null ? [] : [colours.red(line('-', before))]),
    ...(after === null ? [] : [colours.green(line('+', after))]),
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

function formatAlarm({ action, alarm }: PlannedAlarm, colours: Colours): string[] {
  const { name, description, definition } = alarm;
  const sign = action === 'create' ? '+' : '~';
  const { threshold, datapointsToAlarm, evaluationPeriods } = definition;
  return [
    colours.green(`  ${sign} alarm ${printable(name)}`),
    ...reasonLines(
      `above ${threshold}, ${datapointsToAlarm} of ${evaluationPeriods} minutes: ${description}`,
      colours,
    ),
  ];
}

function reasonLines(text: string, colours: Colours): string[] {
  return wrap(text, outputColumns() - 6).map((line) => colours.dim(`      ${line}`));
}

function remarkLines(sign: string, text: string, colour: (line: string) => string): string[] {
  return wrap(text, outputColumns() - 4).map((line, index) =>
    colour(`  ${index === 0 ? sign : ' '} ${line}`),
  );
}

/** A row of the table at a command's end. */
export interface ResultRow {
  readonly service: ServiceArn;
  readonly outcome: string;
  readonly changes: number;
  readonly because: string | null;
  readonly returnsAt?: Instant | null;
}

const outcomeColours: { readonly [outcome: string]: 'green' | 'red' } = {
  applied: 'green',
  undone: 'green',
  failed: 'red',
  refused: 'red',
};

/** What became of each service, a line each, and the reasons under those that have one. */
function tableLines(rows: readonly ResultRow[], colours: Colours): string[] {
  if (rows.length === 0) return [];
  const paths = rows.map(({ service }) => partsOfService(service).path);
  const pathColumns = Math.max('service'.length, ...paths.map((path) => path.length));
  const line = (path: string, outcome: string, changes: string) =>
    `${path.padEnd(pathColumns)}  ${outcome}  ${changes.padStart(7)}`;
  return [
    colours.bold(line('service', 'outcome'.padEnd(outcomeColumns), 'changes')),
    ...rows.flatMap(({ outcome, changes, because, returnsAt = null }, index) => {
      const colour = colours[outcomeColours[outcome] ?? 'yellow'];
      const said = colour(outcome.padEnd(outcomeColumns));
      return [
        line(paths[index] ?? '', said, String(changes)),
        ...(because === null ? [] : reasonLines(because + returnSentence(returnsAt), colours)),
      ];
    }),
    '',
  ];
}

const outcomeColumns = 11;

/**
 * The end of a command: a table of what became of each service, and how many there were of each.
 */
export function* formatResults(rows: readonly ResultRow[], colours: Colours): Generator<string> {
  for (const line of tableLines(rows, colours)) yield `${line}\n`;
  const counts = new Map<string, number>();
  for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  yield rows.length === 0 ? 'There was nothing to do.\n' : `${formatCounts(counts)}.\n`;
}

/** When a service with a rollout under way can be changed. */
export function returnSentence(returnsAt: Instant | null): string {
  if (returnsAt === null) return '';
  return `; it can be changed when that is over, at ${formatInstant(returnsAt).slice(0, 19)}Z at the latest`;
}

/** How many services a plan looked at, and how many there are of each status. */
export function formatPlanTotal(counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return `${counted(total, 'service')}${total === 0 ? '' : `: ${formatCounts(counts)}`}.\n`;
}

/** `3 right, 1 busy`: how many there were of each. */
function formatCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([word, count]) => `${count.toLocaleString('en-US')} ${word}`).join(', ');
}
