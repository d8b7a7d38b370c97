import type { CreateServiceCommandInput, DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partsOfService } from '../../../state-machines/log/identifiers';
import { byName, GuardedAccount } from './guarded-account';

const policy = `
services:
  - match: "prod/*"
    native: balanced
  - match: "prod/right-*"
    native: fast
  - match: "prod/free-*"
    native: none
`;
const fast: DeploymentConfiguration = {
  deploymentCircuitBreaker: {
    enable: true,
    rollback: true,
    resetOnHealthyTask: false,
    thresholdConfiguration: { type: 'COUNT', value: 2 },
  },
  bakeTimeInMinutes: 0,
};
/**
 * Somebody's own: half of it as declared, an alarm of their own, and fields that nobody declares.
 */
const other: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: true, rollback: false },
  alarms: { alarmNames: ['theirs'], enable: true, rollback: false },
  maximumPercent: 150,
  minimumHealthyPercent: 50,
  bakeTimeInMinutes: 5,
};
const kinds = {
  bare: 20,
  other: 10,
  right: 10,
  balanced: 6,
  busy: 5,
  codedeploy: 3,
  external: 1,
  free: 4,
  denied: 1,
};
const names = Object.entries(kinds).flatMap(([kind, count]) =>
  Array.from({ length: count }, (_, index) => `${kind}-${index}`),
);
const given: { readonly [kind: string]: Partial<CreateServiceCommandInput> } = {
  other: { deploymentConfiguration: other },
  right: { deploymentConfiguration: fast },
  codedeploy: { deploymentController: { type: 'CODE_DEPLOY' } },
  external: { deploymentController: { type: 'EXTERNAL' } },
};

let account: GuardedAccount;
let first: Map<string, DeploymentConfiguration>;
let started: number;
let outcomes: Map<string, string>;
beforeAll(async () => {
  account = await GuardedAccount.start({ throttles: true });
  const { ecs } = account;
  const taskDefinition = await ecs.register();
  const next = await ecs.register();
  for (const serviceName of names) {
    const [kind = ''] = serviceName.split('-');
    const targetGroupArn = kind === 'balanced' ? await account.targetGroup(serviceName) : null;
    await ecs.create({
      serviceName,
      desiredCount: 1,
      ...(kind === 'external' ? {} : { taskDefinition }),
      ...(targetGroupArn && {
        loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 80 }],
      }),
      ...given[kind],
    } as Parameters<typeof ecs.create>[0]);
    ecs.clock.advanceBy(1);
  }
  ecs.clock.advanceBy(900);
  for (const name of names.filter((one) => one.startsWith('busy')))
    await ecs.update({ service: name, taskDefinition: next });
  ecs.simulator.faults.deny({ operation: 'UpdateService', resource: 'denied-0' });
  ecs.clock.advanceBy(1);
  started = ecs.simulator.deploymentsStarted.length;
  first = await account.configurations(names);
}, 60_000);
afterAll(() => account?.stop());

const writes = () => account.ecs.simulator.calls.list('UpdateService').length;
const of = (kind: string) => names.filter((name) => name.startsWith(`${kind}-`));

