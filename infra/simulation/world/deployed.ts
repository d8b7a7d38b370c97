import type { Notification } from '../../ecs-simulator/src/ecs-simulator';
import { deployedQueue, deployedRules } from '../../local/aws/bus/bus';
import { matchesEventPattern } from '../../local/aws/bus/event-patterns';
import {
  deployedFunction,
  queueMappingOf,
  scheduleSecondsOf,
  streamMappingOf,
} from '../../local/aws/declared/deployed-functions';

const functionNames = [
  'ingest',
  'reconciler',
  'sweep',
  'recovery',
  'discovery',
  'guard',
  'announcer',
] as const;
export type FunctionName = (typeof functionNames)[number];

/** What serverless.yml and infra/*.yml declare of how functions are called: read once a process. */
export const deployed = {
  timeoutSeconds: Object.fromEntries(functionNames.map((name) => [name, deployedFunction(name).timeout])),
  queue: { ...deployedQueue(), batchSize: queueMappingOf('ingest').batchSize },
  reconcilerStream: streamOf('reconciler'),
  announcerStream: streamOf('announcer'),
  givenUpBatchSize: queueMappingOf('recovery').batchSize,
  sweepSeconds: scheduleSecondsOf('sweep'),
  guardSeconds: 600,
};

const rules = deployedRules();

/** How often a notification is put into the queue: once for each target of each rule. */
export function deliveriesOf(notification: Notification): number {
  return rules
    .filter(({ pattern }) => matchesEventPattern(pattern, notification))
    .reduce((sum, { targets }) => sum + targets, 0);
}

function streamOf(name: 'reconciler' | 'announcer') {
  const mapping = streamMappingOf(name);
  const { filterPatterns, batchSize, batchWindow = 0, maximumRetryAttempts: retries } = mapping;
  return {
    batchSize,
    retries,
    windowSeconds: batchWindow,
    bisects: mapping.bisectBatchOnFunctionError === true,
    maximumAgeSeconds: mapping.maximumRecordAgeInSeconds ?? Number.POSITIVE_INFINITY,
    isWanted: (position: string) => {
      const record = { eventName: 'INSERT', dynamodb: { Keys: { position: { S: position } } } };
      return filterPatterns.some((pattern) => matchesEventPattern(pattern, record));
    },
  };
}
