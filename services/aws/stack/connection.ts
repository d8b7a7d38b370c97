import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

export interface ConnectionOptions {
  readonly region?: string;
  /** Of the AWS configuration files. */
  readonly profile?: string;
  /** One for all services, as the local stack has; AWS's own if left out. */
  readonly endpoint?: string;
  /** This machine's clock; the system's if left out. */
  readonly now?: () => number;
}

/**
 * A client for each service of AWS that a stack consists of, and the difference of clocks that
 * their answers show.
 */
export class StackConnection {
  readonly cloudFormation: CloudFormationClient;
  readonly dynamoDb: DynamoDBClient;
  readonly ecs: ECSClient;
  readonly eventBridge: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  readonly #now: () => number;
  #clockAheadSeconds = 0;

  constructor({ region, profile, endpoint, now = Date.now }: ConnectionOptions) {
    this.#now = now;
    const options = {
      ...(region === undefined ? {} : { region }),
      ...(profile === undefined ? {} : { profile }),
      ...(endpoint === undefined
        ? {}
        : { endpoint, credentials: localCredentials, region: region ?? 'us-east-1' }),
    };
    this.cloudFormation = this.#watched(new CloudFormationClient(options));
    this.dynamoDb = this.#watched(new DynamoDBClient(options));
    this.ecs = this.#watched(new ECSClient(options));
    this.eventBridge = this.#watched(new EventBridgeClient(options));
    this.iam = this.#watched(new IAMClient(options));
    this.lambda = this.#watched(new LambdaClient(options));
    this.logs = this.#watched(new CloudWatchLogsClient(options));
    // A queue's address says where it is in AWS, not where AWS_ENDPOINT_URL says to ask.
    this.sqs = this.#watched(new SQSClient({ ...options, useQueueUrlAsEndpoint: false }));
    this.ssm = this.#watched(new SSMClient(options));
  }

  get clockAheadSeconds(): number {
    return this.#clockAheadSeconds;
  }

  destroy(): void {
    const { cloudFormation, dynamoDb, ecs, eventBridge, iam, lambda, logs, sqs, ssm } = this;
    for (const client of [cloudFormation, dynamoDb, ecs, eventBridge, iam, lambda, logs, sqs, ssm])
      client.destroy();
  }

  #watched<Client extends Watchable>(client: Client): Client {
    client.middlewareStack.add(
      (next) => async (given) => {
        const answer = await next(given);
        const { headers } = answer.response as { headers?: { date?: string } };
        const told = Date.parse(headers?.date ?? '');
        if (!Number.isNaN(told)) this.#clockAheadSeconds = Math.round((this.#now() - told) / 1000);
        return answer;
      },
      { step: 'deserialize', name: 'dateOfAnswer', override: true },
    );
    return client;
  }
}

/** Whoever speaks to the local stack is its operator. */
const localCredentials = { accessKeyId: 'operator', secretAccessKey: 'local' };

type Next = (given: never) => Promise<{ response: unknown }>;
interface Watchable {
  readonly middlewareStack: {
    add(
      middleware: (next: Next) => Next,
      options: { step: 'deserialize'; name: string; override: boolean },
    ): void;
  };
}
