import type { DynamoDBBatchResponse } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamMappingOf } from '../../infra/local/aws/declared/deployed-functions';
import { type LocalDynamoDb, startDynamoDb } from '../../infra/local/aws/dynamodb/dynamodb';
import { type StreamPump, startStreamPump } from '../../infra/local/aws/dynamodb/stream-pump';
import { type HostedFunction, loadFunction } from '../../infra/local/aws/functions/function-host';
import { protectionSchemas } from '../../services/announcer/announcement-schema';
import { dynamoDbEventLog } from '../../services/event-log/dynamodb-event-log';
import { dynamoDbProtectionLog } from '../../services/event-log/protection-log';
import { logKeyOf } from '../../state-machines/log/events';
import { parseServiceArn } from '../../state-machines/log/identifiers';
import { instantFrom } from '../../state-machines/log/instant';
import {
  type NewProtectionEvent,
  type ProtectionEvent,
  recordAfter,
} from '../../state-machines/protection/protection-events';
import { type RecordingEventBus, startRecordingEventBus } from '../fixtures/recording-event-bus';
import { crashing, RewindAtWork } from '../services/reconciler/worlds/rewind-at-work';
import { until } from './until';

const topic = 'arn:aws:sns:us-east-1:123456789012:announcements';
let dynamoDb: LocalDynamoDb;
let recordingBus: RecordingEventBus;
let announcer: HostedFunction;
let pump: StreamPump;
let rewind: RewindAtWork;
let invocations = 0;

/**
 * The deployed handler on the stream of a real table, filtered as deployed; ECS is the simulator.
 */
beforeAll(async () => {
  [dynamoDb, recordingBus] = await Promise.all([startDynamoDb(), startRecordingEventBus()]);
  announcer = await loadFunction({
    name: 'announcer',
    environment: {
      ...dynamoDb.environment,
      ...recordingBus.environment,
      REWIND_TABLE: dynamoDb.tableName,
      REWIND_MODE: 'enforce',
      REWIND_TOPIC: topic,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    },
  });
  rewind = await RewindAtWork.start(dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName }));
  pump = startStreamPump({
    dynamoDb,
    mapping: streamMappingOf('announcer'),
    invoke: (event) => {
      invocations += 1;
      return announcer.invoke<DynamoDBBatchResponse>(event);
    },
  });
});
afterAll(async () => {
  await pump?.stop();
  await announcer?.stop();
  await rewind?.stop();
  await recordingBus?.stop();
  await dynamoDb?.stop();
});

describe('the deployed announcer', () => {
  it('tells of a rollback as it happens, through failures of the topic and the bus, people once', async () => {
    recordingBus.refuse('PutEvents', 2);
    recordingBus.refuse('Publish', 1);
    await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(600);
    await until(() => recordingBus.messages.length >= 3 && recordingBus.events.length >= 8);
    expect(recordingBus.messages.map(({ subject }) => subject)).toEqual([
      'Rewind: prod/web: web:2 failed',
      'Rewind: prod/web: goes back to web:1',
      'Rewind: prod/web: is back on web:1',
    ]);
    expect(recordingBus.messages[0]).toMatchObject({
      topic,
      attributes: { service: 'prod/web', detailType: 'Rewind Verdict Reached' },
    });
    expect(pump.discarded).toEqual([]);
  });

  it('puts each decision on the bus under one id, the one that was told halfway twice', async () => {
    const ids = recordingBus.events.map(({ Detail }) => (Detail as { id: string }).id);
    expect(new Set(ids).size).toBe(7);
    expect(ids).toHaveLength(8);
    expect(new Set(recordingBus.events.map(({ Source }) => Source))).toEqual(new Set(['rewind']));
  });

  it('goes no further than the first decision that it cannot tell: what stands behind it comes again', async () => {
    const told = recordingBus.events.length;
    const decisions = [
      ...(await rewind.decisions('VerdictReached')),
      ...(await rewind.decisions('RollbackIssued')),
    ];
    const Records = decisions.map((event, index) => ({
      dynamodb: {
        Keys: { service: { S: event.service }, position: { S: logKeyOf(event) } },
        SequenceNumber: `${index}`,
      },
    }));
    recordingBus.refuse('PutEvents', 1);
    const answer = await announcer.invoke<DynamoDBBatchResponse>({ Records });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
    expect(recordingBus.events).toHaveLength(told);
  });

  it('is not invoked for what is no decision', async () => {
    const { length } = await rewind.events();
    expect(length).toBeGreaterThan(40);
    // Seven decisions in as many batches at most, and three failures.
    expect(invocations).toBeLessThanOrEqual(7 + 2 * 3);
  });

  it('tells of drift that the guard found, and of nothing else that it wrote', async () => {
    const [told, heard] = [recordingBus.messages.length, recordingBus.events.length];
    const log = dynamoDbProtectionLog({ client: dynamoDb.client, table: dynamoDb.tableName });
    const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/guarded');
    const occurredAt = instantFrom(Date.UTC(2026, 0, 1));
    const [right, wrong] = [{ bakeTimeInMinutes: 5 }, { bakeTimeInMinutes: 0 }];
    const happenings: NewProtectionEvent[] = [
      { type: 'ProtectionObserved', configuration: right, drifted: [] },
      {
        type: 'ProtectionDrifted',
        fields: ['bakeTimeInMinutes'],
        expected: right,
        observed: wrong,
        changedBy: 'arn:aws:iam::123456789012:user/pipeline',
        changedAt: occurredAt,
        drift: 'mend',
      },
    ];
    for (const [index, happening] of happenings.entries()) {
      const standing = recordAfter(null, happening);
      const event = { ...happening, service, sequence: index + 1, occurredAt, standing } as ProtectionEvent;
      await log.append({ event, recordedAt: occurredAt });
    }
    await until(() => recordingBus.messages.length > told);
    expect(recordingBus.messages.slice(told)).toEqual([
      {
        topic,
        subject: "Rewind: prod/guarded: ECS's own protection was changed",
        text: `prod/guarded: ECS's own protection is not as declared any more.

- bakeTimeInMinutes: 0 instead of 5

Changed by: arn:aws:iam::123456789012:user/pipeline, at 2026-01-01T00:00:00.000Z
What is done: it is put back, unless Rewind only observes

Service: https://us-east-1.console.aws.amazon.com/ecs/v2/clusters/prod/services/guarded/deployments?region=us-east-1`,
        attributes: {
          detailType: 'Rewind Protection Drifted',
          service: 'prod/guarded',
          decision: 'guard#00000002',
        },
      },
    ]);
    const [event, ...others] = recordingBus.events.slice(heard);
    expect(others).toEqual([]);
    protectionSchemas['Rewind Protection Drifted'].parse(event?.Detail);
  });
});
