import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import { connectionOf, type Reach } from './reach';

/** CloudTrail shows it beside each call. */
const userAgentAppId = 'rewind-cli';

/**
 * The clients of whoever looks at services and acts on them, with their own credentials. What few
 * commands need is loaded when it is asked for.
 */
export class OperatorClients {
  readonly #connection: ReturnType<typeof connectionOf> & { readonly userAgentAppId: string };
  #dynamoDb: DynamoDBClient | null = null;
  #ecs: ECSClient | null = null;

  constructor(reach: Reach) {
    this.#connection = { ...connectionOf(reach), userAgentAppId };
  }

  /** One for all that a command asks: it keeps connections and credentials. */
  dynamoDb(): DynamoDBClient {
    this.#dynamoDb ??= new DynamoDBClient(this.#connection);
    return this.#dynamoDb;
  }

  /** As with the table. */
  ecs(): ECSClient {
    this.#ecs ??= new ECSClient(this.#connection);
    return this.#ecs;
  }

  /** For calls that do something else when they are repeated: nobody repeats them unasked. */
  ecsOnce(): ECSClient {
    return new ECSClient({ ...this.#connection, maxAttempts: 1 });
  }

  /** Containers may write to another region than they run in. */
  async cloudWatchLogs(region: string | undefined): Promise<CloudWatchLogsClient> {
    const { cloudWatchLogsIn } = await import('./container-log-clients');
    return cloudWatchLogsIn(this.#connection, region);
  }

  async cloudFormation(): Promise<CloudFormationClient> {
    const { cloudFormationAt } = await import('./acting-clients');
    return cloudFormationAt(this.#connection);
  }

  async eventBridge(): Promise<EventBridgeClient> {
    const { eventBridgeAt } = await import('./acting-clients');
    return eventBridgeAt(this.#connection);
  }

  /** Of the region that the name of an image tells, which is not always that of the service. */
  async registry(region: string): Promise<ECRClient> {
    const { registryAt } = await import('./rare-clients');
    return registryAt({ ...this.#connection, region });
  }

  async parameters(): Promise<SSMClient> {
    const { parametersAt } = await import('./rare-clients');
    return parametersAt(this.#connection);
  }

  async sts(): Promise<STSClient> {
    const { securityTokensAt } = await import('./acting-clients');
    return securityTokensAt(this.#connection);
  }

  async cloudWatch(): Promise<CloudWatchClient> {
    const { cloudWatchAt } = await import('./acting-clients');
    return cloudWatchAt(this.#connection);
  }

  async loadBalancing(): Promise<ElasticLoadBalancingV2Client> {
    const { loadBalancingAt } = await import('./load-balancing-client');
    return loadBalancingAt(this.#connection);
  }
}
