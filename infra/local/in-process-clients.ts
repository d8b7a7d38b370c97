import { CloudWatchClient, CloudWatchServiceException } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  AccessDeniedException,
  ClientException,
  ClusterNotFoundException,
  ECSClient,
  ECSServiceException,
  InvalidParameterException,
  ServerException,
  ServiceNotActiveException,
  ServiceNotFoundException,
} from '@aws-sdk/client-ecs';
import {
  ElasticLoadBalancingV2Client,
  TargetGroupNotFoundException,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { EcsError, type EcsSimulator } from '../ecs-simulator/src/ecs-simulator';

/** One call of AWS by its operation: `run` makes it, and may be made late, twice or never. */
export type CallGate = <Answer>(operation: string, run: () => Answer) => Promise<Answer>;

const atOnce: CallGate = async (_operation, run) => run();

interface InProcessClients {
  readonly ecs: ECSClient;
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly lambda: LambdaClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly eventBridge: EventBridgeClient;
  readonly parameters: SSMClient;
}

/**
 * Clients of the SDK that hand their commands to a simulator: no request is written, sent or read.
 * They answer and throw what clients over HTTP do (a contract suite holds the two together), a call
 * once and without retries. Each call passes the gate.
 */
export function inProcessClients(
  simulator: Pick<EcsSimulator, 'call'>,
  accessKeyId: string,
  gate: CallGate = atOnce,
): InProcessClients {
  const caller = { accessKeyId, userAgent: 'rewind', sourceIpAddress: '127.0.0.1' };
  const send = async ({ constructor: { name }, input }: SdkCommand, qualifier: string) => {
    const operation = name.replace(/Command$/, '');
    return gate(operation, () => {
      try {
        const output = simulator.call(qualifiedName(operation, qualifier), membersOf(input), caller);
        return { ...answerOf(output), $metadata: { requestId: 'in-process' } };
      } catch (error) {
        throw error instanceof EcsError ? sdkErrorOf(error) : error;
      }
    });
  };
  const clientOf = <Client extends object>(ofService: { readonly prototype: Client }, qualifier = '') => {
    // The SDK's paginators ask of what class a client is; its constructor reads the environment.
    const client: Client = Object.create(ofService.prototype);
    return Object.assign(client, { config: {}, send: (command: SdkCommand) => send(command, qualifier) });
  };
  return {
    ecs: clientOf(ECSClient),
    cloudWatch: clientOf(CloudWatchClient, 'CloudWatch.'),
    logs: clientOf(CloudWatchLogsClient),
    lambda: clientOf(LambdaClient),
    loadBalancing: clientOf(ElasticLoadBalancingV2Client),
    eventBridge: clientOf(EventBridgeClient),
    parameters: clientOf(SSMClient),
  };
}

interface SdkCommand {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

const tagOperations: ReadonlySet<string> = new Set(['TagResource', 'UntagResource', 'ListTagsForResource']);

/** ECS and CloudWatch have operations of one name. */
function qualifiedName(operation: string, qualifier: string): string {
  return tagOperations.has(operation) ? `${qualifier}${operation}` : operation;
}

/** As a request holds it: what is undefined is left out, and a time is in epoch seconds. */
function membersOf(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(membersOf);
  if (typeof value !== 'object' || value === null) return value;
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined && member !== null) members[name] = membersOf(member);
  }
  return members;
}

function answerOf(output: object): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const name of Object.keys(output)) {
    const member = (output as Record<string, unknown>)[name];
    if (member !== undefined) members[name] = memberOf(name, member);
  }
  return members;
}

/** The SDK reads a time, which the names of members tell, as a Date of whole milliseconds. */
function memberOf(name: string, member: unknown): unknown {
  if (typeof member === 'number') return isTime(name) ? new Date(Math.round(member * 1000)) : member;
  if (typeof member !== 'object' || member === null) return member;
  if (!Array.isArray(member)) return answerOf(member);
  return member.map((item) => memberOf(name === 'Timestamps' ? 'Timestamp' : '', item));
}

function isTime(name: string): boolean {
  return name.endsWith('At') || name.endsWith('Timestamp') || name === 'CreatedTime';
}

/** The errors that the SDK has a class for, and of which somebody asks for the class. */
const errorClasses = {
  AccessDeniedException,
  ClientException,
  ClusterNotFoundException,
  InvalidParameterException,
  ServerException,
  ServiceNotActiveException,
  ServiceNotFoundException,
  TargetGroupNotFoundException,
} as const;

function sdkErrorOf({ name, message }: EcsError): Error {
  const $metadata = {};
  if (Object.hasOwn(errorClasses, name)) {
    return new errorClasses[name as keyof typeof errorClasses]({ message, $metadata });
  }
  const ofCloudWatch = name === 'ResourceNotFound';
  const $fault = name === 'ServerException' ? 'server' : 'client';
  return new (ofCloudWatch ? CloudWatchServiceException : ECSServiceException)({
    name,
    message,
    $fault,
    $metadata,
  });
}
