import type { Template } from './packaged-stack';
import { referencesIn } from './template-references';

/** What one statement allows. */
interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

/** The function names, as serverless.yml has them, with the logical id of the role of each. */
export function rolesOf(template: Template): Map<string, string> {
  const functions = Object.entries(template.Resources).filter(
    ([, { Type }]) => Type === 'AWS::Lambda::Function',
  );
  return new Map(
    functions.map(([name, { Properties }]) => {
      const [role] = referencesIn({
        Resources: { [name]: { Type: '', Properties: Properties.Role } },
        Outputs: {},
      });
      return [functionName(name), role?.to ?? ''];
    }),
  );
}

/** All that a role allows, its own policies and those attached to it. */
export function statementsOf({ Resources }: Template, role: string): Statement[] {
  const own: Policy[] = Resources[role]?.Properties.Policies ?? [];
  const attached = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .filter(({ Properties }) => Properties.Roles.some((one: { Ref?: string }) => one.Ref === role))
    .map(({ Properties }): Policy => Properties);
  return [...own, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** The actions that the function's role allows, sorted. */
export function actionsOf(template: Template, name: string): string[] {
  const statements = statementsOf(template, rolesOf(template).get(name) ?? '');
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

function functionName(logicalId: string): string {
  return logicalId.replace(/LambdaFunction$/, '').replace(/^./, (letter) => letter.toLowerCase());
}
