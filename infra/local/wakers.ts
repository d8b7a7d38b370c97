import type { SimulationClock } from '../ecs-simulator/src/ecs-simulator';
import type { Bus } from './aws/bus/bus';
import { startBus } from './aws/bus/bus';
import { startQueue } from './aws/bus/queue';
import { WokenFunction } from './aws/bus/woken-function';
import {
  eventPatternsOf,
  queueMappingOf,
  scheduleSecondsOf,
  streamMappingOf,
} from './aws/declared/deployed-functions';
import type { LocalDynamoDb } from './aws/dynamodb/dynamodb';
import { type StreamPump, startStreamPump } from './aws/dynamodb/stream-pump';
import type { HostedFunction } from './aws/functions/function-host';
import { startSchedule } from './aws/functions/schedule';
import type { Teardown } from './teardown';

/** What serverless.yml deploys: the stack does not start where it deploys anything else. */
export const functionNames = [
  'ingest',
  'reconciler',
  'sweep',
  'recovery',
  'discovery',
  'hook',
  'guard',
  'announcer',
] as const;
export type Functions = Readonly<Record<(typeof functionNames)[number], HostedFunction>>;

interface WakerParts {
  readonly functions: Functions;
  readonly dynamoDb: LocalDynamoDb;
  readonly clock: SimulationClock;
  /** Hears what went wrong around the functions. */
  readonly onError: (error: unknown) => void;
}

interface Wakers {
  readonly bus: Bus;
  /** The wake-ups that the reconciler gave up, and how many decisions nobody could be told of. */
  readonly givenUp: { readonly wakeUps: () => number; readonly announcements: () => number };
  readonly discarded: StreamPump['discarded'];
  /** Resolves when people and tools have been told of every decision that stands in the log. */
  told(): Promise<void>;
}

/** Starts what wakes each function as serverless.yml declares it. */
export function startWakers(parts: WakerParts, teardown: Teardown): Wakers {
  const { functions, clock, onError } = parts;
  const guard = new WokenFunction({
    name: 'guard',
    patterns: eventPatternsOf('guard'),
    invoke: (event) => functions.guard.invoke(event),
    onError,
  });
  const bus = startBus((event) => functions.ingest.invoke(event), [guard]);
  teardown.add(() => bus.stop());
  const streams = startStreams(parts, teardown);
  for (const name of ['sweep', 'discovery', 'guard'] as const) {
    const invoke = () => functions[name].invoke({});
    const schedule = startSchedule({ clock, everySeconds: scheduleSecondsOf(name), invoke, onError });
    teardown.add(() => schedule.stop());
  }
  return { bus, ...streams };
}

/** People can wait a little longer than ECS: each poll is work for DynamoDB Local. */
const pollsOf = { reconciler: 50, announcer: 150 } as const;

/** The table's stream wakes the reconciler and the announcer. */
function startStreams({ dynamoDb, functions, onError }: WakerParts, teardown: Teardown) {
  const wakeUps = startQueue({
    invoke: (event) => functions.recovery.invoke(event),
    batchSize: queueMappingOf('recovery').batchSize,
    maxReceiveCount: Infinity,
    redeliverAfterMilliseconds: 1000,
  });
  teardown.add(() => wakeUps.stop());
  const start = (name: 'reconciler' | 'announcer', onGivenUp: (message: string) => void) => {
    const mapping = streamMappingOf(name);
    const invoke: Parameters<typeof startStreamPump>[0]['invoke'] = (event) => functions[name].invoke(event);
    const pollMilliseconds = pollsOf[name];
    const pump = startStreamPump({ dynamoDb, mapping, invoke, onGivenUp, onError, pollMilliseconds });
    teardown.add(() => pump.stop());
    return pump;
  };
  const { discarded } = start('reconciler', (message) => wakeUps.send(message));
  // Nobody reads that queue: people look at what could not be told.
  const announcer = start('announcer', () => {});
  return {
    givenUp: { wakeUps: () => wakeUps.unhandled, announcements: () => announcer.discarded.length },
    discarded,
    told: () => announcer.caughtUp(),
  };
}
