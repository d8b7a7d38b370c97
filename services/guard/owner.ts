import type { DescribedProtection } from '../aws/ecs/service-protections';

type Tags = DescribedProtection['tags'];

/** Tags by which tools mark what they keep; CloudFormation writes its own, of Terraform only habits are known. */
const marks: readonly { readonly key: RegExp; readonly value: RegExp; owner(value: string): string }[] = [
  {
    key: /^aws:cloudformation:stack-name$/,
    value: /./,
    owner: (stack) => `the CloudFormation stack ${stack}`,
  },
  { key: /^copilot-application$/, value: /./, owner: (application) => `Copilot (${application})` },
  { key: /^terraform$/i, value: /^(?!false$)/i, owner: () => 'Terraform' },
  {
    key: /^(managed[-_ ]?by|provisioner|iac|created[-_ ]?by)$/i,
    value: /terraform/i,
    owner: () => 'Terraform',
  },
  { key: /^(managed[-_ ]?by|provisioner|iac|created[-_ ]?by)$/i, value: /pulumi/i, owner: () => 'Pulumi' },
  { key: /^(managed[-_ ]?by|provisioner|iac|created[-_ ]?by)$/i, value: /\bcdk\b/i, owner: () => 'the CDK' },
];

/** What keeps a service as it is written elsewhere, as far as its tags tell; null when they do not. Pure. */
export function ownerIn(tags: Tags): string | null {
  for (const { key, value, owner } of marks) {
    const tag = tags.find((candidate) => key.test(candidate.key ?? '') && value.test(candidate.value ?? ''));
    if (tag !== undefined) return owner(tag.value ?? '');
  }
  return null;
}
