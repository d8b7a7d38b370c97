import * as z from 'zod';
import {
  type DeploymentId,
  parseDeploymentId,
  parseServiceArn,
  type ServiceArn,
} from '../../../state-machines/log/identifiers';
import { CommandError, exitCode } from '../terminal/exit-code';
import { readTextFile } from '../terminal/text-file';

/** What a person says of a rollout; holds in place of what the history shows. */
export interface RolloutOpinion {
  readonly service: ServiceArn;
  readonly deployment: DeploymentId;
  readonly truth: 'good' | 'bad';
  /** Where it stands in its file. */
  readonly place: string;
}

const entrySchema = z.object({ service: z.string(), deployment: z.string(), label: z.string() });
type Entry = z.output<typeof entrySchema>;

/**
 * Reads a file of labels, CSV (`service,deployment,good|bad`) or a JSON list of objects. Throws
 * CommandError naming file and line.
 */
export async function loadLabels(name: string): Promise<RolloutOpinion[]> {
  const text = await readTextFile(name, 'the file of labels');
  return parseLabels(text, name);
}

/** Parses the text of a file of labels. Throws CommandError. */
export function parseLabels(text: string, name: string): RolloutOpinion[] {
  const entries = text.trimStart().startsWith('[') ? entriesOfJson(text, name) : entriesOfCsv(text, name);
  return entries.map(([place, entry]) => opinionFrom(place, entry));
}

function* numberedLines(text: string): Generator<readonly [number, string]> {
  let number = 0;
  for (const line of text.split(/\r?\n/)) {
    number += 1;
    if (line.trim() !== '') yield [number, line];
  }
}

function entriesOfCsv(text: string, name: string): (readonly [string, Entry])[] {
  return [...numberedLines(text)].flatMap(([number, line]) => {
    const place = `${name}, line ${number}`;
    const [service = '', deployment = '', label, ...rest] = line.split(',').map((field) => field.trim());
    if (service === 'service' && deployment === 'deployment') return [];
    if (label === undefined || rest.length > 0) throw wrong(place, 'a label is service,deployment,good|bad');
    return [[place, { service, deployment, label }] as const];
  });
}

function entriesOfJson(text: string, name: string): (readonly [string, Entry])[] {
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

function opinionFrom(place: string, { service, deployment, label }: Entry): RolloutOpinion {
  if (label !== 'good' && label !== 'bad')
    throw wrong(place, `the label is "${label}", and must be good or bad`);
  try {
    return {
      service: parseServiceArn(service),
      deployment: parseDeploymentId(deployment),
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
