import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../../services/policy/policy-file';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { undeclared } from '../../../state-machines/protection/configuration';
import { rules } from '../../../state-machines/protection/ecs-rules';
import { profiles } from '../../../state-machines/protection/profiles';

const web = parseServiceArn('arn:aws:ecs:eu-west-1:111122223333:service/prod/web');
const declaredIn = (text: string) => parsePolicyFile(text, 'p.yaml').protectionFor(web);

/**
 * One for each rule that a file alone can break; the line is that of the key that the sentence
 * names.
 */
const refused: readonly [rule: string, line: number, key: string, native: string][] = [
  [
    'canary-strategy-only',
    2,
    'canaryConfiguration',
    'strategy: LINEAR\ncanaryConfiguration: { canaryPercent: 5 }',
  ],
  [
    'linear-strategy-only',
    2,
    'linearConfiguration',
    'strategy: ROLLING\nlinearConfiguration: { stepPercent: 10 }',
  ],
  ['blue-green-bakes', 1, 'strategy', 'strategy: BLUE_GREEN'],
  [
    'hooks-need-a-shift',
    2,
    'lifecycleHooks',
    'strategy: ROLLING\nlifecycleHooks: [{ targetType: PAUSE, lifecycleStages: [PRE_SCALE_UP] }]',
  ],
  ['hook-has-stages', 1, 'lifecycleHooks[0]', 'lifecycleHooks: [{ targetType: PAUSE }]'],
  [
    'lambda-hook-has-target',
    3,
    'lifecycleHooks[1]',
    'lifecycleHooks:\n  - { targetType: PAUSE, lifecycleStages: [PRE_SCALE_UP] }\n  - { hookTargetArn: "arn:aws:lambda:::f", lifecycleStages: [PRE_SCALE_UP] }',
  ],
  [
    'pause-hook-is-between-shifts',
    1,
    'lifecycleHooks[0]',
    'lifecycleHooks: [{ targetType: PAUSE, lifecycleStages: [TEST_TRAFFIC_SHIFT] }]',
  ],
  [
    'lambda-hook-ends-within-a-day',
    2,
    'lifecycleHooks[0]',
    'lifecycleHooks:\n  - { hookTargetArn: a, roleArn: r, lifecycleStages: [POST_SCALE_UP], timeoutConfiguration: { timeoutInMinutes: 1441 } }',
  ],
  [
    'ten-hooks-of-a-type',
    1,
    'lifecycleHooks',
    `lifecycleHooks: [${Array(11).fill('{ targetType: PAUSE, lifecycleStages: [PRE_SCALE_UP] }').join(', ')}]`,
  ],
  [
    'percent-is-at-most-100',
    2,
    'deploymentCircuitBreaker.thresholdConfiguration.value',
    'deploymentCircuitBreaker:\n  thresholdConfiguration: { type: BOUNDED_PERCENT, value: 101 }',
  ],
  ['percents-leave-room', 1, 'maximumPercent', 'maximumPercent: 100\nminimumHealthyPercent: 100'],
  [
    'early-success-rolls',
    2,
    'earlySuccessCriteria',
    'strategy: CANARY\nearlySuccessCriteria: { enable: true, healthyPercent: 100, sourceServiceRevisionCleanup: BLOCKING }',
  ],
  ['early-success-is-complete', 1, 'earlySuccessCriteria', 'earlySuccessCriteria: { enable: true }'],
  [
    'early-success-is-healthy',
    3,
    'earlySuccessCriteria.healthyPercent',
    'minimumHealthyPercent: 90\nearlySuccessCriteria:\n  { enable: true, healthyPercent: 80, sourceServiceRevisionCleanup: DEFERRED }',
  ],
  ['alarms-are-named', 1, 'alarms.alarmNames', 'alarms: { enable: true, alarmNames: [] }'],
];
const ofTheService = ['shift-needs-traffic', 'shift-needs-two-target-groups'];

