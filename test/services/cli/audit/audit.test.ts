import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { auditedStreams } from '../../../../services/cli/audit/audit-input';
import { verifyStream } from '../../../../services/cli/audit/verification';
import { withDigest } from '../../../../services/event-log/digest';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import type { RecordedEvent } from '../../../../services/event-log/event-log';
import { formatExportLine } from '../../../../services/event-log/export-line';
import type { DecidedEvent } from '../../../../state-machines/log/decided-events';
import { isDecided, logKeyOf } from '../../../../state-machines/log/events';
import { formatInstant, type Instant } from '../../../../state-machines/log/instant';
import { comparePlaces, positionOf } from '../../../../state-machines/log/position';
import { openOwnTable } from '../../../fixtures/own-table';
import { service } from '../../reconciler/worlds/rewind-at-work';
import { RollbackWorld } from '../../reconciler/worlds/rollback-world';
import { rewind, temporaryFiles } from '../rewind';
import { rewindHere } from '../rewind-here';

/**
 * After how many seconds a notification of a bad rollout is told: the end of the first task that
 * crashes late, and a start of a task when its end was known.
 */
function lateNotifications() {
  let firstCrashed: unknown = null;
  let isStartTold = false;
  return ({ detail }: Notification): number[] => {
    if (detail.stopCode === 'EssentialContainerExited') {
      firstCrashed ??= detail.taskArn;
      return [detail.taskArn === firstCrashed ? 35 : 0];
    }
    const isStart = detail.lastStatus === 'PENDING' && String(detail.taskDefinitionArn).endsWith(':2');
    if (!isStart || isStartTold) return [0];
    isStartTold = true;
    return [110];
  };
}
const files = temporaryFiles();

let dynamoDb: LocalTable;
let world: RollbackWorld;
let recorded: RecordedEvent[];
beforeAll(async () => {
  dynamoDb = await openOwnTable();
  Object.assign(process.env, dynamoDb.environment, { REWIND_TABLE: dynamoDb.tableName });
  const log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
  world = await RollbackWorld.start({
    log,
    seed: 3,
    rollout: { crashes: 'at once', breaker: 'none' },
    delaysOf: lateNotifications(),
  });
  await world.settle();
  recorded = [];
  for await (const one of log.read(service, null)) recorded.push(one);
}, 60_000);
afterAll(() => dynamoDb?.stop());

async function audited(...parameters: string[]) {
  const { code, stdout, stderr } = await rewindHere(['audit', 'prod/web', '--format', 'json', ...parameters]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout).rollouts[0];
}

/** When the first crash was learnt. */
function firstCrashLearnt(): Instant {
  const isCrash = ({ event }: RecordedEvent) =>
    event.type === 'TaskChanged' && event.stopped?.stopCode === 'EssentialContainerExited';
  return recorded.find(isCrash)?.recordedAt ?? (0 as Instant);
}

