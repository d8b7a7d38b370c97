import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { EveningAccount } from '../../../evening/evening-account';
import { openOwnTable } from '../../../fixtures/own-table';

let table: LocalTable;
let account: EveningAccount;
beforeAll(async () => {
  table = await openOwnTable();
  account = await EveningAccount.start(table);
}, 60_000);
afterAll(async () => {
  await account?.stop();
  await table?.stop();
});

const doctor = (...options: string[]) =>
  account.rewind(['doctor', '--no-probe', ...options], { AWS_ACCESS_KEY_ID: 'ada' });

describe('rewind doctor', () => {
  it('S10 looks at the only stack that there is, or at the one that is named', async () => {
    const { output } = await doctor('--format', 'json');
    expect(JSON.parse(output)).toMatchObject({ stack: 'rewind-local', findings: expect.any(Array) });
    const missing = await doctor('--stage', 'prod');
    expect(missing.output).toMatch(/^✗ stack {6}there is no stack rewind-prod\n/);
    const named = await doctor('--stack', 'rewind-local', '--format', 'json');
    expect(JSON.parse(named.output).stack).toBe('rewind-local');
  });

  it('S14 says in a sentence that nobody listens, as every command does', async () => {
    const { code, output } = await doctor('--endpoint-url', 'http://127.0.0.1:9');
    expect({ code, output }).toEqual({
      code: 69,
      output:
        'the stacks of CloudFormation cannot be read: nobody listens there (ECONNREFUSED 127.0.0.1:9)\n',
    });
  });
});
