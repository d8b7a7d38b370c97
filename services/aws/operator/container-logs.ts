import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type ContainerDefinition, DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';

/** Where the output of a container of a task definition goes. */
export interface ContainerLog {
  readonly container: string;
  /** Null where it does not go to CloudWatch Logs, or into a stream that cannot be named. */
  readonly destination: LogDestination | null;
  /** Its environment, of which no value may be shown. */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

interface LogDestination {
  readonly group: string;
  readonly region: string | undefined;
  readonly streamPrefix: string;
}

/** Where the containers of a task definition write. Throws what the SDK throws. */
export async function containerLogs(client: ECSClient, taskDefinition: string): Promise<ContainerLog[]> {
  const { taskDefinition: described } = await client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition }),
  );
  return (described?.containerDefinitions ?? []).map((definition) => ({
    container: definition.name ?? '',
    destination: destinationOf(definition),
    environment: (definition.environment ?? []).map(({ name = '', value = '' }) => ({ name, value })),
  }));
}

/**
 * Without a prefix the stream has the name of the container at its host, which no API tells:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 */
function destinationOf({ logConfiguration }: ContainerDefinition): LogDestination | null {
  const { logDriver, options = {} } = logConfiguration ?? {};
  const { 'awslogs-group': group, 'awslogs-stream-prefix': streamPrefix, 'awslogs-region': region } = options;
  if (logDriver !== 'awslogs' || group === undefined || streamPrefix === undefined) return null;
  return { group, streamPrefix, region };
}

/**
 * The last messages that a container of a task wrote, oldest first; null where it has no stream.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 * Throws what the SDK throws.
 */
export async function lastMessages(
  client: CloudWatchLogsClient,
  { group, stream, count }: { readonly group: string; readonly stream: string; readonly count: number },
): Promise<string[] | null> {
  const input = { logGroupName: group, logStreamName: stream, limit: count, startFromHead: false };
  try {
    const { events = [] } = await client.send(new GetLogEventsCommand(input));
    return events.flatMap(({ message }) => message ?? []);
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return null;
    throw error;
  }
}
