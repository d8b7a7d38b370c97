import type { EventPattern } from '../bus/event-patterns';
import { readCloudFormation } from './cloudformation';

/** A function as serverless.yml declares it: as much as one machine needs to run it. */
interface DeployedFunction {
  readonly handler: string;
  readonly timeout?: number;
  readonly events: readonly {
    readonly sqs?: QueueMapping;
    readonly stream?: StreamMapping;
    readonly schedule?: string;
    readonly eventBridge?: { readonly pattern: EventPattern };
  }[];
}

/** How Lambda reads a queue for a function. */
interface QueueMapping {
  readonly batchSize: number;
}

/** How Lambda reads a stream for a function. */
export interface StreamMapping {
  readonly batchSize: number;
  readonly maximumRetryAttempts: number;
  readonly parallelizationFactor?: number;
  readonly batchWindow?: number;
  readonly bisectBatchOnFunctionError?: boolean;
  readonly maximumRecordAgeInSeconds?: number;
  readonly filterPatterns: readonly EventPattern[];
}

interface ServerlessFile {
  readonly params: { readonly default: { readonly [name: string]: unknown } };
  readonly provider: {
    readonly timeout: number;
    readonly environment: { readonly [name: string]: unknown };
  };
  readonly functions: { readonly [name: string]: DeployedFunction };
}

/** Read once: the file stays as it is while a program runs. */
const { params, provider, functions } = readCloudFormation<ServerlessFile>('serverless.yml');

/** The names of all functions that are deployed. */
export function deployedFunctionNames(): readonly string[] {
  return Object.keys(functions);
}

/**
 * The declaration of a function, with the timeout it runs under; throws when serverless.yml
 * declares none of that name.
 */
export function deployedFunction(name: string): DeployedFunction & { readonly timeout: number } {
  const declared = functions[name];
  if (declared === undefined) throw new Error(`serverless.yml declares no function "${name}"`);
  return { ...declared, timeout: declared.timeout ?? provider.timeout };
}

/** How the function's queue is read; throws when it has none. */
export function queueMappingOf(name: string): QueueMapping {
  const mapping = deployedFunction(name).events.find((event) => event.sqs)?.sqs;
  if (mapping === undefined) throw new Error(`serverless.yml has no queue for "${name}"`);
  return mapping;
}

/** How the function's stream is read; throws when it has none. */
export function streamMappingOf(name: string): StreamMapping {
  const mapping = deployedFunction(name).events.find((event) => event.stream)?.stream;
  if (mapping === undefined) throw new Error(`serverless.yml has no stream for "${name}"`);
  return mapping;
}

const secondsOf: { readonly [unit: string]: number } = { minute: 60, hour: 3600, day: 86_400 };

/** The patterns by which EventBridge wakes the function directly. */
export function eventPatternsOf(name: string): readonly EventPattern[] {
  return deployedFunction(name).events.flatMap(({ eventBridge }) =>
    eventBridge ? [eventBridge.pattern] : [],
  );
}

/**
 * How many seconds lie between two runs of the function, with the parameters that are deployed
 * unless somebody gives others; throws when it has no schedule of the form `rate(5 minutes)`.
 */
export function scheduleSecondsOf(name: string): number {
  const declared = deployedFunction(name).events.find((event) => event.schedule)?.schedule ?? '';
  const schedule = declared.replace(/\$\{param:(\w+)\}/g, (_, parameter) => `${params.default[parameter]}`);
  const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  const seconds = Number(count) * (secondsOf[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new Error(`serverless.yml has no rate(…) for "${name}"`);
}

/** The names of the environment variables that every function is given. */
export function deployedVariableNames(): readonly string[] {
  return Object.keys(provider.environment);
}
