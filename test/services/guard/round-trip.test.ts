import { type DeploymentConfiguration, DeploymentConfiguration$ } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBalancers } from '../../infra/ecs-simulator/hooked-service';
import { byName, GuardedAccount } from './guarded-account';

const common = {
  deploymentCircuitBreaker: {
    enable: true,
    rollback: true,
    resetOnHealthyTask: false,
    thresholdConfiguration: { type: 'COUNT', value: 7 },
  },
  alarms: { alarmNames: ['errors', 'slow'], enable: true, rollback: false },
  maximumPercent: 150,
  minimumHealthyPercent: 50,
  bakeTimeInMinutes: 3,
} satisfies DeploymentConfiguration;
const hook = {
  targetType: 'PAUSE' as const,
  lifecycleStages: ['POST_SCALE_UP' as const],
  hookDetails: { ticket: ['A-1', 2, null] },
  timeoutConfiguration: { timeoutInMinutes: 31, action: 'CONTINUE' as const },
};
/** Every field that the SDK knows is set to something that is no default in one of them. */
const full: { readonly [strategy: string]: DeploymentConfiguration } = {
  rolling: {
    ...common,
    strategy: 'ROLLING',
    earlySuccessCriteria: { enable: true, healthyPercent: 80, sourceServiceRevisionCleanup: 'DEFERRED' },
  },
  canary: {
    ...common,
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 21.5, canaryBakeTimeInMinutes: 9 },
    lifecycleHooks: [hook],
  },
  linear: {
    ...common,
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent: 33.3, stepBakeTimeInMinutes: 2 },
    lifecycleHooks: [hook],
  },
  bluegreen: { ...common, strategy: 'BLUE_GREEN', lifecycleHooks: [hook] },
};
/** What is declared, one field at a time, and what only that changes. */
const declared: { readonly [field in keyof DeploymentConfiguration]: object | number } = {
  deploymentCircuitBreaker: { rollback: false },
  alarms: { rollback: true },
  maximumPercent: 175,
  minimumHealthyPercent: 60,
  bakeTimeInMinutes: 9,
  canaryConfiguration: { canaryPercent: 30 },
  linearConfiguration: { stepPercent: 40 },
  lifecycleHooks: [{ ...hook, lifecycleStages: ['PRE_SCALE_UP'] }],
  earlySuccessCriteria: { healthyPercent: 90 },
};
const cases = Object.entries(full).flatMap(([kind, configuration]) =>
  Object.entries(declared)
    .filter(([field]) => field in configuration)
    .map(([field, value]) => ({ name: `${kind}-${field}`, configuration, field, value })),
);
const policy = [
  'services:',
  ...cases.map(
    ({ name, field, value }) => `  - { match: prod/${name}, native: ${JSON.stringify({ [field]: value })} }`,
  ),
].join('\n');

let account: GuardedAccount;
let before: Map<string, DeploymentConfiguration>;
const names = cases.map(({ name }) => name);
beforeAll(async () => {
  account = await GuardedAccount.start();
  const taskDefinition = await account.ecs.register();
  for (const { name, configuration } of cases) {
    const deploymentConfiguration = configuration;
    await account.ecs.create({
      serviceName: name,
      taskDefinition,
      loadBalancers,
      desiredCount: 0,
      deploymentConfiguration,
    });
  }
  account.ecs.clock.advanceBy(86_400);
  before = await account.configurations(names);
});
afterAll(() => account?.stop());

describe('every field of a deployment configuration', () => {
  it('that the SDK knows is among these', () => {
    const known = [...(DeploymentConfiguration$[4] as string[])].sort();
    expect([...new Set(cases.flatMap(({ configuration }) => Object.keys(configuration)))].sort()).toEqual(
      known,
    );
    expect([...Object.keys(declared), 'strategy'].sort()).toEqual(known);
  });

  it('but the one that is declared is read back as it was', async () => {
    const outcomes = byName(await account.guard(policy, 'operator'));
    const after = await account.configurations(names);
    for (const { name, field, value } of cases) {
      expect([name, outcomes.get(name)?.outcome]).toEqual([name, 'applied']);
      const was = before.get(name) as { readonly [field: string]: object };
      const merged =
        Array.isArray(value) || typeof value === 'number' ? value : { ...was[field], ...Object(value) };
      expect([name, after.get(name)]).toEqual([name, { ...was, [field]: merged }]);
    }
  });

  it('is read back as it was when all is undone', async () => {
    const undone = await account.undo(policy);
    expect(undone.map(({ outcome }) => outcome)).toEqual(names.map(() => 'undone'));
    expect(await account.configurations(names)).toEqual(before);
  });

  it('goes with its strategy, and comes back with it', async () => {
    const linear =
      'services: [{ match: "prod/canary-alarms", native: { strategy: LINEAR, linearConfiguration: { stepPercent: 20 } } }]';
    const changed = byName(await account.guard(linear, 'operator')).get('canary-alarms');
    expect(changed).toMatchObject({ outcome: 'applied', because: null });
    const { canaryConfiguration: _gone, ...kept } = before.get('canary-alarms') ?? {};
    const shown = async () => (await account.configurations(['canary-alarms'])).get('canary-alarms');
    expect(await shown()).toEqual({
      ...kept,
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 6 },
    });
    expect((await account.plan(linear)).map(({ plan }) => plan.status)).not.toContain('change');
    await account.undo(linear);
    expect(await shown()).toEqual(before.get('canary-alarms'));
  });
});
