import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dynamoDbEventLog } from '../../../../services/event-log/dynamodb-event-log';
import { instantFrom } from '../../../../state-machines/log/instant';
import { openOwnTable } from '../../../fixtures/own-table';
import { rewindHere } from '../rewind-here';

/**
 * Exports of one service's log by older versions of Rewind, as they wrote them: web:1 passes, web:2
 * fails and is taken back. Reducer 2 judged by a share of failed tasks, reducer 7 by evidence under
 * an earlier prior.
 */
const logs = [
  'crash-at-once-by-reducer-2',
  'crash-in-the-bake-by-reducer-2',
  'crash-at-once-by-reducer-7',
] as const;

function fileOf(log: string): string {
  return path.join(import.meta.dirname, '../../../fixtures/older-logs', `${log}.jsonl.gz`);
}

describe('a log that an older Rewind wrote', () => {
  it.each(logs)('%s: every decision is confirmed, or named as made under earlier rules (I9)', async (log) => {
    const { code, stdout } = await rewindHere(['audit', '--verify', '--all', '--from', fileOf(log)]);
    expect(code).toBe(0);
    const told = /(\d+) decisions: (\d+) confirmed(?:, (\d+) that cannot be told)?\n$/.exec(stdout) ?? [];
    const [decisions, confirmed, named] = told.slice(1).map((count) => Number(count ?? 0));
    expect(decisions).toBe(13);
    expect(confirmed).toBeGreaterThan(0);
    expect((confirmed ?? 0) + (named ?? 0)).toBe(decisions);
    const because = stdout.match(/cannot be told: it was made by reducer \d+; this Rewind has \d+/g) ?? [];
    expect(because).toHaveLength(named ?? 0);
  });

  it.each(logs)('%s: is replayed to the verdicts and ends on record (I2)', async (log) => {
    const { code, stdout } = await rewindHere(['replay', fileOf(log), '--format', 'json']);
    expect(code).toBe(0);
    const { rollouts } = JSON.parse(stdout) as { rollouts: object[] };
    const passed = {
      taskDefinition: expect.stringMatching(/web:1$/),
      verdict: { result: 'passed', reason: 'BakePassed' },
      outcome: 'succeeded',
    };
    const takenBack = {
      taskDefinition: expect.stringMatching(/web:2$/),
      verdict: { result: 'failed', reason: 'TaskFailures' },
      rollback: { by: 'rewind', target: expect.stringMatching(/web:1$/) },
      outcome: 'rolledBack',
    };
    expect(rollouts).toMatchObject([passed, takenBack, passed]);
  });

  it('is named by history, for which no rollout was kept in short then', async () => {
    const dynamoDb = await openOwnTable();
    onTestFinished(() => dynamoDb.stop());
    const log = dynamoDbEventLog({ client: dynamoDb.client, table: dynamoDb.tableName });
    const lines = gunzipSync(readFileSync(fileOf(logs[0])))
      .toString()
      .trimEnd()
      .split('\n');
    for (const line of lines) {
      const { event, recordedAt, notification } = JSON.parse(line);
      await log.append({
        event,
        recordedAt: instantFrom(Date.parse(recordedAt)),
        notification: JSON.stringify(notification),
      });
    }
    Object.assign(process.env, dynamoDb.environment, { REWIND_TABLE: dynamoDb.tableName });
    const { code, stdout } = await rewindHere(['history', 'prod/web']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/one that an older Rewind concluded: rewind audit prod\/web\n$/);
  });
});
