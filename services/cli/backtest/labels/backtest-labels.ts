import * as z from 'zod/mini';
import {
  type DeploymentId,
  parseDeploymentId,
  parseServiceArn,
  type ServiceArn,
} from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import { parseInstant } from '../../../notifications/instant-text';
import { CommandError, exitCode } from '../../terminal/exit-code';
import { readTextFile } from '../../terminal/text-file';
import { csvRows } from './label-csv';

/** What a person says of a rollout; holds in place of what the history shows. */
export interface RolloutOpinion {
  readonly service: ServiceArn;
  readonly deployment: DeploymentId;
  /** Which of the deployment's rollouts is meant; null: the first. */
  readonly startedAt: Instant | null;
  readonly truth: 'good' | 'bad';
  /** Where it stands in its file. */
  readonly place: string;
}

const entrySchema = z.object({
  service: z.string(),
  deployment: z.string(),
  started: z._default(z.string(), ''),
  label: z.string(),
});
type Entry = z.output<typeof entrySchema>;
type PlacedEntry = readonly [place: string, entry: Entry];

/** The columns of a CSV file that has no line of heads. */
const bareColumns: readonly string[] = ['service', 'deployment', 'label'];

/**
 * Reads a file of labels: CSV, with a line of heads or as `service,deployment,good|bad`, or a JSON
 * list of objects. A row without a label says nothing. Throws CommandError naming file and line.
 */
export async function loadLabels(name: string): Promise<RolloutOpinion[]> {
  const text = await readTextFile(name, 'the file of labels');
  return parseLabels(text, name);
}

/** Parses the text of a file of labels. Throws CommandError. */
export function parseLabels(text: string, name: string): RolloutOpinion[] {
  const plain = text.replace(/^\uFEFF/, '');
  const isJson = plain.trimStart().startsWith('[');
  const entries = isJson ? entriesOfJson(plain, name) : entriesOfCsv(plain, name);
  return entries.filter(([, { label }]) => label !== '').map(([place, entry]) => opinionFrom(place, entry));
}

function entriesOfCsv(text: string, name: string): PlacedEntry[] {
  const rows = csvRows(text);
  if (rows === null) throw wrong(name, 'a quote in this file is not closed');
  const heads = rows[0]?.cells ?? [];
  const hasHeads = bareColumns.every((column) => heads.includes(column));
  const columns = hasHeads ? heads : bareColumns;
  return rows.slice(hasHeads ? 1 : 0).map(({ line, cells }) => {
    const place = `${name}, line ${line}`;
    const isShaped = hasHeads ? cells.length <= columns.length : cells.length === columns.length;
    if (!isShaped) throw wrong(place, `a label is ${hasHeads ? columns.join(',') : barePattern}`);
    const cellOf = (column: string) => cells[columns.indexOf(column)] ?? '';
    return [
      place,
      {
        service: cellOf('service'),
        deployment: cellOf('deployment'),
        started: cellOf('started'),
        label: cellOf('label'),
      },
    ];
  });
}

const barePattern = 'service,deployment,good|bad';

function entriesOfJson(text: string, name: string): PlacedEntry[] {
  const parsed = z.array(z.unknown()).safeParse(parseLabelJson(text, name));
  return (parsed.data ?? []).map((value, index) => {
    const place = `${name}, line ${lineOfEntry(text, index)}`;
    const entry = entrySchema.safeParse(value);
    if (entry.success) return [place, entry.data] as const;
    throw wrong(place, `[${index}].${entry.error.issues[0]?.path.join('.') ?? ''} is missing or no text`);
  });
}

function parseLabelJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(`${name}, line 1`, `this is neither CSV nor JSON: ${(error as Error).message}`);
  }
}

/** Entries are flat objects: the line of the opening bracket of one is that of the entry. */
function lineOfEntry(text: string, index: number): number {
  const start = [...text.matchAll(/\{/g)][index]?.index ?? 0;
  return text.slice(0, start).split('\n').length;
}

function opinionFrom(place: string, { service, deployment, started, label }: Entry): RolloutOpinion {
  if (label !== 'good' && label !== 'bad')
    throw wrong(place, `the label is "${label}", and must be good or bad`);
  try {
    return {
      service: parseServiceArn(service),
      deployment: parseDeploymentId(deployment),
      startedAt: started === '' ? null : parseInstant(started),
      truth: label,
      place,
    };
  } catch (error) {
    throw wrong(place, (error as Error).message);
  }
}

function wrong(place: string, sentence: string): CommandError {
  return new CommandError(`${place}: ${sentence}`, exitCode.data);
}
