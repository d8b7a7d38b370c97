import { devNull } from 'node:os';
import { parsePolicyText } from '../../../../services/policy/policy-text';
import type { AcceleratedClockOptions } from '../../../ecs-simulator/src/ecs-simulator';
import type { Variables } from '../../process-environment';
import { deployedVariableNames } from '../declared/deployed-functions';
import type { LocalDynamoDb } from '../dynamodb/dynamodb';

interface HandlerSurroundings {
  readonly dynamoDb: Pick<LocalDynamoDb, 'environment' | 'tableName'>;
  readonly ecsEndpoint: string;
  /** The topic that people subscribe to, and where it is published to. */
  readonly topic: { readonly arn: string; readonly endpoint: string };
  /** The text of the policy file. */
  readonly policy: string;
  /** As the simulator's clock was made: the handlers read the same time. */
  readonly clock: AcceleratedClockOptions;
}

/** The parameter that stops Rewind, in the simulator's parameter store. */
export const killSwitch = '/rewind/local/kill-switch';

/** What the policy says holds: here is nothing to be careful with. */
export const localMode = 'enforce';

/**
 * The access key that Rewind signs with: what CloudTrail's notifications tell its calls from an
 * operator's by.
 */
export const rewindAccessKey = 'rewind';

/** The simulator's own. */
const simulatedAccount = '123456789012';

/**
 * What serverless.yml gives the handlers, and beside it what makes an AWS SDK talk to this machine
 * and to nothing else: nothing of the developer's own AWS configuration is read. Throws
 * PolicyFileError, and when serverless.yml declares a variable that is not known here.
 */
export function handlerEnvironment({
  dynamoDb,
  ecsEndpoint,
  topic,
  policy,
  clock,
}: HandlerSurroundings): Variables {
  const declared: Variables = {
    REWIND_TABLE: dynamoDb.tableName,
    REWIND_POLICY: JSON.stringify(parsePolicyText(policy, 'the policy')),
    REWIND_MODE: localMode,
    REWIND_KILL_SWITCH: killSwitch,
    REWIND_DISCOVERY_MINUTES: '5',
    REWIND_OBSERVED_EVENTS_DAYS: '0',
    REWIND_ACCOUNT: simulatedAccount,
    POWERTOOLS_SERVICE_NAME: 'rewind-local',
    // The simulator takes each access key for a user of that name.
    REWIND_ROLE: `arn:aws:iam::${simulatedAccount}:user/${rewindAccessKey}`,
  };
  for (const name of deployedVariableNames()) {
    if (!(name in declared)) {
      throw new Error(`serverless.yml gives the functions ${name}, which the local stack does not know`);
    }
  }
  return {
    ...ownConfiguration,
    ...dynamoDb.environment,
    ...declared,
    REWIND_TOPIC: topic.arn,
    AWS_ENDPOINT_URL_SNS: topic.endpoint,
    // Whatever else a handler calls meets the simulator too: an answer or a refusal, but never AWS.
    AWS_ENDPOINT_URL: ecsEndpoint,
    AWS_ENDPOINT_URL_ECS: ecsEndpoint,
    AWS_ACCESS_KEY_ID: rewindAccessKey,
    AWS_SECRET_ACCESS_KEY: 'local',
    REWIND_CLOCK: `${clock.origin}x${clock.factor}`,
  };
}

/**
 * The SDK prefers a profile to the keys above, and can be told to ignore endpoints:
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
const ownConfiguration: Variables = {
  AWS_PROFILE: null,
  AWS_SESSION_TOKEN: null,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: null,
  AWS_USE_DUALSTACK_ENDPOINT: null,
  AWS_USE_FIPS_ENDPOINT: null,
  AWS_LAMBDA_LOG_LEVEL: null,
  // Powertools sets it when it is loaded: named here, it is taken away again.
  AWS_SDK_UA_APP_ID: null,
  POWERTOOLS_DEV: null,
  POWERTOOLS_LOG_LEVEL: 'INFO',
};
