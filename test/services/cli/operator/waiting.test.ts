import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { columnsOf } from '../../../../services/cli/terminal/text-layout';
import { EveningAccount } from '../../../evening/evening-account';
import { openOwnTable } from '../../../fixtures/own-table';

let table: LocalTable;
let account: EveningAccount;
beforeAll(async () => {
  table = await openOwnTable();
  account = await EveningAccount.start(table);
  account.call('CreateCluster', { clusterName: 'prod' });
  deploy('CreateService', { serviceName: 'web', desiredCount: 2 });
  await account.pass(1800);
}, 60_000);
afterAll(async () => {
  await account?.stop();
  await table?.stop();
});

function deploy(operation: string, input: object, dockerLabels: Record<string, string> = {}): void {
  account.call('RegisterTaskDefinition', {
    family: 'web',
    containerDefinitions: [{ name: 'app', image: 'shop/web:1', dockerLabels }],
  });
  account.call(operation, { cluster: 'prod', taskDefinition: 'web', ...input });
}

/** The SDK tries each call once: it waits on the wall between two tries. */
const who = { AWS_ACCESS_KEY_ID: 'ci', AWS_MAX_ATTEMPTS: '1' };
const wait = (...options: string[]) => account.rewind(['wait', 'prod/web', ...options], who);

describe('rewind wait', () => {
  it('R116 goes on behind a minute in which ECS throttles every call, and one without a network', async () => {
    deploy('UpdateService', { service: 'web' });
    await account.pass(5);
    const error = 'ThrottlingException';
    account.after(10, () => {
      const fault = { operation: 'DescribeServices', error, message: 'Rate exceeded' } as const;
      account.after(60, account.simulator.faults.fail(fault));
    });
    account.after(90, () => account.unplug(60));
    const { code, output } = await wait('--timeout', '25m');
    expect(code).toBe(0);
    const complaints = output.split('\n').filter((line) => line.endsWith('it is asked again'));
    expect(complaints).toEqual([
      expect.stringContaining('ThrottlingException'),
      expect.stringMatching(/the connection broke off|nobody listens there/),
    ]);
    expect(output).toMatch(/✔ prod\/web: web:2 passed: /);
  });

  it('R116 ends with 124 where the time is over, whether AWS answers or not', async () => {
    deploy('UpdateService', { service: 'web' });
    await account.pass(5);
    const late = await wait('--timeout', '60s');
    expect(late).toMatchObject({ code: 124, output: expect.stringContaining('web:3 still goes on') });
    const end = account.simulator.faults.deny({ operation: 'DescribeServices' });
    const denied = await wait('--timeout', '60s');
    end();
    expect(denied.code, 'the right is missing: that does not pass').toBe(77);
  });
});

describe('rewind watch', () => {
  it('R130 tells of facts that came late, behind what it knew already, within one look', async () => {
    await account.pass(1800);
    let isNewer = 0;
    let isHolding = false;
    account.isHeldBack = ({ detail }) => {
      const isHeld = detail.stopCode === 'EssentialContainerExited';
      if (isHeld) isHolding = true;
      else if (isHolding) isNewer += 1;
      return isHeld;
    };
    deploy('UpdateService', { service: 'web' }, { 'rewind.behaviour': 'crash', 'rewind.crash-after': '20' });
    let newer = 0;
    let letGoAt = 0;
    account.after(100, () => {
      newer = isNewer;
      letGoAt = account.now;
      account.letGo();
    });
    const { code, output } = await account.rewind(['watch', 'prod/web', '--exit-code'], who);
    expect(newer, 'what took place later was told before').toBeGreaterThan(0);
    expect(code).toBe(1);
    const [, time = ''] = /^(\S+ \S+) UTC {2}prod\/web {2}web:4 .*failed/m.exec(output) ?? [];
    const seconds = (Date.parse(`${time}Z`) - letGoAt) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds, output).toBeLessThanOrEqual(3);
    const continued = output.split('\n').filter((line) => !/^(\d{4}-| {2}|$)/.test(line));
    expect(continued, 'a change is a line').toEqual([]);
  });
});

describe('a revision that failed here, deployed again', () => {
  it('S9 is said to have failed here, by wait and by status, until it is judged anew', async () => {
    await account.pass(1800);
    account.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: 'web:4' });
    await account.pass(5);
    const { output } = await wait('--timeout', '25m');
    expect(output).toMatch(/web:4 ⟳ being rolled out, which failed here when it was last judged$/m);
    expect(output).toMatch(/web:4 . .*failed/);
    const narrow = await account.rewind(['wait', 'prod/web', '--timeout', '5s'], who, 60);
    const words = (text: string) => text.split(/\s+/).filter((word) => !/^\d\d:/.test(word));
    const piped = await wait('--timeout', '5s');
    expect(words(narrow.output), 'R134 no word is broken').toEqual(words(piped.output));
    const wide = narrow.output.split('\n').filter((line) => columnsOf(line) > 60);
    expect(wide.filter((line) => !line.startsWith('why: '))).toEqual([]);
    account.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: 'web:4' });
    await account.pass(5);
    const status = await account.rewind(['status', 'prod/web'], who);
    expect(status.output).toMatch(/^ {2}again +web:4 failed here when it was last judged$/m);
    let shown = '';
    for (let looks = 0; looks < 60 && !shown.includes('↩ going back'); looks += 1) {
      await account.pass(5);
      shown = (await account.rewind(['status', 'prod/web'], who)).output;
    }
    expect(shown).toMatch(/^ {2}runs +on the way back to web:3 /m);
  });
});
