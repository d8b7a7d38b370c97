import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { lineOf, nameOf } from '../../../services/policy/yaml-place';
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
