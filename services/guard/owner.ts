import type { DescribedProtection } from '../aws/ecs/service-protections';

type Tags = DescribedProtection['tags'];

/** Tags by which tools mark services. CloudFormation always writes its own; the rest are habits. */
const ownerTags: readonly { readonly key: RegExp; readonly value: RegExp; owner(value: string): string }[] = [
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

/** The tool that keeps a service as its own files say; null when no tag names one. Pure. */
export function ownerIn(tags: Tags): string | null {
  for (const { key, value, owner } of ownerTags) {
    const tag = tags.find((candidate) => key.test(candidate.key ?? '') && value.test(candidate.value ?? ''));
    if (tag !== undefined) return owner(tag.value ?? '');
  }
  return null;
}
