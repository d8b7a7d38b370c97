import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { History } from '../../../../services/cli/input/history';
import { HistoryReader } from '../../../../services/cli/input/history-reader';
import { formatReplayDocument } from '../../../../services/cli/replay/replay-document';
import { replayHistory } from '../../../../services/cli/replay/replay-history';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import { createIngest } from '../../../../services/ingest/ingest';
import { noPolicyFile } from '../../../../services/policy/policy-file';
import { instantFrom } from '../../../../state-machines/log/instant';
import { history } from '../../../fixtures/histories/history';
import { type LocalLogs, startLogs } from '../../../fixtures/log-group';
import { openOwnTable } from '../../../fixtures/own-table';
import { rewind, temporaryFiles } from '../rewind';
import { rewindHere } from '../rewind-here';

const { lines } = history({ services: 2, rollouts: 3, badPercent: 34, lines: 400, seed: 11 });
const logged = lines.map((message) => ({ message, timestamp: Date.parse(JSON.parse(message).time) }));
const until = '2026-03-01T00:00:00Z';
const asOf = instantFrom(Date.parse(until));
const files = temporaryFiles();

let dynamoDb: LocalTable;
let logs: LocalLogs;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
  Object.assign(process.env, dynamoDb.environment, { REWIND_TABLE: dynamoDb.tableName });
  logs = await startLogs({ groups: { '/aws/events/ecs': logged }, pageSize: 100, throttleEvery: 3 });
  const { client, tableName: table } = dynamoDb;
  const eventLog = dynamoDbEventLog({ client, table });
  const ingest = createIngest({ eventLog, policies: noPolicyFile, now: () => asOf });
  for (const line of lines) await ingest(line);
});
afterAll(async () => {
  await Promise.all([dynamoDb?.stop(), logs?.stop()]);
});

/** The rollouts that a replay of the file finds; how much was read depends on the form. */
async function rolloutsOf(file: string): Promise<readonly unknown[]> {
  const read = new History({ policyFile: noPolicyFile, leavesOutDecisions: false, asOf });
  const sentences: string[] = [];
  const reader = new HistoryReader(read, {
    report: (sentence) => sentences.push(sentence),
    progress() {},
  });
  await reader.readAll([file]);
  expect(sentences).toEqual([]);
  const document = formatReplayDocument({
    rollouts: replayHistory(read, noPolicyFile),
    input: read.inputCounts(),
  });
  return JSON.parse(document).rollouts;
}

const told = await rolloutsOf(files.write('plain.jsonl', lines.join('\n')));

async function rolloutsRead(...parameters: string[]): Promise<readonly unknown[]> {
  const ended = await rewindHere(['replay', '--format', 'json', '--as-of', until, ...parameters]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(ended.stdout).rollouts;
}

/**
 * As `aws logs create-export-task` writes it to S3:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html
 */
const exported = logged.map(({ message, timestamp }) => `${new Date(timestamp).toISOString()} ${message}\n`);
const subscription = {
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: '/aws/events/ecs',
  logStream: 'events',
  subscriptionFilters: ['all'],
};
const half = logged.length / 2;

describe('the same history', () => {
  it.each([
    ['what Amazon Data Firehose delivers to S3: envelopes without a line between them', lines.join('')],
    ['the same, gzipped', gzipSync(lines.join(''))],
    [
      'one document of all envelopes',
      JSON.stringify(
        lines.map((line) => JSON.parse(line)),
        null,
        2,
      ),
    ],
    ['a CloudWatch Logs export in S3', gzipSync(exported.join(''))],
    ['the output of aws logs tail', exported.map((line) => line.replace('Z ', '+00:00 events ')).join('')],
    [
      'pages of aws logs filter-log-events',
      JSON.stringify({ events: logged, searchedLogStreams: [] }, null, 4),
    ],
    [
      'records of a CloudWatch Logs subscription',
      gzipSync(
        [
          { ...subscription, messageType: 'CONTROL_MESSAGE', logEvents: [{ message: 'checking' }] },
          { ...subscription, logEvents: logged.slice(0, half) },
          { ...subscription, logEvents: logged.slice(half) },
        ]
          .map((record) => JSON.stringify(record))
          .join(''),
      ),
    ],
  ])('tells of the same rollouts as %s', async (name, content) => {
    expect(told).toHaveLength(6);
    expect(await rolloutsOf(files.write(`${name.length}.json`, content))).toEqual(told);
  });

  it('tells of the same rollouts in a log group, empty pages and throttling notwithstanding', async () => {
    const group = ['--log-group', '/aws/events/ecs', '--endpoint-url', logs.endpoint];
    expect(await rolloutsRead(...group, '--since', '2026-01-01T00:00:00Z')).toEqual(told);
    expect(logs.calls).toEqual({ answered: 9, throttled: 4 });
  });

  it('is asked for in vain where there is no such log group', async () => {
    const group = ['--log-group', '/aws/events/none', '--endpoint-url', logs.endpoint];
    expect(await rewindHere(['replay', ...group])).toEqual({
      code: 69,
      stdout: '',
      stderr:
        'the log group /aws/events/none cannot be read: ResourceNotFoundException: The specified log group does not exist\n',
    });
  });

  it('tells of the same rollouts in the table of the log and in an export of it, notifications and all', async () => {
    const whole = `${files.path}/export.jsonl.gz`;
    expect(await rewind(['export', '--all', '--output', whole])).toMatchObject({ code: 0, stdout: '' });
    expect(await rolloutsOf(whole)).toEqual(told);
    const [one] = told as { service: string }[];
    const ofOne = told.filter((rollout) => (rollout as { service: string }).service === one?.service);
    expect(await rolloutsRead('--service', one?.service ?? '')).toEqual(ofOne);
    const notifications = gunzipSync(readFileSync(whole))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).notification);
    const ids = (told: readonly { readonly id: string }[]) => new Set(told.map(({ id }) => id));
    const originals = lines.map((line) => JSON.parse(line));
    expect([...ids(notifications)].every((id) => ids(originals).has(id))).toBe(true);
    const byId = new Map(originals.map((original) => [original.id, original]));
    for (const notification of notifications) expect(notification).toEqual(byId.get(notification.id));
  });
});
