import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalDynamoDb } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { EveningAccount } from '../../../evening/evening-account';
import { openOwnTable } from '../../../fixtures/own-table';

interface Story {
  readonly is: string;
  /** Of what is deployed; else it is healthy. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly service?: object;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly code: number;
  readonly line: RegExp;
}

const crash = (after: number) => ({ 'rewind.behaviour': 'crash', 'rewind.crash-after': `${after}` });
const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

/** What ECS and Rewind do, and what whoever waits for it is answered: operator.md has the table. */
const stories: Readonly<Record<string, Story>> = {
  good: { is: 'passes', code: 0, line: /^✔ prod\/good: good:2 passed: nothing spoke against it for/ },
  bad: {
    is: 'fails while ECS works on it',
    labels: crash(5),
    code: 1,
    line: /^✖ prod\/bad: bad:2 failed: .*; the service is back on bad:1$/,
  },
  late: {
    is: 'fails in its bake, when ECS has called it complete',
    labels: crash(150),
    code: 1,
    line: /^✖ prod\/late: late:2 failed: .*; the service is back on late:1$/,
  },
  broken: {
    is: 'is taken back by the circuit breaker of ECS',
    labels: crash(5),
    service: breaker,
    code: 1,
    line: /^✖ prod\/broken: broken:2 failed: .*; the service is back on broken:1$/,
  },
  watched: {
    is: 'fails where Rewind only observes',
    labels: crash(5),
    tags: [{ key: 'rewind:mode', value: 'observe' }],
    code: 3,
    line: /^✖ prod\/watched: watched:2 failed, and it still runs: .*; somebody is needed$/,
  },
  empty: {
    is: 'has no task to run',
    service: { desiredCount: 0 },
    code: 4,
    line: /^\? prod\/empty: empty:2 ended without a verdict: /,
  },
  replaced: {
    is: 'is replaced by a newer deployment',
    code: 5,
    line: /^» prod\/replaced: a newer deployment took the place of replaced:2$/,
  },
};

let table: LocalDynamoDb;
let account: EveningAccount;
const deployments = new Map<string, string>();
beforeAll(async () => {
  table = await openOwnTable();
  account = await EveningAccount.start(table);
  account.call('CreateCluster', { clusterName: 'prod' });
  for (const [name, story] of Object.entries(stories)) {
    register(name, {});
    const own = { desiredCount: 2, tags: story.tags ?? [], ...story.service };
    account.call('CreateService', { cluster: 'prod', serviceName: name, taskDefinition: name, ...own });
  }
  await account.pass(1800);
  for (const [name, { labels = {} }] of Object.entries(stories)) deployments.set(name, deploy(name, labels));
  await account.pass(5);
  deploy('replaced', {});
}, 60_000);
afterAll(async () => {
  await account?.stop();
  await table?.stop();
});

function register(family: string, dockerLabels: Readonly<Record<string, string>>): void {
  const containerDefinitions = [{ name: 'app', image: 'shop/web:1', dockerLabels }];
  account.call('RegisterTaskDefinition', { family, containerDefinitions });
}

function deploy(name: string, labels: Readonly<Record<string, string>>): string {
  register(name, labels);
  const { service } = account.call('UpdateService', { cluster: 'prod', service: name, taskDefinition: name });
  return (service as { deployments: { id: string }[] }).deployments[0]?.id ?? '';
}

const ci = { AWS_ACCESS_KEY_ID: 'ci' };
const wait = (name: string, ...options: string[]) =>
  account.rewind(['wait', `prod/${name}`, '--timeout', '25m', ...options], ci);

describe('rewind wait, for a rollout', () => {
  it('R111 that ECS calls complete: 0 only where that is asked for, and it is said that nobody judged it', async () => {
    const { code, output } = await wait('late', '--until', 'completed');
    expect(code).toBe(0);
    expect(output).toMatch(/✔ prod\/late: ECS calls late:2 complete; it is not judged yet\n$/);
  });

  it.each(Object.entries(stories).map(([name, story]) => ({ name, ...story })))(
    'R110 that $is: $code',
    async ({ name, code, line }) => {
      const ended = await wait(name, '--deployment', deployments.get(name) ?? '');
      expect({ code: ended.code, output: ended.output }).toEqual({ code, output: expect.anything() });
      const lines = ended.output.trimEnd().split('\n');
      const last = lines.filter((one) => !/^ |^why: rewind audit prod\//.test(one)).at(-1);
      expect(last).toMatch(line);
      expect(lines.at(-1)?.startsWith('why: ')).toBe(code !== 0);
    },
  );

  it('R115 whose notifications are all lost: 7, and never 0', async () => {
    account.isDeaf = true;
    const deployment = deploy('good', {});
    const { code, output } = await wait('good', '--deployment', deployment);
    expect(code).toBe(7);
    expect(output).toMatch(
      /\? prod\/good: Rewind knows nothing of ecs-svc\/\d+, though ECS works on it no more\n$/,
    );
    const byEcs = await wait('good', '--deployment', deployment, '--ecs-only');
    expect(byEcs).toMatchObject({ code: 0, output: expect.stringContaining('ECS calls') });
  });
});
