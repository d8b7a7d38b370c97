/**
 * Whether a call that CloudTrail tells of was made by a principal. What a role does, it does in
 * sessions, which have ARNs of their own:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function isCallOf(principal: string, caller: string): boolean {
  const [, partition, , , account, resource = ''] = principal.split(':');
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  return caller === principal || caller.startsWith(`arn:${partition}:sts::${account}:assumed-role/${name}/`);
}