describe('what a policy declares of ECS’s own protection', () => {
  it('is nothing where it says nothing', () => {
    expect(declaredIn('defaults: { failurePercent: 5 }')).toEqual(undeclared);
  });

  it('is the profile that one word names, and what is said beside it', () => {
    const declared = declaredIn(`
services:
  - match: "prod/*"
    native: careful
  - match: "*/web"
    native:
      profile: fast
      deploymentCircuitBreaker: { thresholdConfiguration: { type: COUNT, value: 5 } }
      alarms: { presets: [cpu], thresholds: { cpu: 70 }, enable: true }
      drift: tell
`);
    expect(declared).toEqual({
      configuration: {
        bakeTimeInMinutes: 0,
        deploymentCircuitBreaker: {
          ...profiles.fast.configuration?.deploymentCircuitBreaker,
          thresholdConfiguration: { type: 'COUNT', value: 5 },
        },
        alarms: { enable: true },
      },
      presets: ['cpu'],
      thresholds: { cpu: 70 },
      gates: [],
      drift: 'tell',
    });
  });

  it('lies field by field over what matched before, a list as a whole', () => {
    const { configuration, presets } = declaredIn(`
defaults: { native: { alarms: { alarmNames: [a, b], rollback: true }, bakeTimeInMinutes: 3 } }
services:
  - { match: "*", native: { alarms: { alarmNames: [c], presets: [memory] } } }
`);
    expect(configuration).toEqual({ alarms: { alarmNames: ['c'], rollback: true }, bakeTimeInMinutes: 3 });
    expect(presets).toEqual(['memory']);
  });

  it('is taken back by none', () => {
    const text = 'defaults: { native: careful }\nservices: [{ match: "prod/web", native: none }]';
    expect(declaredIn(text)).toEqual(undeclared);
  });

  it('can be read as docs/guard.md shows it', () => {
    const page = readFileSync(new URL('../../../docs/guard.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    const file = parsePolicyFile(example, 'docs/guard.md');
    const checkout = parseServiceArn('arn:aws:ecs:eu-west-1:111122223333:service/prod/checkout-api');
    expect(file.protectionFor(checkout)).toMatchObject({
      configuration: { bakeTimeInMinutes: 20, alarms: { alarmNames: ['checkout-orders-drop'] } },
      presets: ['target-5xx-rate', 'latency-p99', 'memory'],
      drift: 'tell',
    });
  });

  it.each([
    ['defaults: { native: carefull }', 'defaults.native.profile must be careful, balanced, fast or none'],
    [
      'defaults: { native: { circuitBreaker: {} } }',
      'defaults.native.circuitBreaker is not a key that Rewind',
    ],
    [
      'defaults: { native: { alarms: { presets: [5xx] } } }',
      'defaults.native.alarms.presets[0] must be alb-5xx, target-5xx, target-5xx-rate, latency-p99, unhealthy-hosts, cpu or memory',
    ],
    [
      'defaults: { native: { strategy: CANARY, canaryConfiguration: { canaryPercent: 0.05 } } }',
      'defaults.native.canaryConfiguration.canaryPercent must be a number from 0.1 to 100',
    ],
    [
      'defaults: { native: { strategy: LINEAR, linearConfiguration: { stepPercent: 3.14 } } }',
      'defaults.native.linearConfiguration.stepPercent must be a multiple of 0.1 from 3 to 100',
    ],
    [
      'defaults: { native: { lifecycleHooks: [{ targetType: PAUSE, lifecycleStages: [PRE_SCALEUP] }] } }',
      'defaults.native.lifecycleHooks[0].lifecycleStages[0] must be RECONCILE_SERVICE, PRE_SCALE_UP,',
    ],
    [
      'defaults: { native: { bakeTimeInMinutes: 1441 } }',
      'defaults.native.bakeTimeInMinutes must be a whole number from 0 to 1440',
    ],
    [
      'defaults: { native: 3 }',
      'defaults.native must hold the fields of native, or be the name of a profile',
    ],
  ])('is refused in one sentence: %j', (text, sentence) => {
    expect(() => parsePolicyFile(text, 'p.yaml')).toThrow(`p.yaml, line 1: ${sentence}`);
  });

  it.each(refused)('that breaks the rule %s is refused where the file is read', (rule, ...breaking) => {
    const [line, key, native] = breaking;
    const indented = native.replaceAll('\n', '\n      ');
    const text = `services:\n  - match: "*"\n    native:\n      ${indented}`;
    const { sentence } = rules.find(({ name }) => name === rule) ?? {};
    expect(() => parsePolicyFile(text, 'p.yaml')).toThrow(
      `p.yaml, line ${line + 3}: services[0].native.${key}: ${sentence} (rule ${rule})`,
    );
  });

  it('is held to every rule that does not ask for the service', () => {
    const tried = [...refused.map(([rule]) => rule), ...ofTheService];
    expect(tried.sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  it('makes sense together with the defaults', () => {
    const text =
      'defaults: { native: { strategy: CANARY } }\nservices: [{ match: "*", native: { linearConfiguration: {} } }]';
    expect(() => parsePolicyFile(text, 'p.yaml')).toThrow(/line 2: .*linear-strategy-only/);
  });
});
