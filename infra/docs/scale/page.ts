import measuredJson from '../measured-work.json' with { type: 'json' };
import { type MeasuredWork, taskCounts, type Work } from '../units/measured-work';
import { assumptions, dayOf, monthlyCost } from './model';
import { prices } from './prices';
import { type Quota, quotas } from './quotas';

const measured: MeasuredWork = measuredJson;
const sizes = [10, 1_000, 10_000];

/**
 * The page docs/scale.md, whole: computed from infra/docs/measured-work.json, the prices and quotas
 * beside this file, and what is deployed.
 */
export function scalePage(): string {
  return `# What it costs, and what comes first

\`npm run docs\` computes this page from [measurements](../infra/docs/measured-work.json), from prices and quotas of AWS, and from what is deployed. A test fails
when it is stale. \`npm run bench:units -- --write\` measures again.

## Units

DynamoDB's own figures (\`ReturnConsumedCapacity\`, DynamoDB Local), for a service of ${taskCounts.usual} tasks with one alarm. Everything
that arrives within a second wakes one reconcile, as the stream's batching window does. A rollout counts from \`UpdateService\` to the end of its bake; a failed
one (its tasks crash) includes the rollback and its bake.

${table(
  [
    '',
    'notifications',
    'requests',
    'write units',
    'read units',
    'reconciles',
    'calls to ECS',
    'calls to CloudWatch',
    'decisions announced',
  ],
  works.map(([name, key]) => [name, ...unitCells(measured[key])]),
)}

A typical task notification is one conditional write of one unit. A duplicate costs the same and changes nothing. Each further task of
a service adds ${perTask(({ notifications }) => notifications)} notifications, ${perTask(({ dynamoDb }) => dynamoDb.writeUnits)} write units and ${perTask(({ dynamoDb }) => dynamoDb.readUnits)} read units to a rollout. What
a reconcile reads does not grow with the length of a stream, nor with a little disorder: of 2,000 tasks whose notifications arrive up to ten
seconds late, 1.1 events are read for each that is appended, and the largest snapshot takes 59 KB (\`npm run test:work\`). DynamoDB Local counts no unit for a query that finds
nothing; AWS counts half a unit: less than a cent a month for the sweep.

Rollouts that are **measured** (\`analysis\` in the policy) cost more, a minute at a time and only while they are live. A rollout by LINEAR (ten steps of six minutes) takes
69 minutes to its pass: some 265 write units more (one for each minute, two or three for the snapshot behind it) and 422 metrics asked of CloudWatch, in a call of
\`GetMetricData\` and one of \`DescribeTargetGroups\` a minute, and one of \`DescribeRules\` at its start. That is 0.0002 dollars for DynamoDB and, at 0.01 dollars for a thousand metrics, 0.0042 for
CloudWatch. A rolling deployment of ten minutes costs a sixth of it. A service without \`analysis\`, or without a live rollout, costs nothing of it (a test holds these figures).

## A month

US dollars in us-east-1 without free tiers, when each service is deployed ${assumptions.deploymentsADay} times a day and ${percent(assumptions.failedShare)} of the deployments fail.

${table(
  [
    'services',
    'rollouts a day',
    ...Object.keys(monthlyCost(dayOf(1, measured))),
    'together',
    '1,000 rollouts',
  ],
  [0, ...sizes].map(costCells),
)}

Assumed, because one machine cannot measure it: ${assumptions.milliseconds.ingest} ms of Lambda per notification, ${assumptions.milliseconds.reconcile} ms per reconcile, ${assumptions.milliseconds.tell} ms per announced decision; one invocation for each of
them, though batches make fewer; events kept for ${assumptions.daysKept.events} days, archive and logs for ${assumptions.daysKept.archive}; ${assumptions.messagesAFailure} e-mails per failed rollout.

| price | US dollars | |
| --- | ---: | --- |
${Object.values(prices)
  .map(({ unit, dollars: each, page }) => `| ${unit} | ${plain(each)} | [AWS](${page}) |`)
  .join('\n')}

## What comes first

The share of each limit that is used in the busiest hour, which has ${assumptions.peak} times as many deployments as the mean hour. The nearest limit is first.

${table(
  ['limit', 'of', ...sizes.map((services) => `${thousands(services)} services`), 'full at', 'then'],
  nearestFirst().map(quotaCells),
)}

${firstSentence()}
`;
}

const works: readonly (readonly [string, keyof MeasuredWork])[] = [
  ['a task notification', 'notification'],
  ['the same notification again', 'duplicate'],
  ['a reconcile with one new event', 'reconcile'],
  ['a reconcile with nothing new', 'idleReconcile'],
  ['a sweep with nothing due', 'idleSweep'],
  ['a discovery of 100 services at rest', 'idleDiscovery'],
  ['a rollout', 'rollout'],
  [`a rollout of ${taskCounts.larger} tasks`, 'largerRollout'],
  ['a failed rollout', 'failedRollout'],
];

function unitCells({ notifications, dynamoDb, reconciles, calls, told }: Work): string[] {
  const { 'alarm read': toCloudWatch = 0, ...toEcs } = calls;
  const ofEcs = Object.values(toEcs).reduce((sum, count) => sum + count, 0);
  const { requests, writeUnits, readUnits } = dynamoDb;
  return [notifications, requests, writeUnits, readUnits, reconciles, ofEcs, toCloudWatch, told].map(String);
}

function perTask(count: (work: Work) => number): string {
  const more = taskCounts.larger - taskCounts.usual;
  return rounded((count(measured.largerRollout) - count(measured.rollout)) / more);
}

function costCells(services: number): string[] {
  const day = dayOf(services, measured);
  const costs = Object.values(monthlyCost(day));
  const together = costs.reduce((sum, cost) => sum + cost, 0);
  const aThousand = (1000 * together) / (day.rollouts * assumptions.daysAMonth);
  return [
    thousands(services),
    thousands(day.rollouts),
    ...costs.map(dollars),
    dollars(together),
    day.rollouts === 0 ? '' : dollars(aThousand),
  ];
}

const shareUsed = (quota: Quota, services: number) => quota.used(dayOf(services, measured)) / quota.limit;

/**
 * Every use grows with the number of services alone, so a thousand of them tell how near a limit
 * is.
 */
function nearestFirst(): Quota[] {
  return [...quotas(measured)].sort((a, b) => shareUsed(b, 1000) - shareUsed(a, 1000));
}

function fullAt(quota: Quota): number {
  return Math.floor(1000 / shareUsed(quota, 1000));
}

function quotaCells(quota: Quota): string[] {
  const shares = sizes.map((services) => percent(shareUsed(quota, services)));
  const full = `${thousands(Number(fullAt(quota).toPrecision(2)))} services`;
  return [`[${quota.name}](${quota.page})`, thousands(quota.limit), ...shares, full, quota.way];
}

function firstSentence(): string {
  const [first, second] = nearestFirst().map(
    (quota) => `${quota.name} (at about ${thousands(Number(fullAt(quota).toPrecision(2)))} services)`,
  );
  return `So the first limit is **${first}**; the next is ${second}. Nothing is lost at either: Rewind becomes slower, and the sweep finds what is left.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

function rounded(count: number): string {
  return String(Math.round(count * 10) / 10);
}

function dollars(amount: number): string {
  return amount >= 100 ? thousands(Math.round(amount)) : amount.toFixed(2);
}

/** In full, without an exponent. */
function plain(amount: number): string {
  return amount.toLocaleString('en-US', { maximumSignificantDigits: 6, maximumFractionDigits: 12 });
}

function percent(share: number): string {
  return share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`;
}
