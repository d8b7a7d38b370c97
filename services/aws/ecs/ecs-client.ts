import { ECSClient, type ECSClientConfig } from '@aws-sdk/client-ecs';
import { callSeconds } from '../../../state-machines/decisions/rollback-lease';
import { invariant } from '../../../state-machines/log/foundation/invariant';

const attempts = 3;
const connectSeconds = 2;
/**
 * How long it may take to get the credentials that a call is signed with: once a call, before its
 * attempts.
 */
export const credentialsSeconds = 2.5;
const answerSeconds = 5;
/**
 * Between attempts the SDK waits at most 0.5 s and 1 s when throttled, less otherwise:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const waitSeconds = 1.5;

/**
 * The SDK's client, held to the time that one call may take of a lease. Region, credentials and
 * endpoint come from the environment where they are not given.
 */
export function ecsClient(connection: Pick<ECSClientConfig, 'region' | 'credentials'> = {}): ECSClient {
  const longest = credentialsSeconds + attempts * (connectSeconds + answerSeconds) + waitSeconds;
  invariant(longest <= callSeconds, `a call may take ${longest} s, and a lease allows ${callSeconds} s`);
  return new ECSClient({
    ...connection,
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connectSeconds * 1000,
      requestTimeout: answerSeconds * 1000,
      // Without it the SDK only warns.
      throwOnRequestTimeout: true,
    },
  });
}
