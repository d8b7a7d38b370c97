import { readCloudFormation } from '../../infra/local/aws/declared/cloudformation';

/** The names of what a role or policy of the member account's template allows. */
export function memberActions(name: string): string[] {
  const { Resources } = readCloudFormation<{ Resources: Record<string, { Properties: MemberPolicies }> }>(
    'infra/member-account.yml',
  );
  const { Policies, PolicyDocument } = Resources[name]?.Properties ?? {};
  const documents = Policies?.map((policy) => policy.PolicyDocument) ?? [PolicyDocument];
  const statements = documents.flatMap((document) => document?.Statement ?? []);
  return statements.flatMap(({ Action }) => Action).map((action) => action.split(':')[1] ?? '');
}

interface PolicyDocument {
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}
interface MemberPolicies {
  readonly Policies?: readonly { readonly PolicyDocument: PolicyDocument }[];
  readonly PolicyDocument?: PolicyDocument;
}
