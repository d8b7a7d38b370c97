import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { ExportFile } from '../../../services/cli/export/export-file';
import { redactSecrets } from '../../../services/cli/terminal/redaction';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import { UnreadableItemError } from '../../../services/event-log/event-item';
import { formatExportLine } from '../../../services/event-log/export-line';
import { tablePages } from '../../../services/event-log/table-pages';
import { instantFrom } from '../../../state-machines/log/instant';
import type { Position } from '../../../state-machines/log/position';
import { openOwnTable } from '../../fixtures/own-table';
import { newService, recordedAt, recordedDecision, recordedTask } from '../event-log/recorded-events';
import { rewind, temporaryFiles } from './rewind';
import { rewindHere } from './rewind-here';

const files = temporaryFiles();
const service = newService('web');
const start = Date.UTC(2026, 0, 1);
const recorded = [
  ...Array.from({ length: 40 }, (_, index) =>
    recordedAt(start + index * 60_000, { service, id: `event-${index}` }),
  ),
  recordedTask('RUNNING'),
  recordedDecision({ attempt: 1 }, service),
];

let dynamoDb: LocalTable;
beforeAll(async () => {
  dynamoDb = await openOwnTable();
  Object.assign(process.env, dynamoDb.environment, { REWIND_TABLE: dynamoDb.tableName });
  const log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
  for (const one of recorded) await log.append(one);
  const snapshot = { version: 1, reducerVersion: 1, fold: {}, nextWakeAt: null, watchedAlarms: [] };
  await log.writeSnapshot(service, snapshot);
});
afterAll(() => dynamoDb?.stop());

/** An export of the service of which nothing has been written. */
const begun = () => ({
  question: JSON.stringify({ table: dynamoDb.tableName, service }),
  since: null,
  until: null,
  bytes: 0,
  events: 0,
  unreadable: 0,
  after: null,
});
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

describe('rewind export', () => {
  it('leaves the secrets of notifications out where it is told to, and nothing else', async () => {
    const whole = await rewind(['export', '--all']);
    const { code, stdout } = await rewind(['export', '--all', '--redact']);
    expect(code).toBe(0);
    const lines = linesOf(stdout).map((line) => JSON.parse(line));
    expect(lines).toEqual(linesOf(whole.stdout).map((line) => redactSecrets(JSON.parse(line))));
    expect(lines.map(({ event }) => event)).toEqual(
      linesOf(whole.stdout).map((line) => JSON.parse(line).event),
    );
  });

  it('writes every event of every service, decisions with their digests, and no snapshot', async () => {
    const { code, stdout, stderr } = await rewind(['export', '--all']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '42 events exported\n' });
    const lines = linesOf(stdout).map((line) => JSON.parse(line));
    expect(new Set(lines.map(({ event }) => event.service)).size).toBe(2);
    const task = lines.find(({ event }) => event.type === 'TaskChanged');
    expect(task.notification).toEqual(JSON.parse(recordedTask('RUNNING').notification ?? ''));
    expect(lines.find(({ event }) => event.type === 'RollbackRequested')).toMatchObject({
      recordedAt: '2023-11-14T22:13:21.250Z',
      event: { digest: expect.stringMatching(/^[\w-]{43}$/), madeWith: { after: [] } },
      notification: null,
    });
  });

  it('writes what a service told of between two instants', async () => {
    const between = ['--since', '2026-01-01T00:10:00Z', '--until', '2026-01-01T00:19:00Z'];
    const { stdout } = await rewindHere(['export', 'storefront-prod/web', ...between]);
    const ids = linesOf(stdout).map((line) => JSON.parse(line).event.id);
    expect(ids).toEqual(Array.from({ length: 10 }, (_, index) => `event-${index + 10}`));
  });

  it('goes on where an earlier one was killed in the middle of a page', async () => {
    const output = `${files.path}/export.jsonl.gz`;
    const { client, tableName: table } = dynamoDb;
    const file = await ExportFile.create(output, begun());
    const range = { service, since: null, until: null, after: null };
    let pages = 0;
    for await (const page of tablePages({ client, table, pageSize: 7 }, range)) {
      await file.append(page.events.map(formatExportLine), page);
      pages += 1;
      if (pages === 3) break;
    }
    await file.close();
    appendFileSync(output, 'half a li');
    const parameters = ['export', service, '--output', output];
    const resumed = await rewindHere([...parameters, '--resume']);
    expect(resumed).toEqual({ code: 0, stdout: '', stderr: '41 events exported\n' });
    const { stdout } = await rewindHere(['export', service]);
    expect(gunzipSync(readFileSync(output)).toString()).toBe(stdout);
    expect(existsSync(`${output}.progress`)).toBe(false);
    expect(await rewindHere([...parameters, '--resume'])).toMatchObject({ code: 66 });
  });

  it('knows what it could not read before it was stopped, and up to when it was asked', async () => {
    const output = `${files.path}/until.jsonl`;
    const until = instantFrom(start + 60_000);
    const file = await ExportFile.create(output, { ...begun(), until });
    const unreadable = new UnreadableItemError({ service, position: 'x' as Position }, {});
    const last = { service, position: `${start}#event-0` as Position };
    await file.append(['{}'], { unreadable: [unreadable], last });
    await file.close();
    const parameters = ['export', service, '--until', '1m', '--output', output, '--resume'];
    expect(await rewindHere(parameters)).toEqual({ code: 65, stdout: '', stderr: '2 events exported\n' });
  });

  it('does not take the note of an earlier export for its own', async () => {
    const output = `${files.path}/again.jsonl`;
    const last = { service, position: `${start}#event-0` as Position };
    const earlier = await ExportFile.create(output, begun());
    await earlier.append(['{}'], { unreadable: [], last });
    await earlier.close();
    await (await ExportFile.create(output, begun())).close();
    const resumed = await rewindHere(['export', service, '--output', output, '--resume']);
    expect(resumed).toMatchObject({ code: 66, stderr: expect.stringContaining('is no unfinished export') });
  });

  it('resumes no file that is shorter than was written of it', async () => {
    const output = `${files.path}/short.jsonl`;
    const last = { service, position: `${start}#event-0` as Position };
    const file = await ExportFile.create(output, begun());
    await file.append(['{"a":1}'], { unreadable: [], last });
    await file.close();
    truncateSync(output, 3);
    const resumed = await rewindHere(['export', service, '--output', output, '--resume']);
    expect(resumed).toMatchObject({ code: 65, stderr: expect.stringContaining('is shorter than') });
  });

  it('says where the disk is full, and fails', async () => {
    const full = await rewindHere(['export', '--all', '--output', '/dev/full']);
    expect(full).toMatchObject({
      code: 69,
      stderr: expect.stringMatching(/^\/dev\/full cannot be written: ENOSPC.*\n$/),
    });
  });

  it.each([
    [64, 'name a SERVICE, or say --all', []],
    [64, '--since is later than --until', ['--all', '--since', '1d', '--until', '2d']],
    [64, 'SERVICE: "arn:nothing" is not the ARN of an ECS service', ['arn:nothing']],
    [65, '0 events exported', [service.replace('/web', '/nothing')]],
    [66, 'has no service prod/nothing; it has storefront-prod/', ['prod/nothing']],
    [69, 'the table nowhere cannot be read: ResourceNotFoundException', ['--all', '--table', 'nowhere']],
  ])('ends with %i: %s', async (code, sentence, parameters) => {
    const ended = await rewindHere(['export', ...parameters]);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(sentence);
    expect(linesOf(ended.stderr)).toHaveLength(1);
  });
});
