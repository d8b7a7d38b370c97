import { readdirSync, readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { parseScenario } from './scenario-file';
import type { Scenario, Story } from './scenario-schema';

const folder = new URL('../../../../docs/scenarios/', import.meta.url);

/** The names of all scenarios of docs/scenarios, in order. */
export function scenarioNames(): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yml'));
  return files.map((file) => file.replace('.yml', '')).sort();
}

/** A scenario of docs/scenarios, by its name. Throws ScenarioFileError. */
export function readScenario(name: string): Scenario {
  const file = `${name}.yml`;
  return parseScenario(readFileSync(new URL(file, folder), 'utf8'), `docs/scenarios/${file}`);
}

/** The scenarios that say how they have to end, by their names: those that `npm start` plays. */
export function readStories(): ReadonlyMap<string, Story> {
  const scenarios = scenarioNames().map((name) => [name, readScenario(name)] as const);
  return new Map(scenarios.flatMap(([name, scenario]) => (isStory(scenario) ? [[name, scenario]] : [])));
}

/** A story by its name; throws where docs/scenarios has none of that name. */
export function readStory(name: string): Story {
  const story = readStories().get(name);
  if (story === undefined) throw new Error(`docs/scenarios has no story ${name}`);
  return story;
}

function isStory(scenario: Scenario): scenario is Story {
  return scenario.ends !== undefined;
}

/** The text of the scenario's policy file, a line for each of its keys. */
export function policyTextOf({ policy }: Scenario): string {
  const line = ([key, value]: [string, unknown]) =>
    `${key}: ${stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`;
  return Object.entries(policy).map(line).join('\n');
}
