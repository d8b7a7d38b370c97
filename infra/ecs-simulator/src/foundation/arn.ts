/** Whose resources an ARN names: one account in one Region. */
export interface AccountInRegion {
  readonly region: string;
  readonly accountId: string;
}

/** `arn:aws:ecs:region:account:<resource>`. */
export function ecsArn(owner: AccountInRegion, resource: string): string {
  return regionalArn('ecs', owner, resource);
}

/** `arn:aws:cloudwatch:region:account:alarm:<name>`. */
export function alarmArn(owner: AccountInRegion, name: string): string {
  return regionalArn('cloudwatch', owner, `alarm:${name}`);
}

/** `arn:aws:elasticloadbalancing:region:account:<resource>`. */
export function balancingArn(owner: AccountInRegion, resource: string): string {
  return regionalArn('elasticloadbalancing', owner, resource);
}

/** The ARN of the user that an access key stands for: also `createdBy` and `registeredBy`. */
export function callerArn({ accountId }: AccountInRegion, accessKeyId: string): string {
  return `arn:aws:iam::${accountId}:user/${accessKeyId}`;
}

function regionalArn(service: string, { region, accountId }: AccountInRegion, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

/** The name at the end of an ARN; a name as it is. */
export function lastPartOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
