import { ECSClient } from '@aws-sdk/client-ecs';
import { invariant } from '../../state-machines/invariant';
import { callSeconds } from '../../state-machines/rollback-lease';

const attempts = 3;
const connectSeconds = 2;
const answerSeconds = 5;
/** Between attempts the SDK waits at most 0.5 s and 1 s when throttled, less otherwise: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const waitSeconds = 1.5;

/** The SDK's client, held to the time that one call may take of a lease. Region, credentials and endpoint come from the environment. */
export function ecsClient(): ECSClient {
  const longest = attempts * (connectSeconds + answerSeconds) + waitSeconds;
  invariant(longest <= callSeconds, `a call may take ${longest} s, and a lease allows ${callSeconds} s`);
  return new ECSClient({
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connectSeconds * 1000,
      requestTimeout: answerSeconds * 1000,
      // Without it the SDK only warns.
      throwOnRequestTimeout: true,
    },
  });
}
