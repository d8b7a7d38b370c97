import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { STSClient } from '@aws-sdk/client-sts';
import { connectionOf, type Reach } from './command-clients';

/** CloudTrail shows it beside each call. */
const userAgentAppId = 'rewind-cli';

/**
 * The clients of whoever looks at services and acts on them, with their own credentials. What few
 * commands need is loaded when it is asked for.
 */
export class OperatorClients {
  readonly #connection: ReturnType<typeof connectionOf> & { readonly userAgentAppId: string };

  constructor(reach: Reach) {
    this.#connection = { ...connectionOf(reach), userAgentAppId };
  }

  dynamoDb(): DynamoDBClient {
    return new DynamoDBClient(this.#connection);
  }

  ecs(): ECSClient {
    return new ECSClient(this.#connection);
  }

  async cloudFormation(): Promise<CloudFormationClient> {
    const { cloudFormationAt } = await import('./acting-clients');
    return cloudFormationAt(this.#connection);
  }

  async eventBridge(): Promise<EventBridgeClient> {
    const { eventBridgeAt } = await import('./acting-clients');
    return eventBridgeAt(this.#connection);
  }

  async sts(): Promise<STSClient> {
    const { securityTokensAt } = await import('./acting-clients');
    return securityTokensAt(this.#connection);
  }
}
