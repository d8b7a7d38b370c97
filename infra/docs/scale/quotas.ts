import { type ThrottlingCategory, tokenBuckets } from '../../ecs-simulator/src/ecs-simulator';
import { streamMappingOf } from '../../local/aws/declared/deployed-functions';
import type { MeasuredWork } from '../units/measured-work';
import { assumptions, type Day } from './model';

/** A limit, by AWS or by Rewind's own making, and how much of it a number of services uses. */
export interface Quota {
  readonly name: string;
  /** A second, unless the name says otherwise. */
  readonly limit: number;
  readonly page: string;
  /** What the busiest hour takes of it, in the limit's own unit. */
  readonly used: (day: Day) => number;
  readonly way: string;
}

const ecsPage = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html';
const cloudWatchPage =
  'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html';
const askAws = 'ask AWS for more, or spread the services over accounts and regions: each has its own';

/** Rollouts begun in a second of the busiest hour. */
const rate = ({ rollouts }: Day) => (rollouts / 86_400) * assumptions.peak;

function ofEcs(bucket: ThrottlingCategory, measured: MeasuredWork): Quota {
  return {
    name: `ECS, ${bucket} calls a second in an account and region`,
    limit: tokenBuckets[bucket].refillPerSecond,
    page: ecsPage,
    used: (day) =>
      rate(day) * day.perRollout(({ calls }) => calls[bucket] ?? 0) +
      // A hundred services each discovery, of which there is one in five minutes.
      ((day.services / 100) * (measured.idleDiscovery.calls[bucket] ?? 0)) / 300,
    way: askAws,
  };
}

/**
 * A new on-demand table takes 4,000 write units a second, on partitions of 1,000 each; the stream
 * has a shard for each.
 */
const partitions = 4;

/** The limits that a growing number of services comes near to. */
export function quotas(measured: MeasuredWork): readonly Quota[] {
  return [...callQuotas(measured), ...reconcilingQuotas(), ...deliveryQuotas()];
}

/** Of the APIs that Rewind calls. */
function callQuotas(measured: MeasuredWork): readonly Quota[] {
  return [
    ofEcs('service read', measured),
    ofEcs('service deployment', measured),
    ofEcs('service revision', measured),
    ofEcs('task definition read', measured),
    {
      name: 'CloudWatch, DescribeAlarms calls a second in an account and region',
      limit: tokenBuckets['alarm read'].refillPerSecond,
      page: cloudWatchPage,
      used: (day) => rate(day) * day.perRollout(({ calls }) => calls['alarm read'] ?? 0),
      way: askAws,
    },
    {
      name: 'Systems Manager, GetParameter calls a second in an account and region: the kill switch, before each write',
      limit: 40,
      page: 'https://docs.aws.amazon.com/general/latest/gr/ssm.html',
      used: (day) => rate(day) * assumptions.failedShare,
      way: askAws,
    },
  ];
}

/** Of what a reconcile needs, from the stream to the index. */
function reconcilingQuotas(): readonly Quota[] {
  const { parallelizationFactor: factor = 1 } = streamMappingOf('reconciler');
  const reconciles = (day: Day) => rate(day) * day.perRollout((work) => work.reconciles);
  return [
    {
      name: `reconciles at a time: ${partitions} shards of the table's stream, ${factor} each`,
      limit: partitions * factor,
      page: 'https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html',
      used: (day) => (reconciles(day) * assumptions.milliseconds.reconcile) / 1000,
      way: '`parallelizationFactor` of the reconciler, up to 10; a table under load gets more partitions by itself',
    },
    {
      name: 'DynamoDB, write units a second of the index of live services, which is one partition',
      limit: 1000,
      page: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
      used: reconciles,
      way: 'a stack for a part of the clusters: `manage` says which services it looks after',
    },
    {
      name: 'services that one sweep wakes, a minute',
      limit: 500,
      page: '../services/reconciler/sweep.ts',
      used: (day) => rate(day) * 60,
      way: 'what is left over is woken a minute later',
    },
  ];
}

/** Of the way of a notification. */
function deliveryQuotas(): readonly Quota[] {
  return [
    {
      name: 'Lambda, functions at a time in an account and region',
      limit: 1000,
      page: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
      used: (day) => {
        const { ingest, reconcile, tell } = assumptions.milliseconds;
        const perRollout =
          day.perRollout((work) => work.notifications) * ingest +
          day.perRollout((work) => work.reconciles) * reconcile +
          day.perRollout((work) => work.told) * tell;
        return (rate(day) * perRollout) / 1000;
      },
      way: askAws,
    },
    {
      name: 'EventBridge, deliveries to targets a second (18,750 in us-east-1, as few as 750 elsewhere)',
      limit: 750,
      page: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
      used: (day) => rate(day) * day.perRollout((work) => work.notifications),
      way: 'what is above it comes later; ask AWS for more',
    },
    {
      name: 'DynamoDB, write units a second of a table',
      limit: 40_000,
      page: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
      used: (day) => rate(day) * day.perRollout((work) => work.dynamoDb.writeUnits),
      way: askAws,
    },
  ];
}
