import { createHash } from 'node:crypto';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  ConflictException,
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  RunTaskCommand,
  type Service,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { TestTaskView } from '../../../state-machines/decisions/situation';
import { invariant } from '../../../state-machines/log/foundation/invariant';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant } from '../../../state-machines/log/instant';
import type { ReleaseTest, TaskRun } from '../../../state-machines/log/traffic/release-test';
import { refusalOf } from '../ecs/ecs';
import { type ContainerLog, containerLogs, lastMessages } from '../operator/container-logs';
import { checkOverHttp, invokeTest } from './called-tests';
import { cutLines, linesKept } from './evidence-lines';
import type { ReleaseTests, TestRequest } from './release-tests';

interface TestClients {
  readonly ecs: ECSClient;
  /** Loaded once something is to be read. */
  readonly logs: () => Promise<CloudWatchLogsClient>;
  readonly lambda: () => Promise<LambdaClient>;
}

/** No service has a group like this, so that no notification of the task is let in. */
const taskGroup = 'rewind-test';

/** Tests in the account of the service that they test. */
export function awsTests(clientsOf: (service: ServiceArn) => TestClients): ReleaseTests {
  return {
    async begin(service, request) {
      const { lambda: run, http, task } = request.test;
      if (http !== undefined) return checkOverHttp({ ...request, run: http });
      if (run !== undefined) {
        return invokeTest(await clientsOf(service).lambda(), service, { ...request, run });
      }
      invariant(task !== undefined, 'what a pipeline answers is not run');
      return runTask(clientsOf(service).ecs, service, { ...request, run: task });
    },
    look: async (service, task, test) => lookAt(clientsOf(service), { service, task, test }),
    async stop(service, task) {
      const { cluster } = partsOfService(service);
      const reason = 'The test of a release did not end in time';
      await clientsOf(service).ecs.send(new StopTaskCommand({ cluster, task, reason }));
    },
  };
}

async function runTask(
  client: ECSClient,
  service: ServiceArn,
  request: TestRequest & { readonly run: TaskRun },
): ReturnType<ReleaseTests['begin']> {
  const { cluster, name } = partsOfService(service);
  const { test, run } = request;
  const described = await client.send(new DescribeServicesCommand({ cluster, services: [name] }));
  const command = new RunTaskCommand({
    cluster,
    taskDefinition: run.taskDefinition,
    ...placedAs(described.services?.[0] ?? {}),
    clientToken: tokenOf(service, request),
    startedBy: `rewind-test/${test.name}`,
    group: taskGroup,
  });
  try {
    const { tasks: [task] = [], failures: [failure] = [] } = await client.send(command);
    if (task?.taskArn !== undefined) return { kind: 'begun', task: task.taskArn };
    return notRun(failure?.reason ?? 'ECS started no task');
  } catch (error) {
    // The service has another network by now, and the task runs already.
    const [known] = error instanceof ConflictException ? (error.resourceIds ?? []) : [];
    if (known !== undefined) return { kind: 'begun', task: known };
    if (refusalOf(error) !== 'terminal') throw error;
    const { name: reason, message } = error as Error;
    return notRun(`${reason}: ${message}`);
  }
}

function notRun(message: string) {
  return {
    kind: 'ended',
    result: 'error',
    message: `its task was not run: ${message}`,
    evidence: [],
  } as const;
}

/** As the service's own tasks are placed. */
function placedAs({
  networkConfiguration,
  capacityProviderStrategy = [],
  launchType,
  platformVersion,
}: Service) {
  const isByProvider = capacityProviderStrategy.length > 0;
  return {
    networkConfiguration,
    ...(isByProvider ? { capacityProviderStrategy } : { launchType }),
    platformVersion,
  };
}

/**
 * ECS runs one task for a token, for a day:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
function tokenOf(service: ServiceArn, { rollout, test, attempt }: TestRequest): string {
  const startedAt = formatInstant(rollout.startedAt);
  const what = [service, rollout.deployment, startedAt, test.name, attempt].join('~');
  return createHash('sha256').update(what).digest('hex');
}

interface WantedTask {
  readonly service: ServiceArn;
  readonly task: string;
  readonly test: ReleaseTest;
}

async function lookAt(
  clients: TestClients,
  { service, task, test }: WantedTask,
): Promise<TestTaskView | null> {
  const { cluster } = partsOfService(service);
  const { tasks: [found] = [] } = await clients.ecs.send(
    new DescribeTasksCommand({ cluster, tasks: [task] }),
  );
  if (found === undefined) return null;
  const { lastStatus = 'UNKNOWN', startedAt, stopCode, stoppedReason, taskDefinitionArn = '' } = found;
  const base = {
    lastStatus,
    hasStarted: startedAt !== undefined,
    stopCode: stopCode ?? null,
    stoppedReason: stoppedReason ?? null,
  };
  if (lastStatus !== 'STOPPED') return { shown: { ...base, exitCode: null }, lines: [] };
  const logs = await containerLogs(clients.ecs, taskDefinitionArn);
  const decisive = decisiveOf(logs, test.task);
  const exitCode = found.containers?.find(({ name }) => name === decisive?.container)?.exitCode ?? null;
  return { shown: { ...base, exitCode }, lines: await linesOf(clients, found, decisive) };
}

function decisiveOf(containers: readonly ContainerLog[], run: TaskRun | undefined): ContainerLog | undefined {
  const named = containers.find(({ container }) => container === run?.container);
  return run?.container === undefined ? containers[0] : named;
}

/** The end of its output; a sentence where that cannot be read, which is no end of the test. */
async function linesOf(
  { logs }: TestClients,
  { taskArn = '' }: Task,
  decisive: ContainerLog | undefined,
): Promise<string[]> {
  const { container = '', destination = null } = decisive ?? {};
  if (destination === null) return [];
  const { group, streamPrefix } = destination;
  const stream = `${streamPrefix}/${container}/${taskArn.split('/').at(-1)}`;
  try {
    const lines = await lastMessages(await logs(), { group, stream, count: linesKept });
    return cutLines(lines ?? []);
  } catch (error) {
    return [`its log could not be read: ${(error as Error).name}`];
  }
}
