import { readdirSync } from 'node:fs';
import path from 'node:path';
import { projectFolder, readCloudFormation } from '../../infra/local/aws/declared/cloudformation';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}
interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}
interface RoleFile {
  readonly Resources?: {
    readonly [name: string]: {
      readonly Type: string;
      readonly Properties: Policy & {
        readonly Policies: readonly (Policy | string)[];
        readonly Roles: readonly { readonly Ref: string }[];
      };
    };
  };
}

/**
 * What the role of a function allows with `mode=enforce`, read from infra/roles:
 * `ecs:UpdateService`, and `… on index` for an index.
 */
export function grantedActions(functionName: string): string[] {
  const role = `${functionName.replace(/^./, (letter) => letter.toUpperCase())}Role`;
  const statements = roleFiles().flatMap(({ Resources = {} }) =>
    Object.entries(Resources).flatMap(([name, { Properties }]) => {
      if (name === role) return Properties.Policies.map(policyOf).flatMap(statementsOf);
      // What is deployed only where a parameter says so stands for all roles at once, or is no
      // right that code makes use of.
      return isAttachedTo(Properties.Roles, role) ? statementsOf(Properties) : [];
    }),
  );
  const actions = statements.flatMap(({ Action, Resource }) => {
    const isIndex = JSON.stringify(Resource).includes('/index/');
    return [Action].flat().map((action) => (isIndex ? `${action} on index` : action));
  });
  return [...new Set(actions)].sort();
}

function roleFiles(): RoleFile[] {
  const folder = path.join(projectFolder, 'infra/roles');
  const files = readdirSync(folder, { recursive: true }).filter((file) => `${file}`.endsWith('.yml'));
  return files.map((file) => readCloudFormation<RoleFile>(`infra/roles/${file}`));
}

/** A policy that several roles share stands in a file of its own. */
function policyOf(policy: Policy | string): Policy {
  if (typeof policy !== 'string') return policy;
  return readCloudFormation<Policy>(/^\$\{file\((.+)\)\}$/.exec(policy)?.[1] ?? policy);
}

function statementsOf({ PolicyDocument }: Policy): readonly Statement[] {
  return PolicyDocument.Statement;
}

function isAttachedTo(roles: unknown, role: string): boolean {
  return Array.isArray(roles) && roles.some(({ Ref }: { Ref: string }) => Ref === role);
}
