import {
  type CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteItemCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import {
  GetEventSourceMappingCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import type { RewindEvent } from '../../../state-machines/log/events';
import { positionOf } from '../../../state-machines/log/position';
import { dynamoDbEventLog } from '../../event-log/dynamodb-event-log';
import { attribute } from '../../event-log/event-table';
import { probeDetailType, probeSource } from '../../notifications/own/probe-stream';
import { awsInventory } from '../ecs/inventory';
import { EventNotTakenError } from '../event-bus';
import type { StackConnection } from './connection';
import type {
  DeployedStack,
  LoggedError,
  StackDescription,
  StackFunction,
  StackMapping,
  StackQueue,
  StackRule,
  StackTable,
  Template,
} from './deployed-stack';
import { roleGrants } from './role-grants';

/** A stack of CloudFormation and what it consists of, through the SDK. */
export function awsStack(name: string, connection: StackConnection): DeployedStack {
  const { cloudFormation, dynamoDb, ecs, eventBridge, iam, lambda, logs, sqs, ssm } = connection;
  return {
    describe: () => describeStack(cloudFormation, name),
    rule: (rule) => describeRule(eventBridge, rule),
    matches: (pattern, notification) => matchesPattern(eventBridge, pattern, notification),
    forwardingAccounts: () => forwardingAccounts(eventBridge),
    archiveState: (archive) => archiveState(eventBridge, archive),
    queue: (url) => describeQueue(sqs, url),
    function: (functionName) => describeFunction(lambda, functionName),
    mapping: (id) => describeMapping(lambda, id),
    lastError: (functionName, since) => lastError(logs, functionName, since),
    grants: (role) => roleGrants(iam, role),
    table: (table) => describeTable(dynamoDb, table),
    async parameter(parameter) {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }));
      return Parameter?.Value ?? '';
    },
    inventory: awsInventory(ecs),
    putProbe: () => putProbe(eventBridge),
    eventLog: (table) => dynamoDbEventLog({ client: dynamoDb, table }),
    clearProbe: (table, probe) => clearProbe(dynamoDb, table, probe),
    clockAheadSeconds: () => connection.clockAheadSeconds,
  };
}

async function describeStack(client: CloudFormationClient, name: string): Promise<StackDescription | null> {
  const stack = await findStack(client, name);
  if (stack === undefined) return null;
  const [, , , region = '', account = ''] = (stack.StackId ?? '').split(':');
  const resources = [];
  for await (const page of paginateListStackResources({ client }, { StackName: name })) {
    for (const { LogicalResourceId, ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
      resources.push({
        logicalId: LogicalResourceId ?? '',
        type: ResourceType ?? '',
        physicalId: PhysicalResourceId ?? '',
      });
    }
  }
  const { TemplateBody = '{}' } = await client.send(
    new GetTemplateCommand({ StackName: name, TemplateStage: 'Processed' }),
  );
  const outputs = (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
    OutputKey ?? '',
    OutputValue ?? '',
  ]);
  return {
    account,
    region,
    status: stack.StackStatus ?? '',
    outputs: Object.fromEntries(outputs),
    resources,
    template: JSON.parse(TemplateBody) as Template,
  };
}

/**
 * CloudFormation has no error of its own for a stack that is not there:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
async function findStack(client: CloudFormationClient, name: string) {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    const { name: code, message } = error as Error;
    if (code === 'ValidationError' && message.includes('does not exist')) return undefined;
    throw error;
  }
}

async function describeRule(client: EventBridgeClient, name: string): Promise<StackRule> {
  const { State, EventPattern } = await client.send(new DescribeRuleCommand({ Name: name }));
  const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: name }));
  return {
    state: State ?? '',
    pattern: EventPattern ?? null,
    targets: Targets.flatMap(({ Arn }) => Arn ?? []),
  };
}

async function matchesPattern(
  client: EventBridgeClient,
  pattern: string,
  notification: object,
): Promise<boolean> {
  const { Result } = await client.send(
    new TestEventPatternCommand({ EventPattern: pattern, Event: JSON.stringify(notification) }),
  );
  return Result === true;
}

/**
 * The policy of the bus names an account by its id or by its root:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
 */
