import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalTable } from '../../../../infra/local/aws/dynamodb/dynamodb';
import { EveningAccount } from '../../../evening/evening-account';
import { openOwnTable } from '../../../fixtures/own-table';

interface Story {
  readonly is: string;
  /** Of what is deployed; else it is healthy. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of what it ran before. */
  readonly stableLabels?: Readonly<Record<string, string>>;
  readonly desiredCount?: number;
  /** How it is deployed. */
  readonly update?: object;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  /** What somebody does a few seconds behind its deployment. */
  readonly meanwhile?: () => Promise<unknown> | unknown;
  /** The command waits for no end of it. */
  readonly options?: readonly string[];
  readonly code: number;
  readonly line: RegExp;
}

const crash = (after: number) => ({ 'rewind.behaviour': 'crash', 'rewind.crash-after': `${after}` });
const gated = (timeoutInMinutes: number) => ({
  serviceConnectConfiguration: { enabled: true, namespace: 'shop' },
  deploymentConfiguration: { ...blueGreen, lifecycleHooks: [hook(timeoutInMinutes)] },
});
const slowToFail = [
  { key: 'rewind:failureRule', value: 'percent' },
  { key: 'rewind:minimumFailures', value: '20' },
];
const blueGreen = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 };
const hook = (timeoutInMinutes: number) => ({
  targetType: 'PAUSE',
  lifecycleStages: ['POST_SCALE_UP'],
  timeoutConfiguration: { timeoutInMinutes, action: 'ROLLBACK' },
});