describe('rewind audit', () => {
  it('tells what was learnt when, what it tipped, what was called, and that every decision holds', async () => {
    const { code, stdout } = await rewindHere(['audit', 'prod/web']);
    expect(code).toBe(0);
    const lines = stdout.split('\n').map((line) => line.trim());
    expect(lines[0]).toMatch(/^prod\/web to web:2 +rolled back$/);
    const text = lines.join(' ');
    for (const told of [
      /CloudTrail UpdateService with web:2 by \S+user\/deployer/,
      /took the rollout up; web:1 is stable; policy [0-9a-f]{8}: enforce, evidence of 10 to 1/,
      /task [0-9a-f]{8} DEPROVISIONING: essential-container-exited: .*?; 1 of \d failed/,
      /verdict failed \(TaskFailures\): .* times likelier .* tipped by [0-9a-f-]{36}/,
      /requests the rollback to web:1, attempt 1 by owner-\d+ until /,
      /calls StopServiceDeployment, and ECS accepts it \(request \S+\); back to web:1/,
      /; LATE; 2 of \d failed/,
      'PENDING; known already',
      'concludes: rolledBack (RollbackSettled)',
      /verified +\d+ decisions confirmed/,
    ]) {
      expect(text).toMatch(told);
    }
  });

  it('shows two states of knowledge just before and just after a late notification was learnt', async () => {
    const learntAt = firstCrashLearnt();
    const before = await audited('--at', formatInstant((learntAt - 1) as Instant));
    expect(before).toMatchObject({ phase: 'watching', verdict: null, outcome: null });
    const after = await audited('--at', formatInstant(learntAt));
    expect(after).toMatchObject({
      phase: 'rollingBack',
      verdict: { result: 'failed', reason: 'TaskFailures' },
    });
    const late = after.trail.find(({ mark }: { mark: string }) => mark === 'late');
    expect(late).toMatchObject({ learntAt: formatInstant(learntAt), source: 'notification' });
    // What it tips took place after it, and was known before it.
    expect(Date.parse(after.verdict.at)).toBeGreaterThan(Date.parse(late.tookPlaceAt));
    expect(Date.parse(after.verdict.at)).toBeLessThan(learntAt);
  });

  it('tells the same of an export', async () => {
    const file = `${files.path}/log.jsonl.gz`;
    await rewindHere(['export', service, '--output', file]);
    expect(await audited('--from', file)).toEqual(await audited());
  });
});

describe('rewind audit, asked for what it cannot do,', { concurrent: true }, () => {
  it.each([
    [64, 'name a SERVICE, or say --verify --all', []],
    [64, '--verify is of all rollouts', ['prod/web', 'ecs-svc/1', '--verify']],
    [64, '--since is of a service', ['prod/web', '--since', '7d', '--verify']],
    [65, 'the log tells of no rollout since', ['prod/web', '--since', '1m']],
    [64, '--announced needs --verify', ['prod/web', '--announced', 'kept.jsonl']],
    [
      64,
      '--announced tells of later decisions than --at',
      ['prod/web', '--verify', '--announced', 'kept.jsonl', '--at', '2026-01-01T00:00:00Z'],
    ],
    [65, 'the log tells of no such rollout of prod/web', ['prod/web', 'ecs-svc/1']],
    [
      65,
      'line 1: this is no line of an export',
      ['prod/web', '--from', files.write('raw.jsonl', '{"id": "1"}')],
    ],
    [66, 'there is no such file', ['prod/web', '--from', `${files.path}/none`]],
  ])('ends with %i: %s', async (code, sentence, parameters) => {
    const ended = await rewindHere(['audit', ...parameters]);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(sentence) });
  });
});

