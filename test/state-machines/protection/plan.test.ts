import { describe, expect, it } from 'vitest';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import {
  type DeclaredProtection,
  overlayDeclaration,
  type ProtectionPart,
  undeclared,
} from '../../../state-machines/protection/configuration';
import { driftSince } from '../../../state-machines/protection/drift';
import { parametersToChange } from '../../../state-machines/protection/effective-configuration';
import type {
  ObservedAlarm,
  ObservedProtection,
} from '../../../state-machines/protection/observed-protection';
import { planProtection } from '../../../state-machines/protection/plan';
import { profiles } from '../../../state-machines/protection/profiles';
import type { ProtectionEvent } from '../../../state-machines/protection/protection-events';

const service = parseServiceArn('arn:aws:ecs:eu-west-1:111122223333:service/prod/web');
const nothing: ObservedProtection = {
  service,
  controller: 'ECS',
  configuration: {},
  rollout: null,
  loadBalancers: [],
  hasOtherTraffic: false,
  targetGroups: [],
  owner: null,
  alarms: new Map(),
};
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
  planProtection(declared, { ...nothing, ...observed });
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
  ] as const)('is told of %s', (...[, expected, declared, observed]) => {
    expect(codes(declared, observed)).toEqual(expected);
  });
});

describe('drift', () => {
  const declared = declare({ configuration: { bakeTimeInMinutes: 5, maximumPercent: 150 } });
  const right = { bakeTimeInMinutes: 5, maximumPercent: 150 };
  const news = (known: object, observed: object, isReleased = false) => {
    const standing = { original: {}, known, alarms: [], drifted: [], isReleased };
    const last = { type: 'ProtectionObserved', standing } as unknown as ProtectionEvent;
    return driftSince(last, plan(declared, { configuration: observed }), observed);
  };

  it('is a field that was right and is not any more', () => {
    const observed = { ...right, bakeTimeInMinutes: 0 };
    expect(news(right, observed)).toEqual({ kind: 'drifted', fields: ['bakeTimeInMinutes'] });
  });

  it('is neither a field that never was right, nor one that nobody declares', () => {
    expect(news({ maximumPercent: 200 }, { maximumPercent: 110 })).toEqual({ kind: 'changed' });
    expect(news(right, { ...right, minimumHealthyPercent: 50 })).toEqual({ kind: 'changed' });
    expect(news(right, right)).toEqual({ kind: 'none' });
  });

  it('is nothing in a service that was undone', () => {
    expect(news(right, {}, true)).toEqual({ kind: 'changed' });
  });
});
