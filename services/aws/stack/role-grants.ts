import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import type { RoleGrants } from './deployed-stack';

/** What a role's own policies and those attached to it say of actions. */
export async function roleGrants(client: IAMClient, roleName: string): Promise<RoleGrants> {
  const { Role } = await client.send(new GetRoleCommand({ RoleName: roleName }));
  const documents = [...(await ownPolicies(client, roleName)), ...(await attachedPolicies(client, roleName))];
  const statements = documents.flatMap(statementsIn);
  const actions = (effect: string) =>
    statements.filter(({ Effect }) => Effect === effect).flatMap(({ Action = [] }) => Action);
  return {
    allowed: actions('Allow'),
    denied: actions('Deny'),
    hasBoundary: Role?.PermissionsBoundary !== undefined,
  };
}

async function ownPolicies(client: IAMClient, roleName: string): Promise<string[]> {
  const documents: string[] = [];
  for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName: roleName })) {
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument = '' } = await client.send(
        new GetRolePolicyCommand({ RoleName: roleName, PolicyName }),
      );
      documents.push(PolicyDocument);
    }
  }
  return documents;
}

async function attachedPolicies(client: IAMClient, roleName: string): Promise<string[]> {
  const documents: string[] = [];
  const pages = paginateListAttachedRolePolicies({ client }, { RoleName: roleName });
  for await (const { AttachedPolicies = [] } of pages) {
    for (const { PolicyArn } of AttachedPolicies) {
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
      const { PolicyVersion } = await client.send(
        new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
      );
      documents.push(PolicyVersion?.Document ?? '');
    }
  }
  return documents;
}

interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
}

/**
 * IAM answers with documents in percent-encoding:
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
 */
function statementsIn(document: string): Statement[] {
  const { Statement: statements } = JSON.parse(decodeURIComponent(document)) as { Statement: Statement[] };
  return [statements].flat();
}