async function forwardingAccounts(client: EventBridgeClient): Promise<string[]> {
  const { Policy } = await client.send(new DescribeEventBusCommand({}));
  if (Policy === undefined) return [];
  const { Statement } = JSON.parse(Policy) as {
    Statement: { Effect: string; Principal: { AWS?: string | string[] } | string }[];
  };
  const principals = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal }) =>
    typeof Principal === 'string' ? Principal : (Principal.AWS ?? []),
  );
  return principals.flatMap(
    (principal) => /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1] ?? [],
  );
}

async function archiveState(client: EventBridgeClient, name: string): Promise<string> {
  const { State } = await client.send(new DescribeArchiveCommand({ ArchiveName: name }));
  return State ?? '';
}

async function describeQueue(client: SQSClient, url: string): Promise<StackQueue> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'Policy'],
    }),
  );
  const { QueueArn = '', ApproximateNumberOfMessages = '0', Policy = '' } = Attributes;
  return { arn: QueueArn, messages: Number(ApproximateNumberOfMessages), policy: Policy };
}

async function describeFunction(client: LambdaClient, name: string): Promise<StackFunction> {
  const { State, LastUpdateStatus, Environment } = await client.send(
    new GetFunctionConfigurationCommand({ FunctionName: name }),
  );
  return {
    state: State ?? '',
    lastUpdate: LastUpdateStatus ?? '',
    environment: Environment?.Variables ?? {},
  };
}

async function describeMapping(client: LambdaClient, id: string): Promise<StackMapping> {
  const { FunctionArn, State, LastProcessingResult } = await client.send(
    new GetEventSourceMappingCommand({ UUID: id }),
  );
  return { functionArn: FunctionArn ?? '', state: State ?? '', lastResult: LastProcessingResult ?? '' };
}

/** Powertools logs a level; what Lambda itself writes of a function that died has none. */
const errorPattern =
  '?"\\"level\\":\\"ERROR\\"" ?"Task timed out" ?"Runtime exited" ?"Runtime.ImportModuleError"';

async function lastError(
  client: CloudWatchLogsClient,
  functionName: string,
  since: Date,
): Promise<LoggedError | null> {
  const found: LoggedError[] = [];
  const pages = paginateFilterLogEvents(
    { client },
    { logGroupName: `/aws/lambda/${functionName}`, startTime: since.getTime(), filterPattern: errorPattern },
  );
  for await (const { events = [] } of pages) {
    found.push(
      ...events.map(({ timestamp = 0, message = '' }) => ({
        at: new Date(timestamp),
        message: sentenceIn(message),
      })),
    );
  }
  return found.sort((a, b) => b.at.getTime() - a.at.getTime())[0] ?? null;
}

/** What a structured line says, and why; another line as it is. */
function sentenceIn(line: string): string {
  try {
    const { message, error } = JSON.parse(line) as {
      message: string;
      error?: { name?: string; message?: string };
    };
    return error === undefined ? message : `${message}: ${error.name}: ${error.message}`;
  } catch {
    return line.trim();
  }
}

async function describeTable(client: DynamoDBClient, name: string): Promise<StackTable> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  return { status: Table?.TableStatus ?? '', hasStream: Table?.StreamSpecification?.StreamEnabled === true };
}

async function putProbe(client: EventBridgeClient): Promise<string> {
  const { Entries = [] } = await client.send(
    new PutEventsCommand({ Entries: [{ Source: probeSource, DetailType: probeDetailType, Detail: '{}' }] }),
  );
  const [{ EventId, ErrorCode, ErrorMessage } = {}] = Entries;
  if (EventId !== undefined) return EventId;
  throw new EventNotTakenError(`the probe was not taken by the bus: ${ErrorCode}: ${ErrorMessage}`);
}

async function clearProbe(client: DynamoDBClient, table: string, probe: RewindEvent): Promise<void> {
  const Key = {
    [attribute.service]: { S: probe.service },
    [attribute.position]: { S: positionOf(probe) },
  };
  await client.send(new DeleteItemCommand({ TableName: table, Key }));
}
