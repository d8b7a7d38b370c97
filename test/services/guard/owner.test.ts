import { describe, expect, it } from 'vitest';
import { ownerIn } from '../../../services/guard/owner';

describe('who keeps a service elsewhere', () => {
  it.each([
    [{ 'aws:cloudformation:stack-name': 'shop-prod' }, 'the CloudFormation stack shop-prod'],
    [{ 'copilot-application': 'shop' }, 'Copilot (shop)'],
    [{ Terraform: 'true' }, 'Terraform'],
    [{ terraform: 'false' }, null],
    [{ ManagedBy: 'Terraform Cloud' }, 'Terraform'],
    [{ 'managed-by': 'pulumi' }, 'Pulumi'],
    [{ Provisioner: 'aws cdk' }, 'the CDK'],
    [{ ManagedBy: 'team-checkout', Name: 'terraform' }, null],
    [{}, null],
  ])('is told by the tags %j', (tags, owner) => {
    expect(ownerIn(Object.entries(tags).map(([key, value]) => ({ key, value })))).toBe(owner);
  });
});
