import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { inspect } from 'node:util';
import { dynamoDbEventLog } from '../../services/event-log/dynamodb-event-log';
import type { EventLog, HistoryLog } from '../../services/event-log/event-log';
import { instantFrom } from '../../state-machines/log/instant';
import {
  AcceleratedClock,
  type AcceleratedClockOptions,
  EcsSimulator,
  type EcsSimulatorOptions,
  type Notification,
  type SimulationClock,
  startEcsServer,
} from '../ecs-simulator/src/ecs-simulator';
import type { DeployedAccount } from './aws/account/deployed-account';
import { announcementTopic, LogCopy, startLocalAccount, type ToldMessage } from './aws/account/local-account';
import { ownPrefix } from './aws/account/own-alarms';
import type { OwnMetrics } from './aws/account/own-metrics';
import type { Bus } from './aws/bus/bus';
import { projectFolder } from './aws/declared/cloudformation';
import { deployedFunctionNames } from './aws/declared/deployed-functions';
import { type LocalDynamoDb, startDynamoDb } from './aws/dynamodb/dynamodb';
import type { StreamPump } from './aws/dynamodb/stream-pump';
import { type HostedFunction, loadFunction } from './aws/functions/function-host';
import { withOutputTo } from './aws/functions/function-output';
import { handlerEnvironment, killSwitch } from './aws/functions/handler-environment';
import { Presence } from './presence';
import { setVariables } from './process-environment';
import { Teardown } from './teardown';
import { type Functions, functionNames, startWakers } from './wakers';

interface StackOptions {
  /** How many seconds pass, for ECS and for Rewind, in one second of the wall. */
  readonly speed: number;
  /** The text of the policy file; the one that is deployed by default if left out. */
  readonly policy?: string;
  /** What users ask of services behind load balancers; nothing if left out. */
  readonly traffic?: EcsSimulatorOptions['traffic'] | undefined;
  /** Of the ECS simulator; 1 if left out. */
  readonly seed?: number;
  /**
   * Takes what the functions log, a line of JSON each, and what went wrong around them; it goes
   * nowhere if left out.
   */
  readonly functionOutput?: Writable;
  /** Hears each notification of ECS when it is sent, before the bus has it. */
  readonly onNotification?: (envelope: Notification) => void;
  /**
   * Aborted during the start, it ends what was started already, and `startStack` throws its reason.
   */
  readonly signal?: AbortSignal;
}

/** Rewind and all that surrounds it in AWS, in this process and one of Java. */
export interface Stack {
  /** Everything here lives in its time, the deployed handlers too. */
  readonly clock: SimulationClock;
  readonly ecs: { readonly endpoint: string; readonly simulator: EcsSimulator };
  readonly dynamoDb: Pick<LocalDynamoDb, 'endpoint' | 'tableName'>;
  readonly eventLog: EventLog & HistoryLog;
  readonly bus: Pick<Bus, 'put' | 'drained' | 'deadLetters'>;
  /** All of it behind one address, as an account would show it: what `rewind doctor` looks at. */
  readonly account: { readonly endpoint: string; readonly deployed: DeployedAccount };
  /** What people read who subscribed to its topics: decisions, and Rewind's own trouble. */
  readonly told: readonly ToldMessage[];
  /** Whether Rewind's functions run. */
  readonly presence: Presence;
  /** Resolves when all that was sent so far is in the log, and people have been told of it. */
  settled(): Promise<void>;
  /** Wake-ups of the reconciler that failed as often as they may. */
  readonly discarded: StreamPump['discarded'];
  /** Leaves no process, port or file behind. Repeatable. */
  stop(): Promise<void>;
}

