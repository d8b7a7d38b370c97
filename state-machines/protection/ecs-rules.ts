import type { DeploymentConfiguration, LifecycleHook, LifecycleStage } from './configuration';

/** A rule of ECS that a configuration breaks. */
interface BrokenRule {
  readonly rule: string;
  /** The field that is wrong, from the configuration down. */
  readonly field: readonly (string | number)[];
  readonly sentence: string;
}

/** What the rules need to know of the service that is to have the configuration. */
interface ServiceTraffic {
  readonly loadBalancers: readonly { readonly hasAdvancedConfiguration: boolean }[];
  /** Service Connect or VPC Lattice. */
  readonly hasOtherTraffic: boolean;
}

interface Rule {
  readonly name: string;
  readonly sentence: string;
  /** Where the configuration breaks the rule; null where it does not, or where nobody can tell. */
  brokenAt(
    configuration: DeploymentConfiguration,
    service: ServiceTraffic | null,
  ): BrokenRule['field'] | null;
}

/**
 * The first rule of ECS that the configuration breaks; null when it breaks none. Pure. A missing
 * field is unknown: it breaks only a rule that requires it. `service` is null where there is only a
 * declaration, as when a policy file is read.
 */
export function brokenRule(
  configuration: DeploymentConfiguration,
  service: ServiceTraffic | null,
): BrokenRule | null {
  for (const { name, sentence, brokenAt } of rules) {
    const field = brokenAt(configuration, service);
    if (field !== null) return { rule: name, field, sentence };
  }
  return null;
}

const shifting: ReadonlySet<string | undefined> = new Set(['BLUE_GREEN', 'LINEAR', 'CANARY']);
const hooksOfATypeAtMost = 10;
const lambdaTimeoutMinutesAtMost = 1440;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html */
const pauseStages: readonly LifecycleStage[] = [
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
];

/**
 * What ECS refuses, from the pages of the fields:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html and
 * the types it refers to,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html and
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-deployment-strategy-updates.html
 */
