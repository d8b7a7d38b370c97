import { type Command, InvalidArgumentError } from 'commander';
import { partsOfService, type ServiceArn } from '../../../../state-machines/log/identifiers';
import type { FirstFailure } from '../../../../state-machines/rollout/first-failures';
import type { OperatorClients } from '../../../runtime/operator-clients';
import { redactLine } from '../../terminal/redaction';
import { printable } from '../../terminal/streams/safe-text';

/** A rollout, as far as the logs of its failed tasks are to be found. */
interface FailedRollout {
  readonly service: ServiceArn;
  readonly taskDefinition: string | null;
  readonly firstFailures: readonly FirstFailure[];
}

/** The last lines of a failed task, or why there are none to show. */
export interface FailureLog {
  readonly task: string;
  readonly container: string | null;
  readonly lines: readonly string[];
  /** Null where there are lines. */
  readonly because: string | null;
}

const linesAtMost = 100;
const lettersOfALine = 500;

/** The option `--logs` of a command that tells why tasks failed. */
export function addLogsOption(command: Command): Command {
  return command.option('--logs <N>', 'the last lines of each failed task, from awslogs', parseLineCount);
}

function parseLineCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= linesAtMost) return count;
  throw new InvalidArgumentError(`It is a number from 1 to ${linesAtMost}.`);
}

/**
 * The last lines of the first failed tasks: text of others on lines of its own, without what may be
 * secret in it. Nothing depends on them: what AWS refuses is told in their place.
 */
export async function failureLogs(
  clients: OperatorClients,
  { service, taskDefinition, firstFailures }: FailedRollout,
  count: number,
): Promise<FailureLog[]> {
  if (taskDefinition === null || firstFailures.length === 0) return [];
  const { containerLogs } = await import('../../../aws/operator/container-logs');
  try {
    const logs = await containerLogs(clients.ecs(), taskDefinition);
    const { region } = partsOfService(service);
    return await Promise.all(
      firstFailures.map((failure) => failureLog(clients, failure, { logs, region, count })),
    );
  } catch (error) {
    return firstFailures.map(({ task, container }) => nothing(task, container, refusal(error)));
  }
}

type ContainerLogs = Awaited<
  ReturnType<typeof import('../../../aws/operator/container-logs')['containerLogs']>
>;

async function failureLog(
  clients: OperatorClients,
  { task, container }: FirstFailure,
  { logs, region, count }: { readonly logs: ContainerLogs; readonly region: string; readonly count: number },
): Promise<FailureLog> {
  if (container === null) return nothing(task, container, 'no container of it is known to have run');
  const log = logs.find((each) => each.container === container);
  if (log?.destination == null) {
    return nothing(
      task,
      container,
      `${container} does not write to CloudWatch Logs by awslogs with a prefix`,
    );
  }
  const { group, streamPrefix, region: written = region } = log.destination;
  const { lastMessages } = await import('../../../aws/operator/container-logs');
  try {
    const client = await clients.cloudWatchLogs(written);
    const messages = await lastMessages(client, {
      group,
      stream: `${streamPrefix}/${container}/${task}`,
      count,
    });
    if (messages === null || messages.length === 0) {
      return nothing(task, container, `${container} wrote nothing to ${group}`);
    }
    const lines = messages.map((message) => shown(message, log.environment));
    return { task, container, lines, because: null };
  } catch (error) {
    return nothing(task, container, refusal(error));
  }
}

function nothing(task: string, container: string | null, because: string): FailureLog {
  return { task, container, lines: [], because };
}

function refusal(error: unknown): string {
  const { name, message } = error as Error;
  return `its log cannot be read: ${name}: ${message}`;
}

function shown(message: string, environment: ContainerLogs[number]['environment']): string {
  const line = printable(redactLine(message, environment)).trimEnd();
  return line.length <= lettersOfALine ? line : `${line.slice(0, lettersOfALine)}…`;
}

/** A failed task with what it wrote last, for people. */
export function* failureLines(
  firstFailures: readonly FirstFailure[],
  logs: readonly FailureLog[],
): Generator<string> {
  for (const { task, reason } of firstFailures) {
    yield `${task.slice(0, 8)} ${reason}`;
    const log = logs.find((each) => each.task === task);
    for (const line of log?.lines ?? []) yield `  | ${line}`;
    if (log?.because != null) yield `  (${log.because})`;
  }
}
