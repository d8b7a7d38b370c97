import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { columnsOf } from '../../../../services/cli/terminal/text-layout';
import { EveningAccount } from '../../../evening/evening-account';
import { openOwnTable } from '../../../fixtures/own-table';

const name = `${'long-'.repeat(50)}name1`;
const family = `family-${'x'.repeat(120)}`;
const subject = 'お支払いを再試行する\u001b[31m 💳 and many more words than stand in any line of a table';

let table: LocalTable;
let account: EveningAccount;
beforeAll(async () => {
  table = await openOwnTable();
  account = await EveningAccount.start(table);
  account.call('CreateCluster', { clusterName: 'prod' });
  for (const image of ['shop/web:1', 'shop/web:2']) {
    const app = { name: 'app', image, environment: [{ name: 'WORDS', value: 'many' }] };
    account.call('RegisterTaskDefinition', { family, containerDefinitions: [app] });
  }
  const service = { serviceName: name, taskDefinition: `${family}:1`, desiredCount: 1 };
  account.call('CreateService', { cluster: 'prod', ...service });
  await account.pass(1800);
  const deploy = ['deploy', 'prod/*', '--task-definition', '2', '--commit', 'c0ffee1', '--subject', subject];
  await account.rewind([...deploy, '--reason', 'a reason\nof two lines', '--yes'], who);
  await account.pass(1800);
}, 120_000);
afterAll(async () => {
  await account?.stop();
  await table?.stop();
});

const who = { AWS_ACCESS_KEY_ID: 'ada' };
const commands = [
  ['status'],
  ['status', `prod/${name}`],
  ['history', `prod/${name}`],
  ['diff', `prod/${name}`, '1', '2'],
  ['rollback', `prod/${name}`, '--list'],
  ['audit', `prod/${name}`],
  ['wait', `prod/${name}`],
  ['watch', `prod/${name}`],
  ['wait', '--help'],
] as const;

describe('what commands write', () => {
  it.each([60, 80, 120, 200].flatMap((columns) => commands.map((command) => ({ columns, command }))))(
    'R134 fits a terminal of $columns columns: rewind $command.0',
    async ({ columns, command }) => {
      const { output } = await account.rewind(command, who, columns);
      const wide = output.split('\n').filter((line) => columnsOf(line) > columns);
      expect(wide).toEqual([]);
      expect(output).not.toContain('\u001b');
    },
  );

  it('R134 tells why below a rollout where that does not fit beside it', async () => {
    const { output } = await account.rewind(['history', `prod/${name}`], who, 60);
    expect(output.split('\n').map((line) => line.trim())).toContain('"a reason of two lines"');
  });

  it('R134 is not cut in a pipe', async () => {
    for (const command of commands.slice(0, 5)) {
      const { output } = await account.rewind(command, who);
      expect(output, command.join(' ')).not.toContain('…');
      expect(output.includes(name) || command[0] === 'audit').toBe(true);
    }
    const { output } = await account.rewind(['history', `prod/${name}`], who);
    expect(output).toContain('c0ffee1 お支払いを再試行する');
  });
});
