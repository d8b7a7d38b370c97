import { describe, expect, it } from 'vitest';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import {
  type DeclaredProtection,
  overlayDeclaration,
  type ProtectionPart,
  undeclared,
} from '../../../state-machines/protection/configuration';
import { parametersToChange } from '../../../state-machines/protection/effective-configuration';
import type {
  ObservedAlarm,
  ObservedProtection,
} from '../../../state-machines/protection/observed-protection';
import { planProtection } from '../../../state-machines/protection/plan';
import { profiles } from '../../../state-machines/protection/profiles';
import { alarmNamesToRead } from '../../../state-machines/protection/service-declaration';
import { unprotectedService } from './unprotected-service';

const behindAlb: Partial<ObservedProtection> = {
  loadBalancers: [{ hasAdvancedConfiguration: false }],
  targetGroups: [{ targetGroup: 'targetgroup/web/1', loadBalancer: 'app/shop/2' }],
};
const alarm = (name: string, given: Partial<ObservedAlarm> = {}): Partial<ObservedProtection> => ({
  alarms: new Map([[name, { name, state: 'OK', isOnTraffic: false, definition: null, ...given }]]),
});

const declare = (part: ProtectionPart): DeclaredProtection => overlayDeclaration(undeclared, part);
const watching = (...alarmNames: string[]) =>
  declare({ configuration: { alarms: { alarmNames, enable: true, rollback: true } } });
const plan = (declared: DeclaredProtection, observed: Partial<ObservedProtection> = {}) =>
  planProtection(declared, { ...unprotectedService, ...observed });
const codes = (declared: DeclaredProtection, observed?: Partial<ObservedProtection>) =>
  plan(declared, observed).warnings.map(({ code }) => code);

describe('a plan', () => {
  it('takes what ECS does without a value for that value', () => {
    const declared = declare({
      configuration: {
        strategy: 'ROLLING',
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        lifecycleHooks: [],
        deploymentCircuitBreaker: { enable: false, resetOnHealthyTask: true },
      },
    });
    expect(plan(declared)).toMatchObject({ status: 'right', changes: [], because: null });
  });

  it('lets go of alarms that are declared off, though no others are named', () => {
    const off = declare({ configuration: { alarms: { enable: false } } });
    const alarms = { alarmNames: ['rewind/prod/web/cpu'], enable: true, rollback: true };
    const { status, after } = plan(off, { configuration: { alarms } });
    expect(status).toBe('change');
    expect(after.alarms).toMatchObject({ alarmNames: [], enable: false });
    expect(plan(off).status).toBe('right');
  });

  it('gives a hook what ECS fills in', () => {
    const hook = { hookTargetArn: 'f', roleArn: 'r', lifecycleStages: ['POST_SCALE_UP'] };
    const configuration = { strategy: 'CANARY', lifecycleHooks: [hook] };
    const shown = {
      ...hook,
      targetType: 'AWS_LAMBDA',
      timeoutConfiguration: { timeoutInMinutes: 1440, action: 'ROLLBACK' },
    };
    const observed = { configuration: { ...configuration, lifecycleHooks: [shown] } };
    expect(plan(declare({ configuration }), observed).status).toBe('right');
  });

  it('sends the fields that differ, whole, and no other', () => {
    const configuration = {
      alarms: { alarmNames: ['theirs'], enable: true, rollback: false },
      maximumPercent: 150,
      bakeTimeInMinutes: 3,
    };
    const { before, after } = plan(declare({ configuration: { alarms: { rollback: true } } }), {
      configuration,
    });
    expect(parametersToChange(before, after)).toEqual({
      alarms: { alarmNames: ['theirs'], enable: true, rollback: true },
    });
  });

  it('is of nothing where nothing is declared, whatever there is', () => {
    const observed = { configuration: { strategy: 'CANARY' }, controller: 'CODE_DEPLOY' };
    expect(plan(undeclared, observed)).toMatchObject({ status: 'undeclared', changes: [], warnings: [] });
  });

  it('waits for a rollout, unless nothing is to be changed', () => {
    const rollout = { taskDefinition: 'web:7', since: 0 as Instant };
    expect(plan(declare(profiles.fast), { rollout }).status).toBe('busy');
    const { after } = plan(declare(profiles.fast));
    expect(plan(declare(profiles.fast), { rollout, configuration: after }).status).toBe('right');
  });

  it.each([
    ['shift-needs-traffic', {}],
    ['shift-needs-two-target-groups', behindAlb],
  ])('is refused by the rule %s for a service that cannot have it', (rule, observed) => {
    const declared = declare({ configuration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 } });
    const { status, because } = plan(declared, observed);
    expect(status).toBe('refused');
    expect(because).toContain(`(rule ${rule})`);
    const laidOut = { loadBalancers: [{ hasAdvancedConfiguration: true }] };
    expect(plan(declared, laidOut).status).toBe('change');
  });

  it('leaves out what belongs to another strategy than the service has', () => {
    const declared = declare({ configuration: { canaryConfiguration: { canaryPercent: 5 } } });
    expect(plan(declared).status).toBe('right');
    const canary = { configuration: { strategy: 'CANARY' }, hasOtherTraffic: true };
    expect(plan(declared, canary).status).toBe('change');
  });

  it('holds what is declared to the rules together with what is there', () => {
    const early = declare({
      configuration: {
        earlySuccessCriteria: { enable: true, healthyPercent: 80, sourceServiceRevisionCleanup: 'BLOCKING' },
      },
    });
    expect(plan(early)).toMatchObject({ status: 'refused' });
    expect(plan(early, { configuration: { minimumHealthyPercent: 50 } }).status).toBe('change');
  });
});