describe('a cluster of sixty services in mixed states', () => {
  it('is planned exactly', async () => {
    const before = writes();
    const plans = byName((await account.plan(policy)).map(({ plan }) => plan));
    expect(plans.size).toBe(60);
    const statuses = new Map([...plans].map(([name, { status }]) => [name, status]));
    const expected = (name: string) =>
      ({
        right: 'right',
        busy: 'busy',
        codedeploy: 'unguardable',
        external: 'unguardable',
        free: 'undeclared',
      })[name.split('-')[0] ?? ''] ?? 'change';
    expect(statuses).toEqual(new Map([...plans.keys()].map((name) => [name, expected(name)])));
    const fields = (name: string) =>
      plans.get(name)?.changes.map(({ field, before, after }) => [field, before, after]);
    expect(fields('bare-0')).toEqual([
      ['deploymentCircuitBreaker.enable', false, true],
      ['deploymentCircuitBreaker.rollback', false, true],
      ['deploymentCircuitBreaker.resetOnHealthyTask', true, false],
      ['alarms.alarmNames', [], ['rewind/prod/bare-0/memory']],
      ['alarms.enable', false, true],
      ['alarms.rollback', false, true],
      ['bakeTimeInMinutes', 0, 5],
    ]);
    expect(fields('other-3')).toEqual([
      ['deploymentCircuitBreaker.rollback', false, true],
      ['deploymentCircuitBreaker.resetOnHealthyTask', true, false],
      ['alarms.alarmNames', ['theirs'], ['rewind/prod/other-3/memory', 'theirs']],
      ['alarms.rollback', false, true],
    ]);
    expect(plans.get('balanced-0')?.alarms.map(({ action, alarm }) => `${action} ${alarm.name}`)).toEqual([
      'create rewind/prod/balanced-0/target-5xx-rate',
      'create rewind/prod/balanced-0/unhealthy-hosts',
      'create rewind/prod/balanced-0/memory',
    ]);
    expect(plans.get('other-3')?.warnings.map(({ code }) => code)).toEqual([
      'AlarmMissing',
      'PresetDoesNotFit',
    ]);
    expect(writes()).toBe(before);
  });

  it('comes to what is declared, but for what cannot be changed', async () => {
    const before = writes();
    const guarded = await account.guard(policy, 'operator');
    outcomes = new Map([...byName(guarded)].map(([name, { outcome }]) => [name, outcome]));
    for (const name of [...of('bare'), ...of('other'), ...of('balanced')]) {
      expect([name, outcomes.get(name)]).toEqual([name, 'applied']);
    }
    expect(of('right').map((name) => outcomes.get(name))).toEqual(Array(10).fill('right'));
    expect(of('busy').map((name) => outcomes.get(name))).toEqual(Array(5).fill('busy'));
    expect(outcomes.get('denied-0')).toBe('failed');
    // One for each that differs and can be changed, and the one that is refused.
    expect(writes() - before).toBe(20 + 10 + 6 + 1);
  });

  it('has then nothing left to plan but for those', async () => {
    const left = (await account.plan(policy)).filter(
      ({ plan }) => !['right', 'undeclared'].includes(plan.status),
    );
    const shown = left.map(({ service, plan }) => [partsOfService(service).name, plan.status]);
    expect(new Map(shown as [string, string][])).toEqual(
      new Map([
        ...of('busy').map((name) => [name, 'busy'] as const),
        ...of('codedeploy').map((name) => [name, 'unguardable'] as const),
        ['external-0', 'unguardable'],
        ['denied-0', 'change'],
      ]),
    );
  });

  it('keeps every field that nobody declared', async () => {
    const now = await account.configurations(of('other'));
    for (const name of of('other')) {
      expect(now.get(name)).toMatchObject({ maximumPercent: 150, minimumHealthyPercent: 50 });
      expect(now.get(name)?.deploymentCircuitBreaker?.thresholdConfiguration).toEqual({
        type: 'BOUNDED_PERCENT',
        value: 50,
      });
    }
  });

  it('is mended within one period of the scheduled guard where somebody undid it', async () => {
    const { ecs } = account;
    await ecs.update({
      service: 'bare-7',
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } },
    });
    const before = writes();
    const guarded = byName(await account.guard(policy));
    expect(guarded.get('bare-7')).toMatchObject({
      outcome: 'applied',
      drifted: ['deploymentCircuitBreaker.enable', 'deploymentCircuitBreaker.rollback'],
    });
    // The refused one is not asked for again.
    expect(writes() - before).toBe(1);
    const events = await account.events('bare-7');
    expect(events.map(({ type }) => type)).toEqual([
      'ProtectionObserved',
      'ProtectionRequested',
      'ProtectionApplied',
      'ProtectionDrifted',
      'ProtectionRequested',
      'ProtectionApplied',
    ]);
    expect((await account.configurations(['bare-7'])).get('bare-7')).toMatchObject({
      deploymentCircuitBreaker: { enable: true, rollback: true },
    });
  });

  it('gets those with a rollout when that is over', async () => {
    account.ecs.clock.advanceBy(900);
    const guarded = byName(await account.guard(policy));
    expect(of('busy').map((name) => guarded.get(name)?.outcome)).toEqual(Array(5).fill('applied'));
  });

  it('is taken back to its first state, field by field, with no alarm of the guard left', async () => {
    expect((await account.alarmNames()).length).toBeGreaterThan(0);
    const undone = byName(await account.undo(policy));
    const touched = [...of('bare'), ...of('other'), ...of('balanced'), ...of('busy')];
    expect(touched.map((name) => undone.get(name)?.outcome)).toEqual(touched.map(() => 'undone'));
    expect(of('right').map((name) => undone.get(name)?.outcome)).toEqual(Array(10).fill('untouched'));
    const effect = (shown: Map<string, DeploymentConfiguration>) =>
      names.map((name) => [name, withEmptyAlarms(shown.get(name))]);
    expect(effect(await account.configurations(names))).toEqual(effect(first));
    expect(await account.alarmNames()).toEqual([]);
  });

  it('stays undone until somebody applies again', async () => {
    const before = writes();
    const guarded = byName(await account.guard(policy));
    expect(guarded.get('bare-0')?.outcome).toBe('released');
    expect(writes()).toBe(before);
    const again = byName(await account.guard(policy, 'operator'));
    expect(again.get('bare-0')?.outcome).toBe('applied');
  });

  it('has seen no deployment start by any of it', () => {
    expect(account.ecs.simulator.deploymentsStarted).toHaveLength(started);
  });
});

/** A service that never had alarms shows none; one that had some shows that it has none now. */
function withEmptyAlarms(configuration: DeploymentConfiguration = {}): DeploymentConfiguration {
  return { alarms: { alarmNames: [], enable: false, rollback: false }, ...configuration };
}
