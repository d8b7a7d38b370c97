import { readCloudFormation } from '../../local/aws/declared/cloudformation';
import type { MeasuredWork, Work } from '../units/measured-work';
import { deployedCounts } from './deployed-counts';
import { prices } from './prices';

/** What the page supposes, where nothing can be measured on one machine. */
export const assumptions = {
  deploymentsADay: 20,
  failedShare: 0.05,
  /** The busiest hour takes so many times as many deployments as the mean one. */
  peak: 5,
  daysKept: { events: 90, archive: 30, logs: 30 },
  milliseconds: { ingest: 20, reconcile: 60, tell: 60, sweep: 100, describeCall: 50 },
  /** A line of a reconcile; what Lambda writes of an invocation, and its metrics. */
  logBytes: { reconcile: 600, invocation: 750 },
  itemBytes: 1024,
  /** "failed", "goes back", "is back". */
  messagesAFailure: 3,
  daysAMonth: 30,
} as const;

const secondsADay = 86_400;
const gigabyte = 1e9;
/**
 * Lambda asks a queue with five pollers, each for 20 seconds:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const emptyReceivesADay = (5 * secondsADay) / 20;

/** How much happens in a day, in all services. */
export interface Day {
  readonly services: number;
  readonly rollouts: number;
  readonly failures: number;
  /** What the mean rollout leads to. */
  readonly perRollout: (count: (work: Work) => number) => number;
}

export function dayOf(services: number, measured: MeasuredWork): Day {
  const { deploymentsADay, failedShare } = assumptions;
  const rollouts = services * deploymentsADay;
  const perRollout = (count: (work: Work) => number) =>
    (1 - failedShare) * count(measured.rollout) + failedShare * count(measured.failedRollout);
  return { services, rollouts, failures: rollouts * failedShare, perRollout };
}

/** The memory that functions have where serverless.yml does not say otherwise. */
function memoryGigabytes(): number {
  const { provider } = readCloudFormation<{ provider: { memorySize: number } }>('serverless.yml');
  return provider.memorySize / 1024;
}

/** US dollars a month, by service of AWS. */
interface MonthlyCost {
  readonly [service: string]: number;
}

export function monthlyCost(day: Day): MonthlyCost {
  return {
    DynamoDB: dynamoDbCost(day),
    Lambda: lambdaCost(day),
    SQS: sqsCost(day),
    EventBridge: eventBridgeCost(day),
    CloudWatch: cloudWatchCost(day),
    SNS: snsCost(day),
    SSM: prices.parameter.dollars,
  };
}

const monthly = (aDay: number) => aDay * assumptions.daysAMonth;

function notificationsOf({ rollouts, perRollout }: Day): number {
  return rollouts * perRollout((work) => work.notifications);
}

function reconcilesOf({ rollouts, perRollout }: Day): number {
  return rollouts * perRollout((work) => work.reconciles);
}

function toldOf({ rollouts, perRollout }: Day): number {
  return rollouts * perRollout((work) => work.told);
}

function dynamoDbCost(day: Day): number {
  const { rollouts, perRollout } = day;
  const units =
    perRollout((work) => work.dynamoDb.writeUnits) * prices.writeUnit.dollars +
    perRollout((work) => work.dynamoDb.readUnits) * prices.readUnit.dollars;
  const storedGigabytes =
    ((notificationsOf(day) + toldOf(day)) * assumptions.itemBytes * assumptions.daysKept.events) / gigabyte;
  const aGigabyte = prices.tableGigabyteMonth.dollars + prices.recoveryGigabyteMonth.dollars;
  return monthly(rollouts * units) + storedGigabytes * aGigabyte;
}

/**
 * Invocations a day, and the milliseconds each takes. Each notification and each decision by
 * itself: batches make them fewer.
 */
function invocationsOf(day: Day): { readonly count: number; readonly milliseconds: number }[] {
  const { milliseconds } = assumptions;
  return [
    { count: notificationsOf(day), milliseconds: milliseconds.ingest },
    { count: reconcilesOf(day), milliseconds: milliseconds.reconcile },
    { count: toldOf(day), milliseconds: milliseconds.tell },
    { count: secondsADay / 60, milliseconds: milliseconds.sweep },
    { count: secondsADay / 300, milliseconds: (day.services / 10 + 1) * milliseconds.describeCall },
  ];
}

function lambdaCost(day: Day): number {
  const costs = invocationsOf(day).map(
    ({ count, milliseconds }) =>
      count *
      (prices.invocation.dollars + (milliseconds / 1000) * memoryGigabytes() * prices.gigabyteSecond.dollars),
  );
  return monthly(costs.reduce((sum, cost) => sum + cost, 0));
}

/** A message is sent, received and deleted. */
function sqsCost(day: Day): number {
  return monthly((3 * notificationsOf(day) + emptyReceivesADay) * prices.queueRequest.dollars);
}

function eventBridgeCost(day: Day): number {
  const gigabytes = (day.rollouts * day.perRollout((work) => work.notificationBytes)) / gigabyte;
  const archive =
    monthly(gigabytes * prices.archivedGigabyte.dollars) +
    gigabytes * assumptions.daysKept.archive * prices.archiveGigabyteMonth.dollars;
  return archive + monthly(toldOf(day) * prices.busEvent.dollars);
}

function cloudWatchCost(day: Day): number {
  const { logBytes, daysKept } = assumptions;
  const invocations = invocationsOf(day).reduce((sum, { count }) => sum + count, 0);
  const gigabytes = (reconcilesOf(day) * logBytes.reconcile + invocations * logBytes.invocation) / gigabyte;
  const { metrics, alarms, dashboards } = deployedCounts();
  return (
    monthly(gigabytes * prices.logGigabyte.dollars) +
    gigabytes * daysKept.logs * prices.logGigabyteMonth.dollars +
    metrics * prices.metric.dollars +
    alarms * prices.alarm.dollars +
    dashboards * prices.dashboard.dollars
  );
}

function snsCost({ failures }: Day): number {
  const messages = monthly(failures * assumptions.messagesAFailure);
  return messages * (prices.publish.dollars + prices.email.dollars);
}
