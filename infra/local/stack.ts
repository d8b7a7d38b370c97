import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { inspect } from 'node:util';
import { dynamoDbEventLog } from '../../services/event-log/dynamodb-event-log';
import type { EventLog } from '../../services/event-log/event-log';
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
import { LogCopy, startLocalAccount } from './aws/account/local-account';
import { type Bus, startBus } from './aws/bus/bus';
import { startQueue } from './aws/bus/queue';
import { projectFolder } from './aws/declared/cloudformation';
import { queueMappingOf, scheduleSecondsOf, streamMappingOf } from './aws/declared/deployed-functions';
import { type LocalDynamoDb, startDynamoDb } from './aws/dynamodb/dynamodb';
import { type StreamPump, startStreamPump } from './aws/dynamodb/stream-pump';
import { type HostedFunction, loadFunction } from './aws/functions/function-host';
import { withOutputTo } from './aws/functions/function-output';
import { handlerEnvironment, killSwitch } from './aws/functions/handler-environment';
import { startSweepSchedule } from './aws/functions/sweep-schedule';
import { setVariables } from './process-environment';
import { Teardown } from './teardown';

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
  readonly eventLog: EventLog;
  readonly bus: Pick<Bus, 'put' | 'drained' | 'deadLetters'>;
  /** All of it behind one address, as an account would show it: what `rewind doctor` looks at. */
  readonly account: { readonly endpoint: string; readonly deployed: DeployedAccount };
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
  const surroundings = { dynamoDb, ecsEndpoint: endpoint, policy, clock: started.clockOptions };
  teardown.add(setVariables(handlerEnvironment(surroundings)));
  const functions = await loadFunctions(functionOutput, teardown);
  signal?.throwIfAborted();
  const onError = (error: unknown) => void functionOutput.write(`${inspect(error)}\n`);
  const bus = startBus((event) => functions.ingest.invoke(event));
  teardown.add(() => bus.stop());
  started.deliverTo(bus);
  const { givenUp, discarded } = startReconcilerStream({ dynamoDb, functions, onError }, teardown);
  const everySeconds = scheduleSecondsOf('sweep');
  const sweep = startSweepSchedule({
    clock,
    everySeconds,
    sweep: () => functions.sweep.invoke({}),
    onError,
  });
  teardown.add(() => sweep.stop());
  const account = await startLocalAccount({
    functionNames: Object.keys(functions),
    dynamoDb,
    ecsEndpoint: endpoint,
    policy,
    bus,
    givenUp,
    logs: functionOutput,
  });
  teardown.add(() => account.stop());
  // First of all, so that nothing new happens in ECS while the others come to their end.
  teardown.add(() => started.fallSilent());
  const eventLog = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
  const stop = () => teardown.run();
  return { clock, ecs: { endpoint, simulator }, dynamoDb, eventLog, bus, account, discarded, stop };
}

interface StreamParts {
  readonly dynamoDb: LocalDynamoDb;
  readonly functions: Awaited<ReturnType<typeof loadFunctions>>;
  readonly onError: (error: unknown) => void;
}

/** The table's stream wakes the reconciler; what that gives up waits for the recovery. */
function startReconcilerStream({ dynamoDb, functions, onError }: StreamParts, teardown: Teardown) {
  const givenUp = startQueue({
    invoke: (event) => functions.recovery.invoke(event),
    batchSize: queueMappingOf('recovery').batchSize,
    maxReceiveCount: Infinity,
    redeliverAfterMilliseconds: 1000,
  });
  teardown.add(() => givenUp.stop());
  const pump = startStreamPump({
    dynamoDb,
    mapping: streamMappingOf('reconciler'),
    invoke: (event) => functions.reconciler.invoke(event),
    onGivenUp: (message) => givenUp.send(message),
    onError,
  });
  teardown.add(() => pump.stop());
  return { givenUp, discarded: pump.discarded };
}

/** Whoever deployed the stack. */
const operator = { accessKeyId: 'operator', userAgent: '', sourceIpAddress: '127.0.0.1' };

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
  let listener: Pick<Bus, 'put'> | null = null;
  const emit = (envelope: Notification) => {
    onNotification?.(envelope);
    listener?.put(envelope);
  };
  const simulator = new EcsSimulator({ clock, seed, emit, ...(traffic === undefined ? {} : { traffic }) });
  const server = await startEcsServer(simulator);
  teardown.add(() => server.close());
  const deliverTo = (bus: Pick<Bus, 'put'>) => {
    listener = bus;
  };
  const fallSilent = () => {
    listener = null;
    clock.stop();
  };
  return { clock, clockOptions, simulator, endpoint: server.endpoint, deliverTo, fallSilent };
}

async function loadFunctions(output: Writable, teardown: Teardown) {
  const load = async (name: string): Promise<HostedFunction> => {
    const loaded = await loadFunction({ name, environment: {} });
    teardown.add(() => loaded.stop());
    return loaded;
  };
  return withOutputTo(output, async () => ({
    ingest: await load('ingest'),
    reconciler: await load('reconciler'),
    sweep: await load('sweep'),
    recovery: await load('recovery'),
  }));
}

function discarding(): Writable {
  return new PassThrough().resume();
}