/**
 * Starts the stack. The handlers read this process's environment, which is put back by `stop`, so a
 * process runs one stack at a time. Throws JavaMissingError, DynamoDbLocalError, and what a handler
 * throws when it is loaded (a wrong policy, for one).
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const teardown = new Teardown();
  try {
    return await assemble(options, teardown);
  } catch (error) {
    await teardown.run();
    // A signal reaches Java as well: what its end broke is not the reason.
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function assemble(options: StackOptions, teardown: Teardown): Promise<Stack> {
  const { signal } = options;
  const functionOutput = new LogCopy(options.functionOutput ?? discarding());
  signal?.throwIfAborted();
  const dynamoDb = await startDynamoDb();
  teardown.add(() => dynamoDb.stop());
  signal?.throwIfAborted();
  const started = await startEcs(options, teardown);
  const { clock, simulator, endpoint } = started;
  simulator.call('PutParameter', { Name: killSwitch, Value: 'off' }, operator);
  const policy = options.policy ?? (await readFile(path.join(projectFolder, 'infra/policy.yml'), 'utf8'));
  const onError = (error: unknown) => void functionOutput.write(`${inspect(error)}\n`);
  const account = await startLocalAccount({
    ...{ functionNames, dynamoDb, ecs: started, policy, logs: functionOutput, onError },
  });
  teardown.add(() => account.stop());
  const topic = { arn: announcementTopic, endpoint: account.endpoint };
  const surroundings = { dynamoDb, ecsEndpoint: endpoint, topic, policy, clock: started.clockOptions };
  teardown.add(setVariables(handlerEnvironment(surroundings)));
  const presence = new Presence();
  const surroundedBy = { output: functionOutput, metrics: account.metrics, presence };
  const functions = await loadFunctions(surroundedBy, teardown);
  signal?.throwIfAborted();
  const { bus, givenUp, ...streams } = startWakers({ functions, dynamoDb, clock, onError }, teardown);
  account.holds('NotificationDeadLetterQueue', () => bus.deadLetters.length);
  account.holds('WakeUpDeadLetterQueue', givenUp.wakeUps);
  account.holds('AnnouncementDeadLetterQueue', givenUp.announcements);
  started.connect({
    listen: (envelope) => {
      account.hear(envelope);
      bus.put(envelope);
    },
    answerHook: (payload) => functions.hook.invoke(payload),
  });
  // First of all, so that nothing new happens in ECS while the others come to their end.
  teardown.add(() => started.fallSilent());
  teardown.add(() => presence.comeBack());
  const eventLog = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
  return {
    ...{ clock, ecs: { endpoint, simulator }, dynamoDb, eventLog, bus, account },
    told: account.told,
    presence,
    discarded: streams.discarded,
    async settled() {
      await bus.drained();
      await streams.told();
    },
    stop: () => teardown.run(),
  };
}

/** Whoever deployed the stack. */
const operator = { accessKeyId: 'operator', userAgent: '', sourceIpAddress: '127.0.0.1' };

/** Where ECS's notifications go, and who answers its Lambda hooks. */
interface Connections {
  readonly listen: (envelope: Notification) => void;
  readonly answerHook: (payload: unknown) => Promise<unknown>;
}

/**
 * ECS, on a clock of its own making. Until it is told where to deliver its notifications, and after
 * it fell silent, they are lost.
 */
async function startEcs({ speed, seed = 1, traffic, onNotification }: StackOptions, teardown: Teardown) {
  // The handlers count from the wall's time, so the clock has to be made at the instant that it
  // shows first.
  const clockOptions: AcceleratedClockOptions = { origin: instantFrom(Date.now()), factor: speed };
  const clock = new AcceleratedClock(clockOptions);
  teardown.add(() => clock.stop());
  let connected: Connections | null = null;
  const emit = (envelope: Notification) => {
    onNotification?.(envelope);
    connected?.listen(envelope);
  };
  const invokeLambda = async (_: string, payload: unknown) => connected?.answerHook(payload);
  const users = traffic === undefined ? {} : { traffic };
  const simulator = new EcsSimulator({ clock, seed, emit, invokeLambda, ...users });
  const server = await startEcsServer(simulator);
  teardown.add(() => server.close());
  const connect = (others: Connections) => {
    connected = others;
  };
  const fallSilent = () => {
    connected = null;
    clock.stop();
  };
  return { clock, clockOptions, simulator, endpoint: server.endpoint, connect, fallSilent };
}

interface FunctionSurroundings {
  readonly output: Writable;
  readonly metrics: OwnMetrics;
  readonly presence: Presence;
}

async function loadFunctions(
  { output, metrics, presence }: FunctionSurroundings,
  teardown: Teardown,
): Promise<Functions> {
  const unknown = deployedFunctionNames().filter((name) => !functionNames.some((one) => one === name));
  if (unknown.length > 0) throw new Error(`serverless.yml deploys ${unknown}, which nothing wakes here`);
  return withOutputTo(output, async () => {
    const loaded: [string, HostedFunction][] = [];
    for (const name of functionNames) {
      const hosted = await loadFunction({ name, environment: {} });
      teardown.add(() => hosted.stop());
      loaded.push([name, counted(hosted, metrics, presence)]);
    }
    return Object.fromEntries(loaded) as Functions;
  });
}

/** Lambda counts how often a function is invoked, and how often it throws. */
function counted(hosted: HostedFunction, metrics: OwnMetrics, presence: Presence): HostedFunction {
  return {
    ...hosted,
    async invoke<Answer>(event: unknown) {
      await presence.untilHere();
      let hasFailed = true;
      try {
        const answer = await hosted.invoke<Answer>(event);
        hasFailed = false;
        return answer;
      } finally {
        metrics.countInvocation(`${ownPrefix}${hosted.name}`, hasFailed);
      }
    },
  };
}

function discarding(): Writable {
  return new PassThrough().resume();
}
