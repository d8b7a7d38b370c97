import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { startEcsServer } from '../../infra/ecs-simulator/src/ecs-simulator';
import { projectFolder } from '../../infra/local/aws/declared/cloudformation';
import { startDynamoDb } from '../../infra/local/aws/dynamodb/dynamodb';
import { dynamoDbEventLog } from '../../services/event-log/dynamodb-event-log';
import { lengthenStream, repeatRecord } from '../fixtures/long-log/long-stream';
import { startMeteredProxy } from '../fixtures/long-log/metered-proxy';
import { service } from '../services/reconciler/worlds/rewind-at-work';
import { RollbackWorld } from '../services/reconciler/worlds/rollback-world';
import { BusyTime } from './busy-time';

// What looking at a service costs behind 20 and 200,000 events: read units of DynamoDB, and time,
// beside that in which DynamoDB Local or the simulated ECS had a request to answer.

const limits = { ownMilliseconds: 400, units: 20 };
const runs = 11;
const rounds = [20, 200_000];
const dynamoDb = await startDynamoDb();
const answering = new BusyTime();
const during = answering.during.bind(answering);
const proxy = await startMeteredProxy(dynamoDb.endpoint, during);
const table = { client: dynamoDb.client, table: dynamoDb.tableName };
const world = await RollbackWorld.startStable({ log: dynamoDbEventLog(table), seed: 3 });
await world.deployBad({ crashes: 'at once', breaker: 'none' });
await world.settle();
await repeatRecord(table, service, 100);
const ecs = await startEcsServer(world.simulator);
const ecsProxy = await startMeteredProxy(ecs.endpoint, during);
try {
  for (const length of rounds) {
    await lengthenStream(table, world, length);
    process.stdout.write(`  behind ${length.toLocaleString('en-US')} events\n`);
    for (const command of ['status prod/web', 'history prod/web']) await measure(command);
  }
} finally {
  await ecsProxy.stop();
  await ecs.close();
  await proxy.stop();
  await dynamoDb.stop();
}

async function measure(command: string): Promise<void> {
  const environment = {
    ...process.env,
    ...dynamoDb.environment,
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    AWS_ENDPOINT_URL_ECS: ecsProxy.endpoint,
    REWIND_TABLE: dynamoDb.tableName,
  };
  const rewind = path.join(projectFolder, 'services/cli/rewind.mjs');
  const times: { readonly own: number; readonly aws: number }[] = [];
  let cost = proxy.take();
  for (let run = 0; run < runs; run += 1) {
    answering.take();
    const begun = performance.now();
    await promisify(execFile)(process.execPath, [rewind, ...command.split(' ')], { env: environment });
    const took = performance.now() - begun;
    const aws = answering.take();
    times.push({ own: took - aws, aws });
    cost = proxy.take();
  }
  const [own, aws] = [median(times.map((time) => time.own)), median(times.map((time) => time.aws))];
  const took = `${Math.round(own)} ms + ${Math.round(aws)} ms`.padStart(16);
  process.stdout.write(`    ${command.padEnd(18)} ${took}  ${cost.requests} requests, ${cost.units} units\n`);
  if (own > limits.ownMilliseconds || cost.units > limits.units) process.exitCode = 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
