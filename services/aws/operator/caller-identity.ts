import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

/** Whoever the credentials of this process belong to. */
export interface CallerIdentity {
  /** CloudTrail shows the same ARN beside what the caller does. */
  readonly arn: string;
  readonly account: string;
}

/**
 * Needs no right: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 * Throws what the SDK throws.
 */
export async function callerIdentity(client: STSClient): Promise<CallerIdentity> {
  const { Arn = '', Account = '' } = await client.send(new GetCallerIdentityCommand({}));
  return { arn: Arn, account: Account };
}