/** What ECS and Rewind do, and what whoever waits for it is answered: operator.md has the table. */
const stories: Readonly<Record<string, Story>> = {
  good: { is: 'passes', code: 0, line: /^✔ prod\/good: good:2 passed: nothing spoke against it for/ },
  bad: {
    is: 'fails while ECS works on it',
    labels: crash(5),
    code: 1,
    line: /^✖ prod\/bad: bad:2 failed: .*; the service is back on bad:1, by Rewind$/,
  },
  late: {
    is: 'fails in its bake, when ECS has called it complete',
    labels: crash(150),
    code: 1,
    line: /^✖ prod\/late: late:2 failed: .*; the service is back on late:1, by Rewind$/,
  },
  broken: {
    is: 'is taken back by the circuit breaker of ECS',
    labels: crash(5),
    // Else Rewind is the first.
    tags: slowToFail,
    update: { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
    code: 1,
    line: /^✖ prod\/broken: broken:2 failed: .*; the service is back on broken:1, by ECS$/,
  },
  alarmed: {
    is: 'is taken back by ECS for an alarm',
    update: { deploymentConfiguration: { alarms: { alarmNames: ['5xx'], enable: true, rollback: true } } },
    meanwhile: () =>
      account.call('SetAlarmState', { AlarmName: '5xx', StateValue: 'ALARM', StateReason: '' }),
    code: 1,
    line: /^✖ prod\/alarmed: alarmed:2 failed: .*; the service is back on alarmed:1, by ECS$/,
  },
  hooked: {
    is: 'is taken back by a hook that nobody answers',
    update: gated(2),
    code: 1,
    line: /^✖ prod\/hooked: hooked:2 failed: .*; the service is back on hooked:1, by ECS$/,
  },
  stopped: {
    is: 'is taken back by a person',
    meanwhile: () => {
      const listed = account.call('ListServiceDeployments', { cluster: 'prod', service: 'stopped' });
      const [{ serviceDeploymentArn }] = listed.serviceDeployments as [{ serviceDeploymentArn: string }];
      return account.call('StopServiceDeployment', { serviceDeploymentArn });
    },
    code: 1,
    line: /^✖ prod\/stopped: stopped:2 failed: .*; the service is back on stopped:1, by an operator$/,
  },
  watched: {
    is: 'fails where Rewind only observes',
    labels: crash(5),
    tags: [{ key: 'rewind:mode', value: 'observe' }],
    code: 3,
    line: /^✖ prod\/watched: watched:2 failed, and it still runs \(observe mode\): .*; somebody is needed$/,
  },
  refused: {
    is: 'fails where AWS refuses the way back',
    labels: crash(150),
    meanwhile: () => account.simulator.faults.deny({ operation: 'UpdateService', resource: 'refused' }),
    code: 3,
    line: /^✖ prod\/refused: refused:2 failed, and it still runs, because the way back was refused or held: .*; somebody is needed$/,
  },
  frozen: {
    is: 'fails where somebody has frozen rollbacks',
    labels: crash(5),
    meanwhile: () =>
      account.rewind(['freeze', 'prod/frozen', '--scope', 'rollbacks', '--reason', 'Black Friday', '--yes'], {
        AWS_ACCESS_KEY_ID: 'cleo',
      }),
    code: 3,
    line: /^✖ prod\/frozen: frozen:2 failed, and it still runs, because the way back was refused or held: .*; somebody is needed$/,
  },
  unproven: {
    is: 'fails with nowhere to go back to',
    stableLabels: crash(5),
    labels: crash(5),
    code: 3,
    line: /^✖ prod\/unproven: unproven:2 failed, and it still runs, with nowhere to go back to: .*; somebody is needed$/,
  },
  empty: {
    is: 'has no task to run',
    desiredCount: 0,
    code: 4,
    line: /^\? prod\/empty: empty:2 ended without a verdict: /,
  },
  replaced: {
    is: 'is replaced by a newer deployment',
    code: 5,
    line: /^» prod\/replaced: a newer deployment took the place of replaced:2$/,
  },
  gated: {
    is: 'waits at a gate, where that is awaited',
    update: gated(600),
    options: ['--until', 'gate'],
    code: 0,
    line: /^✔ prod\/gated: ECS waits at a gate of POST_SCALE_UP until .*: rewind promote prod\/gated lets/,
  },
};

let table: LocalTable;
let account: EveningAccount;
const deployments = new Map<string, string>();
beforeAll(async () => {
  table = await openOwnTable();
  account = await EveningAccount.start(table);
  account.call('CreateCluster', { clusterName: 'prod' });
  account.call('PutMetricAlarm', alarm);
  for (const [name, story] of Object.entries(stories)) {
    register(name, story.stableLabels ?? {});
    const own = { desiredCount: story.desiredCount ?? 2, tags: story.tags ?? [] };
    account.call('CreateService', { cluster: 'prod', serviceName: name, taskDefinition: name, ...own });
  }
  await account.pass(600);
  for (const [name, story] of Object.entries(stories)) deployments.set(name, deploy(name, story));
  await account.pass(5);
  deploy('replaced', {});
  for (const { meanwhile } of Object.values(stories)) await meanwhile?.();
}, 120_000);
afterAll(async () => {
  await account?.stop();
  await table?.stop();
});

const alarm = {
  ...{ AlarmName: '5xx', Namespace: 'shop', MetricName: '5xx', Statistic: 'Sum', Period: 60 },
  ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
};

function register(family: string, dockerLabels: Readonly<Record<string, string>>): void {
  const containerDefinitions = [{ name: 'app', image: 'shop/web:1', dockerLabels }];
  account.call('RegisterTaskDefinition', { family, containerDefinitions });
}

function deploy(name: string, { labels = {}, update = {} }: Pick<Story, 'labels' | 'update'>): string {
  register(name, labels);
  const deployed = { cluster: 'prod', service: name, taskDefinition: name, ...update };
  const { service } = account.call('UpdateService', deployed);
  return (service as { deployments: { id: string }[] }).deployments[0]?.id ?? '';
}

const ci = { AWS_ACCESS_KEY_ID: 'ci' };
const wait = (name: string, ...options: string[]) =>
  account.rewind(['wait', `prod/${name}`, '--timeout', '25m', ...options], ci);

describe('rewind wait, for a rollout', () => {
  it('R111 that ECS calls complete: 0 only where that is asked for, and it is said that nobody judged it', async () => {
    const { code, output } = await wait('late', '--until', 'completed');
    expect(code).toBe(0);
    expect(output).toMatch(
      /✔ prod\/late: ECS calls late:2 complete; it is not judged before 2026-11-26 1[67]:\d\d:\d\d UTC\n$/,
    );
  });

  it.each(Object.entries(stories).map(([name, story]) => ({ name, ...story })))(
    'R110 that $is: $code',
    async ({ name, options = [], code, line }) => {
      const ended = await wait(name, '--deployment', deployments.get(name) ?? '', ...options);
      expect({ code: ended.code, output: ended.output }).toEqual({ code, output: expect.anything() });
      const lines = ended.output.trimEnd().split('\n');
      const last = lines.filter((one) => !/^ |^why: rewind audit prod\//.test(one)).at(-1);
      expect(last).toMatch(line);
      expect(lines.at(-1)?.startsWith('why: ')).toBe(code !== 0);
    },
  );

  it('R110 that waits at a gate until the time is over: 124, and every line is said once', async () => {
    const deployment = deployments.get('gated') ?? '';
    const { code, output } = await wait('gated', '--deployment', deployment, '--timeout', '3m');
    expect(code).toBe(124);
    expect(output.match(/ECS waits at a gate of POST_SCALE_UP until 2026-11-27 0\d:/g)).toHaveLength(1);
    expect(output).toMatch(
      /… prod\/gated: gated:2 still goes on, .*; wait on with rewind wait prod\/gated --deployment ecs-svc\/\d+\nwhy: /,
    );
  });

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
