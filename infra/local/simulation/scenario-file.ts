import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Scenario, scenarioSchema } from './scenario-schema';

/** The scenario cannot be run; the message is one sentence naming file, line and field. */
export class ScenarioFileError extends Error {
  override readonly name = 'ScenarioFileError';
}

interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly fileName: string;
}

/** Parses the text of a scenario, YAML or JSON. Pure; throws ScenarioFileError for the first thing that is wrong. */
export function parseScenario(text: string, fileName: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) {
    const { line } = lines.linePos(syntaxError.pos[0]);
    throw new ScenarioFileError(`${fileName}, line ${line}: this is not YAML: ${syntaxError.message}`);
  }
  const result = scenarioSchema.safeParse(document.toJS() ?? {});
  if (result.success) return withKnownServices(result.data, { document, lines, fileName });
  throw new ScenarioFileError(describe({ document, lines, fileName }, result.error.issues[0]));
}

/** A step is of a service that the scenario has. */
function withKnownServices(scenario: Scenario, source: Source): Scenario {
  const names = scenario.services.map(({ name }) => name);
  scenario.steps.forEach(({ at: _, ...actions }, index) => {
    for (const [action, value] of Object.entries(actions)) {
      const service = typeof value === 'object' && 'service' in value ? value.service : undefined;
      if (service === undefined || names.includes(service)) continue;
      const path = ['steps', index, action, 'service'];
      const line = lineOf(source, path);
      const where = `${source.fileName}, line ${line}: ${nameOf(path)}`;
      throw new ScenarioFileError(
        `${where} is ${service}, which is none of the services: ${names.join(', ')}`,
      );
    }
  });
  return scenario;
}

function describe(source: Source, issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return `${source.fileName}, line 1: the scenario is not valid`;
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0] ?? ''];
    return `${source.fileName}, line ${lineOf(source, path)}: ${nameOf(path)} is not a key that a scenario has`;
  }
  const found = source.document.getIn(issue.path) === undefined ? ', and is missing' : '';
  const where = `${source.fileName}, line ${lineOf(source, issue.path)}`;
  return `${where}: ${nameOf(issue.path)} ${issue.message}${found}`;
}

/** The line of the key that a path ends with, or of the nearest thing around it that the file does hold. */
function lineOf({ document, lines }: Source, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === key) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    const start = (node as { range?: readonly number[] } | undefined)?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
