import { describe, expect, it } from 'vitest';
import { matchesEventPattern } from '../../infra/local/aws/bus/event-patterns';
import { readCloudFormation } from '../../infra/local/aws/declared/cloudformation';
import { streamMappingOf } from '../../infra/local/aws/declared/deployed-functions';
import { eventLogTable } from '../../infra/local/aws/declared/table-definition';
import { attribute, liveServicesIndex, snapshotPosition } from '../../services/event-log/event-table';

describe('the table that is deployed', () => {
  const table = eventLogTable('log');

  it('has the keys that the event log writes', () => {
    expect(table.KeySchema?.map((key) => key.AttributeName)).toEqual([attribute.service, attribute.position]);
  });

  it('has the index that the event log asks', () => {
    expect(table.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: liveServicesIndex,
        KeySchema: [
          { AttributeName: attribute.live, KeyType: 'HASH' },
          { AttributeName: attribute.nextWakeAt, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [attribute.watchedAlarms] },
      },
    ]);
  });
});

describe('the stream that is deployed', () => {
  const isWokenBy = (eventName: string, position: string) =>
    streamMappingOf('reconciler').filterPatterns.some((pattern) =>
      matchesEventPattern(pattern, { eventName, dynamodb: { Keys: { position: { S: position } } } }),
    );

  it('wakes the reconciler for a new event, and never for what the reconciler keeps or the guard writes', () => {
    expect(isWokenBy('INSERT', '1700000000000#event')).toBe(true);
    expect(isWokenBy('INSERT', '0000000000000#event')).toBe(true);
    expect(isWokenBy('INSERT', snapshotPosition)).toBe(false);
    expect(isWokenBy('INSERT', 'guard#00000001')).toBe(false);
    expect(isWokenBy('MODIFY', snapshotPosition)).toBe(false);
    expect(isWokenBy('REMOVE', '1700000000000#event')).toBe(false);
  });
});

describe('the functions that are deployed', () => {
  const { functions, provider } = readCloudFormation<{
    functions: Record<string, { handler: string }>;
    provider: { environment: object };
  }>('serverless.yml');

  it('are ingest, the reconciler, its sweep and its recovery, the discovery, the hook, the guard and the announcer', () => {
    const handlers = Object.entries(functions).map(([name, { handler }]) => [name, handler]);
    expect(handlers).toEqual([
      ['ingest', 'services/ingest/handler.handler'],
      ['reconciler', 'services/reconciler/handler.handler'],
      ['sweep', 'services/reconciler/handler.sweep'],
      ['recovery', 'services/recovery/handler.handler'],
      ['discovery', 'services/discovery/handler.handler'],
      ['hook', 'services/hook/handler.handler'],
      ['guard', 'services/guard/handler.handler'],
      ['announcer', 'services/announcer/handler.handler'],
    ]);
  });

  it('get the table, the policy, the mode and where they run, and no more of Rewind', () => {
    const names = Object.keys(provider.environment).filter((name) => name.startsWith('REWIND_'));
    expect(names).toEqual([
      'REWIND_TABLE',
      'REWIND_POLICY',
      'REWIND_MODE',
      'REWIND_KILL_SWITCH',
      'REWIND_DISCOVERY_MINUTES',
      'REWIND_OBSERVED_EVENTS_DAYS',
      'REWIND_ACCOUNT',
    ]);
  });
});