export const rules: readonly Rule[] = [
  {
    name: 'canary-strategy-only',
    sentence: 'ECS takes canaryConfiguration with the strategy CANARY only',
    brokenAt: ({ canaryConfiguration, strategy = 'CANARY' }) =>
      canaryConfiguration !== undefined && strategy !== 'CANARY' ? ['canaryConfiguration'] : null,
  },
  {
    name: 'linear-strategy-only',
    sentence: 'ECS takes linearConfiguration with the strategy LINEAR only',
    brokenAt: ({ linearConfiguration, strategy = 'LINEAR' }) =>
      linearConfiguration !== undefined && strategy !== 'LINEAR' ? ['linearConfiguration'] : null,
  },
  {
    name: 'blue-green-bakes',
    sentence: 'ECS wants bakeTimeInMinutes with the strategy BLUE_GREEN',
    brokenAt: ({ strategy, bakeTimeInMinutes }) =>
      strategy === 'BLUE_GREEN' && bakeTimeInMinutes === undefined ? ['strategy'] : null,
  },
  {
    name: 'hooks-need-a-shift',
    sentence: 'ECS calls lifecycleHooks with the strategies BLUE_GREEN, LINEAR and CANARY only',
    brokenAt: ({ strategy, lifecycleHooks = [] }) =>
      strategy === 'ROLLING' && lifecycleHooks.length > 0 ? ['lifecycleHooks'] : null,
  },
  {
    name: 'hook-has-stages',
    sentence: 'a lifecycle hook needs at least one of lifecycleStages',
    brokenAt: firstHookThat(({ lifecycleStages = [] }) => lifecycleStages.length === 0),
  },
  {
    name: 'lambda-hook-has-target',
    sentence: 'a hook of type AWS_LAMBDA needs hookTargetArn and roleArn',
    brokenAt: firstHookThat(
      (hook) => isLambda(hook) && (hook.hookTargetArn === undefined || hook.roleArn === undefined),
    ),
  },
  {
    name: 'pause-hook-is-between-shifts',
    sentence: `a hook of type PAUSE takes the stages ${pauseStages.join(', ')} only`,
    brokenAt: firstHookThat(
      (hook) => !isLambda(hook) && (hook.lifecycleStages ?? []).some((stage) => !isPauseStage(stage)),
    ),
  },
  {
    name: 'lambda-hook-ends-within-a-day',
    sentence: `a hook of type AWS_LAMBDA may take ${lambdaTimeoutMinutesAtMost} minutes at most`,
    brokenAt: firstHookThat(
      (hook) =>
        isLambda(hook) && (hook.timeoutConfiguration?.timeoutInMinutes ?? 0) > lambdaTimeoutMinutesAtMost,
    ),
  },
  {
    name: 'ten-hooks-of-a-type',
    sentence: `ECS takes ${hooksOfATypeAtMost} hooks of a type at most`,
    brokenAt: ({ lifecycleHooks = [] }) => {
      const lambdas = lifecycleHooks.filter(isLambda).length;
      const isTooMany = Math.max(lambdas, lifecycleHooks.length - lambdas) > hooksOfATypeAtMost;
      return isTooMany ? ['lifecycleHooks'] : null;
    },
  },
  {
    name: 'percent-is-at-most-100',
    sentence: 'a threshold in percent is at most 100',
    brokenAt: ({ deploymentCircuitBreaker }) => {
      const { type, value = 0 } = deploymentCircuitBreaker?.thresholdConfiguration ?? {};
      const isTooMuch = type !== undefined && type !== 'COUNT' && value > 100;
      return isTooMuch ? ['deploymentCircuitBreaker', 'thresholdConfiguration', 'value'] : null;
    },
  },
  {
    name: 'percents-leave-room',
    sentence: 'maximumPercent and minimumHealthyPercent cannot both be 100: no task could be replaced',
    brokenAt: ({ strategy = 'ROLLING', maximumPercent, minimumHealthyPercent }) =>
      strategy === 'ROLLING' && maximumPercent === 100 && minimumHealthyPercent === 100
        ? ['maximumPercent']
        : null,
  },
  {
    name: 'early-success-rolls',
    sentence: 'ECS takes earlySuccessCriteria with the strategy ROLLING only',
    brokenAt: ({ strategy, earlySuccessCriteria }) =>
      earlySuccessCriteria?.enable === true && shifting.has(strategy) ? ['earlySuccessCriteria'] : null,
  },
  {
    name: 'early-success-is-complete',
    sentence:
      'earlySuccessCriteria needs healthyPercent and sourceServiceRevisionCleanup where it is enabled',
    brokenAt: ({ earlySuccessCriteria: criteria }) =>
      criteria?.enable === true &&
      (criteria.healthyPercent === undefined || criteria.sourceServiceRevisionCleanup === undefined)
        ? ['earlySuccessCriteria']
        : null,
  },
  {
    name: 'early-success-is-healthy',
    sentence: 'healthyPercent of earlySuccessCriteria is at least minimumHealthyPercent',
    brokenAt: ({ earlySuccessCriteria: criteria, minimumHealthyPercent = 0 }) =>
      criteria?.enable === true && (criteria.healthyPercent ?? 100) < minimumHealthyPercent
        ? ['earlySuccessCriteria', 'healthyPercent']
        : null,
  },
  {
    name: 'alarms-are-named',
    sentence: 'alarms that are enabled need at least one name',
    brokenAt: ({ alarms }) =>
      alarms?.enable === true && alarms.alarmNames?.length === 0 ? ['alarms', 'alarmNames'] : null,
  },
  {
    name: 'shift-needs-traffic',
    sentence:
      'the strategies BLUE_GREEN, LINEAR and CANARY need a load balancer, Service Connect or VPC Lattice',
    brokenAt: ({ strategy }, service) => {
      const hasTraffic = service === null || service.loadBalancers.length > 0 || service.hasOtherTraffic;
      return shifting.has(strategy) && !hasTraffic ? ['strategy'] : null;
    },
  },
  {
    name: 'shift-needs-two-target-groups',
    sentence:
      'the strategies BLUE_GREEN, LINEAR and CANARY need advancedConfiguration on every load balancer of the service',
    brokenAt: ({ strategy }, service) => {
      const isLaidOut = service?.loadBalancers.every(
        ({ hasAdvancedConfiguration }) => hasAdvancedConfiguration,
      );
      return shifting.has(strategy) && isLaidOut === false ? ['strategy'] : null;
    },
  },
];

function firstHookThat(isBroken: (hook: LifecycleHook) => boolean): Rule['brokenAt'] {
  return ({ lifecycleHooks = [] }) => {
    const index = lifecycleHooks.findIndex(isBroken);
    return index === -1 ? null : ['lifecycleHooks', index];
  };
}

function isPauseStage(stage: string): boolean {
  return pauseStages.some((pauseStage) => pauseStage === stage);
}

function isLambda({ targetType = 'AWS_LAMBDA' }: LifecycleHook): boolean {
  return targetType === 'AWS_LAMBDA';
}