describe('the alarm of a preset', () => {
  const memory = declare({ configuration: { alarms: { enable: true } }, presets: ['memory'] });

  it('is put right where somebody changed it, and left alone where it is right', () => {
    const [planned] = plan(memory).alarms;
    if (planned === undefined) throw new Error('an alarm is planned');
    const { name, definition } = planned.alarm;
    expect(plan(memory, alarm(name, { definition })).alarms).toEqual([]);
    const changed = alarm(name, { definition: { ...definition, threshold: 99 } });
    expect(plan(memory, changed).alarms).toEqual([{ ...planned, action: 'update' }]);
  });

  it('has a name that CloudWatch takes and that tells its service, however long the names are', () => {
    const longest = (name: string) => `arn:aws:ecs:eu-west-1:111122223333:service/${'c'.repeat(255)}/${name}`;
    const [one, other] = ['1', '2'].map((end) => {
      const named = parseServiceArn(longest('s'.repeat(254) + end));
      return plan(memory, { service: named }).alarms[0]?.alarm.name ?? '';
    });
    expect(one?.length).toBeLessThanOrEqual(255);
    expect(one).toMatch(/^rewind\/.*\/memory$/);
    expect(one).not.toBe(other);
  });

  it('is neither planned nor read where another controller deploys', () => {
    const codeDeploy = { ...unprotectedService, controller: 'CODE_DEPLOY' };
    expect(plan(memory, codeDeploy)).toMatchObject({
      status: 'unguardable',
      changes: [],
      alarms: [],
      warnings: [],
    });
    expect(alarmNamesToRead(memory, codeDeploy)).toEqual([]);
    expect(alarmNamesToRead(memory, unprotectedService)).toEqual(['rewind/prod/web/memory']);
  });

  it('is not declared on where the service has nothing that it could watch', () => {
    const latency = declare({ configuration: { alarms: { enable: true } }, presets: ['latency-p99'] });
    expect(plan(latency)).toMatchObject({ status: 'right', changes: [] });
  });
});

describe('a warning', () => {
  it.each([
    ['an alarm in ALARM', ['AlarmRaised'], watching('a'), alarm('a', { state: 'ALARM' })],
    ['an alarm that does not exist', ['AlarmMissing'], watching('a'), {}],
    [
      'an alarm without data',
      ['AlarmWithoutData'],
      watching('a'),
      alarm('a', { state: 'INSUFFICIENT_DATA' }),
    ],
    ['an alarm that is fine', [], watching('a'), alarm('a')],
    ['a load balancer without an alarm', ['LoadBalancerWithoutAlarm'], declare(profiles.fast), behindAlb],
    [
      'alarms on requests only, without a circuit breaker',
      ['BlindAlarms'],
      watching('a'),
      { ...behindAlb, ...alarm('a', { isOnTraffic: true }) },
    ],
    [
      'the preset of such an alarm, before it is made',
      ['BlindAlarms'],
      declare({ configuration: { alarms: { enable: true } }, presets: ['latency-p99'] }),
      behindAlb,
    ],
    [
      'a preset that sees unhealthy targets',
      [],
      declare({ configuration: { alarms: { enable: true } }, presets: ['unhealthy-hosts'] }),
      behindAlb,
    ],
    [
      'a preset for which the service has nothing',
      ['PresetDoesNotFit'],
      declare({ configuration: { bakeTimeInMinutes: 1 }, presets: ['alb-5xx'] }),
      {},
    ],
    [
      'a change of what is kept elsewhere',
      ['OwnedElsewhere'],
      declare(profiles.fast),
      { owner: 'Terraform' },
    ],
    [
      'what is kept elsewhere and is right',
      [],
      declare({ configuration: { maximumPercent: 200 } }),
      { owner: 'Terraform' },
    ],
    [
      'alarms on requests only, beside a circuit breaker',
      [],
      declare({
        configuration: {
          alarms: { alarmNames: ['a'], enable: true },
          deploymentCircuitBreaker: { enable: true },
        },
      }),
      { ...behindAlb, ...alarm('a', { isOnTraffic: true }) },
    ],
  ] as const)('is told of %s', (...[, expected, declared, observed]) => {
    expect(codes(declared, observed)).toEqual(expected);
  });
});
