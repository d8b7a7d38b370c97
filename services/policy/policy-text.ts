import {
  type DeclaredProtection,
  type DeploymentConfiguration,
  overlayConfiguration,
  undeclared,
} from '../../state-machines/protection/configuration';
import { brokenRule } from '../../state-machines/protection/ecs-rules';
import { declareNative } from './declare-native';
import type { Native } from './native-schema';
import { type PolicyContent, policyFileSchema } from './policy-file-schema';
import { YamlText } from './yaml-text';

/** The policy file cannot be used; the message is one sentence naming file, line and field. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
}

/** Parses and checks the text of a policy file, YAML or JSON; throws PolicyFileError. */
export function parsePolicyText(text: string, fileName: string): PolicyContent {
  const yaml = new YamlText(text, fileName);
  const { syntaxError } = yaml;
  if (syntaxError !== null) {
    const { where, message } = syntaxError;
    throw new PolicyFileError(`${where}: this is neither YAML nor JSON: ${message}`);
  }
  const result = policyFileSchema.safeParse(plainValueOf(yaml, fileName));
  if (result.success) return withoutBrokenRules(yaml, result.data);
  throw new PolicyFileError(yaml.issueSentence(result.error.issues[0], 'is not a key that Rewind knows'));
}

/**
 * Refuses what ECS would refuse. Each entry must make sense with the defaults alone: which others
 * match as well depends on the service.
 */
function withoutBrokenRules(yaml: YamlText, text: PolicyContent): PolicyContent {
  const { defaults, services = [] } = text;
  const base = declareNative(undeclared, defaults?.native ?? {});
  const natives: { native: Native | undefined; path: PropertyKey[] }[] = [
    { native: defaults?.native, path: ['defaults', 'native'] },
    ...services.map(({ native }, index) => ({ native, path: ['services', index, 'native'] })),
  ];
  for (const { native, path } of natives) {
    const broken = native === undefined ? null : brokenRule(wantedBy(declareNative(base, native)), null);
    if (broken === null) continue;
    const field = [...path, ...broken.field];
    throw new PolicyFileError(`${yaml.whereIs(field)}: ${broken.sentence} (rule ${broken.rule})`);
  }
  return text;
}

/** The alarms of presets get their names from the service; that they are named is enough here. */
function wantedBy({ configuration, presets }: DeclaredProtection): DeploymentConfiguration {
  return presets.length === 0
    ? configuration
    : overlayConfiguration(configuration, { alarms: { alarmNames: presets } });
}

function plainValueOf(yaml: YamlText, fileName: string): unknown {
  try {
    return yaml.toPlainValue();
  } catch (error) {
    throw new PolicyFileError(`${fileName}, line 1: ${(error as Error).message}`, { cause: error });
  }
}
