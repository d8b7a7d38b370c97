import { YamlText } from '../../../../services/policy/yaml-text';
import { type Scenario, scenarioSchema } from './scenario-schema';

/** The scenario cannot be run; the message is one sentence naming file, line and field. */
export class ScenarioFileError extends Error {
  override readonly name = 'ScenarioFileError';
}

/**
 * Parses the text of a scenario, YAML or JSON. Pure; throws ScenarioFileError for the first
 * mistake.
 */
export function parseScenario(text: string, fileName: string): Scenario {
  const yaml = new YamlText(text, fileName);
  const { syntaxError } = yaml;
  if (syntaxError !== null) {
    throw new ScenarioFileError(`${syntaxError.where}: this is not YAML: ${syntaxError.message}`);
  }
  const result = scenarioSchema.safeParse(yaml.toPlainValue());
  if (result.success) return withKnownServices(result.data, yaml);
  throw new ScenarioFileError(yaml.issueSentence(result.error.issues[0], 'is not a key that a scenario has'));
}

/** Every step is of a service that the scenario has, and waits for one. */
function withKnownServices(scenario: Scenario, yaml: YamlText): Scenario {
  const names = scenario.services.map(({ name }) => name);
  scenario.steps.forEach(({ at: _, when, ...actions }, index) => {
    const named = Object.entries(actions).map(([action, value]) => ({
      path: [action, 'service'],
      service: typeof value === 'object' && 'service' in value ? value.service : undefined,
    }));
    const awaited = { path: ['when', 'stable'], service: when?.stable };
    for (const { path, service } of [awaited, ...named]) {
      if (service === undefined || names.includes(service)) continue;
      const where = yaml.whereIs(['steps', index, ...path]);
      throw new ScenarioFileError(
        `${where} is ${service}, which is none of the services: ${names.join(', ')}`,
      );
    }
  });
  return scenario;
}