describe('rewind audit --verify', () => {
  const tables = () => DynamoDBDocumentClient.from(dynamoDb.client);
  const keyOf = (one: RecordedEvent) => ({ service, position: logKeyOf(one.event) });

  async function itemOf(one: RecordedEvent) {
    const { Item: item } = await tables().send(
      new GetCommand({ TableName: dynamoDb.tableName, Key: keyOf(one) }),
    );
    return item ?? {};
  }

  async function positionsThatDiffer(): Promise<string[]> {
    const positions: string[] = [];
    for await (const stream of auditedStreams({ at: null }, null)) {
      const differing = verifyStream(stream).decisions.filter(({ result }) => result === 'differs');
      positions.push(...differing.map((decision) => decision.position));
    }
    return positions;
  }

  const put = (item: object) =>
    tables().send(new PutCommand({ TableName: dynamoDb.tableName, Item: { ...item } }));

  it('finds nothing wrong with a log that nobody touched', async () => {
    const decisions = recorded.filter(({ event }) => isDecided(event)).length;
    expect(await rewind(['audit', '--verify', '--all'])).toEqual({
      code: 0,
      stderr: '',
      stdout: `prod/web  ${decisions} decisions: ${decisions} confirmed\n1 service, ${decisions} decisions: ${decisions} confirmed\n`,
    });
  });

  it('finds a log that was rewritten from some decision on by what had been announced (I9)', async () => {
    const decisions = recorded
      .filter(({ event }) => isDecided(event))
      .sort((a, b) => comparePlaces(a.event, b.event));
    const announcements = decisions.map(({ event }) => ({
      source: 'rewind',
      detail: { id: `${service}#${positionOf(event)}`, digest: (event as DecidedEvent).digest },
    }));
    // Somebody else's, on the same bus.
    announcements.push({ source: 'com.example', detail: { id: 'build-7', digest: 'sha256:0' } });
    const announced = files.write('bus.jsonl', announcements.map((one) => JSON.stringify(one)).join('\n'));
    const last = decisions.reduce((a, b) => (b.recordedAt >= a.recordedAt ? b : a));
    const { digest: _digest, ...said } = last.event as DecidedEvent;
    // A later instant, and a digest that fits: nothing in the log speaks against it.
    const rewritten = withDigest({ ...last, event: said, recordedAt: (last.recordedAt + 1) as Instant });
    const lines = recorded.map((one) => formatExportLine(one === last ? rewritten : one));
    const file = files.write('rewritten.jsonl', lines.join('\n'));
    const parameters = ['audit', '--verify', '--all', '--from', file];
    expect((await rewindHere(parameters)).code).toBe(0);
    const { code, stdout } = await rewindHere([...parameters, '--announced', announced]);
    expect(code).toBe(1);
    expect(stdout).toContain('it was announced as');
    expect(stdout).toContain(`at ${positionOf(last.event)}\n`);
  });

  it('names a decision that was made something else, and the last one too, where the story is told', async () => {
    const last = recorded.findLast(({ event }) => event.type === 'RolloutConcluded') as RecordedEvent;
    const changed = { ...last, event: { ...last.event, type: 'StackProbed' as const } } as RecordedEvent;
    const lines = recorded.map((one) => formatExportLine(one === last ? changed : one));
    const file = files.write('retyped.jsonl', lines.join('\n'));
    const { code, stdout } = await rewindHere(['audit', 'prod/web', '--from', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('it was a decision, and is now "StackProbed"');
    expect(stdout).toContain(`at ${logKeyOf(last.event)}\n`);
  });

  it('names a verdict that was changed where the story of its rollout is told', async () => {
    const verdict = recorded.find(({ event }) => event.type === 'VerdictReached') as RecordedEvent;
    const changed = { ...verdict, recordedAt: (verdict.recordedAt + 1) as Instant };
    const lines = recorded.map((one) => formatExportLine(one === verdict ? changed : one));
    const file = files.write('changed-verdict.jsonl', lines.join('\n'));
    const { deployment } = verdict.event as DecidedEvent;
    const { code, stdout } = await rewindHere(['audit', 'prod/web', deployment, '--from', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('VerdictReached differs');
    expect(stdout).toContain(`at ${logKeyOf(verdict.event)}\n`);
  });

  it('names the decision of which one byte was changed in the table (I9)', async () => {
    const verdict = recorded.find(({ event }) => event.type === 'VerdictReached') as RecordedEvent;
    const item = await itemOf(verdict);
    const found = [];
    // Wherever the byte stands: in what was compressed, or beside it.
    for (const change of [
      { body: flipped(item.body as Uint8Array, 40) },
      { body: flipped(item.body as Uint8Array, item.body.length - 3) },
      { recordedAt: item.recordedAt + 1 },
      { type: 'VerdictReacheD' },
    ]) {
      await put({ ...item, ...change });
      found.push(await positionsThatDiffer());
    }
    const position = logKeyOf(verdict.event);
    for (const positions of found) expect(positions).toContain(position);
    const { code, stdout } = await rewindHere(['audit', '--verify', '--all']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining(`at ${position}\n`) });
    await put(item);
    expect(await positionsThatDiffer()).toEqual([]);
  });
});

function flipped(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.map((byte, at) => (at === index ? byte ^ 1 : byte));
}
