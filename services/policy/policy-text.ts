import { type Document, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import {
  type DeclaredProtection,
  type DeploymentConfiguration,
  overlayConfiguration,
  undeclared,
} from '../../state-machines/protection/configuration';
import { brokenRule } from '../../state-machines/protection/ecs-rules';
import { declareNative } from './declare-native';
import type { Native } from './native-schema';
import { type PolicyContent, policyFileSchema } from './policy-schema';
import { lineOf, nameOf } from './yaml-place';

/** The policy file cannot be used; the message is one sentence naming file, line and field. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
}

interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly fileName: string;
}

/** Parses and checks the text of a policy file; throws PolicyFileError. JSON is read as the YAML that it also is. */
export function parsePolicyText(text: string, fileName: string): PolicyContent {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) {
    const { line } = lines.linePos(syntaxError.pos[0]);
    throw new PolicyFileError(
      `${fileName}, line ${line}: this is neither YAML nor JSON: ${syntaxError.message}`,
    );
  }
  const result = policyFileSchema.safeParse(toPlainValue({ document, lines, fileName }) ?? {});
  if (result.success) return withoutBrokenRules({ document, lines, fileName }, result.data);
  const [issue] = result.error.issues;
  if (issue === undefined) throw new PolicyFileError(`${fileName}, line 1: the file is not valid`);
  throw new PolicyFileError(describe({ document, lines, fileName }, issue));
}

/** Refuses what ECS would refuse. Each entry has to make sense with the defaults: which others match as well depends on the service. */
function withoutBrokenRules(source: Source, text: PolicyContent): PolicyContent {
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
    throw new PolicyFileError(
      `${source.fileName}, line ${lineOf(source, field)}: ${nameOf(field)}: ${broken.sentence} (rule ${broken.rule})`,
    );
  }
  return text;
}

/** The alarms of presets get their names from the service; that they are named is enough here. */
function wantedBy({ configuration, presets }: DeclaredProtection): DeploymentConfiguration {
  return presets.length === 0
    ? configuration
    : overlayConfiguration(configuration, { alarms: { alarmNames: presets } });
}

function toPlainValue({ document, fileName }: Source): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // An alias without an anchor, or a bomb of them.
    throw new PolicyFileError(`${fileName}, line 1: ${(error as Error).message}`, { cause: error });
  }
}

function describe(source: Source, issue: z.core.$ZodIssue): string {
  const { fileName } = source;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const path = [...issue.path, key];
    return `${fileName}, line ${lineOf(source, path)}: ${nameOf(path)} is not a key that Rewind knows`;
  }
  if (issue.path.length === 0) return `${fileName}, line 1: ${issue.message}`;
  const found = source.document.getIn(issue.path) === undefined ? ', and is missing' : '';
  return `${fileName}, line ${lineOf(source, issue.path)}: ${nameOf(issue.path)} ${issue.message}${found}`;
}
