import { randomUUID } from 'node:crypto';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import { eventLogTable } from '../../local/aws/declared/table-definition';
import { type DynamoDbMeter, type DynamoDbWork, metered } from '../../local/aws/dynamodb/metered-dynamodb';
import type { Counts } from './call-counts';
import { CountedService } from './counted-service';

/** What one thing that happens asks of AWS. */
export interface Work extends Counts {
  readonly dynamoDb: DynamoDbWork;
}

/** Each kind of work that docs/scale.md is computed from. */
export interface MeasuredWork {
  readonly notification: Work;
  readonly duplicate: Work;
  /** Of a service with one new event. */
  readonly reconcile: Work;
  readonly idleReconcile: Work;
  readonly idleSweep: Work;
  readonly rollout: Work;
  /** Of a service with more tasks: what each further one costs. */
  readonly largerRollout: Work;
  /** The rollout, and its rollback's. */
  readonly failedRollout: Work;
  /** A hundred services of which none moves. */
  readonly idleDiscovery: Work;
}

/** Tasks of the services measured. */
export const taskCounts = { usual: 4, larger: 12 } as const;

/**
 * Does each kind of work once, on tables of its own in this DynamoDB. The same every time: it is
 * simulated, and seeded.
 */
export async function measureWork(client: DynamoDBClient): Promise<MeasuredWork> {
  const meter = metered(client);
  const usual = await serviceOf(taskCounts.usual, { client, meter });
  const larger = await serviceOf(taskCounts.larger, { client, meter });
  const measured = {
    notification: await usual((service) => service.notifyOnce()),
    duplicate: await usual((service) => service.notifyAgain()),
    reconcile: await usual((service) => service.reconcile()),
    idleReconcile: await usual((service) => service.reconcile()),
    idleSweep: await usual((service) => service.sweep()),
    rollout: await usual((service) => service.deploy('healthy')),
    largerRollout: await larger((service) => service.deploy('healthy')),
    failedRollout: await usual((service) => service.deploy('crash')),
  };
  await usual((service) => service.createIdle());
  return { ...measured, idleDiscovery: await usual((service) => service.discoverIdle()) };
}

/** A service that runs what has proven itself, as what measures the work that is done for it. */
async function serviceOf(
  desiredCount: number,
  { client, meter }: { client: DynamoDBClient; meter: DynamoDbMeter },
): Promise<(happens: (service: CountedService) => Promise<void>) => Promise<Work>> {
  const table = `work-of-${desiredCount}-tasks-${randomUUID()}`;
  await client.send(new CreateTableCommand(eventLogTable(table)));
  const service = await CountedService.start(dynamoDbEventLog({ client, table }), desiredCount);
  return async (happens) => {
    meter.take();
    service.counts.take();
    await happens(service);
    return { dynamoDb: meter.take(), ...service.counts.take() };
  };
}
