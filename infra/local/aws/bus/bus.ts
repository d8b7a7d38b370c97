import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readCloudFormation } from '../declared/cloudformation';
import { queueMappingOf } from '../declared/deployed-functions';
import { type EventPattern, matchesEventPattern } from './event-patterns';
import { type DeadLetter, startQueue } from './queue';
import type { WokenFunction } from './woken-function';

/**
 * A rule of infra/event-rules.yml: what it matches, and how many of its targets are the queue of
 * notifications.
 */
interface Rule {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly targets: number;
}

/** EventBridge, the queue and the mapping to ingest, on one machine. */
export interface Bus {
  /**
   * Delivers the envelope to the queue once per target of each rule that it matches, and wakes the
   * functions whose own rules do; returns the names of those rules and functions.
   */
  put(envelope: object): readonly string[];
  readonly deadLetters: readonly DeadLetter[];
  /** Resolves when everything put so far is recorded or is a dead letter. */
  drained(): Promise<void>;
  /** Waits for the batch in flight; what still waits is dropped. */
  stop(): Promise<void>;
}

/**
 * Starts the bus with the deployed rules, batch size and number of deliveries; and with functions
 * that it wakes without the queue.
 */
export function startBus(
  ingest: (event: SQSEvent) => Promise<SQSBatchResponse | undefined>,
  functions: readonly WokenFunction[] = [],
): Bus {
  const rules = deployedRules();
  const queue = startQueue({
    invoke: ingest,
    batchSize: queueMappingOf('ingest').batchSize,
    maxReceiveCount: deployedQueue().maxReceiveCount,
  });
  const drained = async () => {
    await Promise.all([queue, ...functions].map((one) => one.drained()));
  };
  return {
    put(envelope) {
      const matching = rules.filter((rule) => matchesEventPattern(rule.pattern, envelope));
      const body = JSON.stringify(envelope);
      for (const rule of matching) {
        for (let target = 0; target < rule.targets; target += 1) queue.send(body);
      }
      const woken = functions.filter((one) => one.offer(envelope));
      return [...matching, ...woken].map(({ name }) => name);
    },
    deadLetters: queue.deadLetters,
    drained,
    async stop() {
      await queue.stop();
      await drained();
    },
  };
}

interface RuleResource {
  readonly Type: string;
  readonly Properties: {
    readonly EventPattern: EventPattern;
    readonly Targets: readonly { readonly Arn: { readonly 'Fn::GetAtt': string } }[];
  };
}

/** The rules that are deployed, with their patterns as they are deployed. */
export function deployedRules(): readonly Rule[] {
  const { Resources } = readCloudFormation<{ Resources: Record<string, RuleResource> }>(
    'infra/event-rules.yml',
  );
  return Object.entries(Resources)
    .filter(([, resource]) => resource.Type === 'AWS::Events::Rule')
    .map(([name, { Properties }]) => ({
      name,
      pattern: Properties.EventPattern,
      targets: Properties.Targets.filter((target) => target.Arn['Fn::GetAtt'] === 'NotificationQueue.Arn')
        .length,
    }));
}

/** How the queue of notifications is deployed. */
export function deployedQueue(): { readonly maxReceiveCount: number; readonly visibilitySeconds: number } {
  const { Resources } = readCloudFormation<{
    Resources: {
      NotificationQueue: {
        Properties: { VisibilityTimeout: number; RedrivePolicy: { maxReceiveCount: number } };
      };
    };
  }>('infra/queue.yml');
  const { VisibilityTimeout: visibilitySeconds, RedrivePolicy } = Resources.NotificationQueue.Properties;
  return { maxReceiveCount: RedrivePolicy.maxReceiveCount, visibilitySeconds };
}
