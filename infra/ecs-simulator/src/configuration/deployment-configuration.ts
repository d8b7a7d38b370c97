import { z } from 'zod';

const percentOf = (least: number) => z.number().min(least).max(100).multipleOf(0.1);
const minutes = (most: number) => z.number().int().min(0).max(most);

/** Where hooks are called: `PRE_PRODUCTION_TRAFFIC_SHIFT` is a stage for hooks only. */
export const hookStages = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
] as const;
export type HookStage = (typeof hookStages)[number];

/** What ECS refuses in words of its own, which the caller gets as they are. */
const refused = (error: string) => ({ error, params: { isWholeSentence: true } });

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html */
const pauseStages: readonly HookStage[] = [
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
];

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html */
const lifecycleHookSchema = z
  .looseObject({
    targetType: z
      .custom<'AWS_LAMBDA' | 'PAUSE'>(
        (value) => value === 'AWS_LAMBDA' || value === 'PAUSE',
        refused('Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE'),
      )
      .default('AWS_LAMBDA'),
    hookTargetArn: z.string().optional(),
    roleArn: z.string().optional(),
    lifecycleStages: z.array(z.enum(hookStages)).optional(),
    hookDetails: z.json().optional(),
    timeoutConfiguration: z
      .looseObject({
        timeoutInMinutes: z.number().int().min(1).max(20_160).default(1440),
        action: z.enum(['ROLLBACK', 'CONTINUE']).default('ROLLBACK'),
      })
      .optional(),
  })
  .refine(
    ({ lifecycleStages = [] }) => lifecycleStages.length > 0,
    refused('Lifecycle stage cannot be null or empty for any deployment lifecycle hooks'),
  )
  .refine(
    ({ targetType, hookTargetArn, roleArn }) => targetType === 'PAUSE' || (hookTargetArn && roleArn),
    refused('Role arn or Hook Target arn is missing for one or more deployment lifecycle hooks'),
  )
  .refine(
    ({ targetType, lifecycleStages = [] }) =>
      targetType !== 'PAUSE' || lifecycleStages.every((stage) => pauseStages.includes(stage)),
    refused('Invalid lifecycle stage provided for Pause Hook'),
  );
export type EcsLifecycleHook = z.infer<typeof lifecycleHookSchema>;

const badThreshold = refused('Invalid deployment circuit breaker threshold value.');

/** ECS takes what the model calls required, and is not given, for false. */
const circuitBreakerSchema = z.looseObject({
  enable: z.boolean().default(false),
  rollback: z.boolean().default(false),
  resetOnHealthyTask: z.boolean().optional(),
  thresholdConfiguration: z
    .looseObject({
      type: z.enum(['BOUNDED_PERCENT', 'COUNT', 'UNBOUNDED_PERCENT']),
      value: z.custom<number>((value) => Number.isInteger(value) && Number(value) >= 1, badThreshold),
    })
    .refine(({ type, value }) => type === 'COUNT' || value <= 100, badThreshold)
    .optional(),
});

const alarmsSchema = z.looseObject({
  alarmNames: z.array(z.string()).default([]),
  enable: z.boolean().default(false),
  rollback: z.boolean().default(false),
});

const earlySuccessSchema = z
  .looseObject({
    enable: z.boolean(),
    healthyPercent: z.number().int().min(0).max(100).optional(),
    sourceServiceRevisionCleanup: z.enum(['BLOCKING', 'DEFERRED']).optional(),
  })
  .refine(
    ({ enable, healthyPercent, sourceServiceRevisionCleanup }) =>
      !enable || (healthyPercent !== undefined && sourceServiceRevisionCleanup !== undefined),
    { message: 'healthyPercent and sourceServiceRevisionCleanup are needed too' },
  );

/**
 * Parses `deploymentConfiguration` of CreateService and UpdateService.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export const deploymentConfigurationSchema = z.looseObject({
  deploymentCircuitBreaker: circuitBreakerSchema.optional(),
  alarms: alarmsSchema.optional(),
  maximumPercent: z.number().int().min(1).optional(),
  minimumHealthyPercent: z.number().int().min(0).optional(),
  strategy: z.enum(['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY']).optional(),
  bakeTimeInMinutes: minutes(1440).optional(),
  lifecycleHooks: z.array(lifecycleHookSchema).optional(),
  linearConfiguration: z
    .looseObject({ stepPercent: percentOf(3).default(10), stepBakeTimeInMinutes: minutes(1440).default(6) })
    .optional(),
  canaryConfiguration: z
    .looseObject({
      canaryPercent: percentOf(0.1).default(5),
      canaryBakeTimeInMinutes: minutes(1440).default(10),
    })
    .optional(),
  earlySuccessCriteria: earlySuccessSchema.optional(),
});
export type EcsDeploymentConfiguration = z.infer<typeof deploymentConfigurationSchema>;

/**
 * What a service has that gave none. A bake time stands in DescribeServices only where one was
 * given: without it, ECS works one out from the alarms.
 */
export const defaultDeploymentConfiguration: EcsDeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: false, rollback: false },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
};

/**
 * The configuration that a service has after an update. Pure. ECS merges, as was measured in August
 * 2026: what is left out stays, and so do the two optional members of a circuit breaker; everything
 * else that is given replaces what there was, with ECS's defaults for members left out.
 * https://github.com/go-to-k/cdkd/pull/1805, pull/1848 and issues/1861
 */
export function mergeConfiguration(
  existing: EcsDeploymentConfiguration,
  given: EcsDeploymentConfiguration,
): EcsDeploymentConfiguration {
  const merged = { ...existing, ...given };
  const { resetOnHealthyTask, thresholdConfiguration } = existing.deploymentCircuitBreaker ?? {};
  const kept = definedOf({ resetOnHealthyTask, thresholdConfiguration });
  const breaker = given.deploymentCircuitBreaker;
  return definedOf({
    ...merged,
    ...(breaker && { deploymentCircuitBreaker: { ...kept, ...breaker } }),
    // What belongs to a strategy goes with it: nothing could remove it otherwise.
    ...withoutStrategy(merged.strategy ?? 'ROLLING', given),
  });
}

function withoutStrategy(strategy: string, given: EcsDeploymentConfiguration): EcsDeploymentConfiguration {
  return {
    ...(strategy !== 'CANARY' && { canaryConfiguration: given.canaryConfiguration }),
    ...(strategy !== 'LINEAR' && { linearConfiguration: given.linearConfiguration }),
    ...(strategy === 'ROLLING' && { lifecycleHooks: given.lifecycleHooks }),
    ...(strategy !== 'ROLLING' && { earlySuccessCriteria: given.earlySuccessCriteria }),
  };
}

function definedOf<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

/** As DescribeServices shows it, with what ECS fills in. */
export function configurationView(configuration: EcsDeploymentConfiguration) {
  const { deploymentCircuitBreaker } = configuration;
  return {
    bakeTimeInMinutes: 0,
    ...configuration,
    ...(deploymentCircuitBreaker && {
      deploymentCircuitBreaker: { ...circuitBreakerDefaults, ...deploymentCircuitBreaker },
    }),
  };
}

const circuitBreakerDefaults = {
  resetOnHealthyTask: true,
  thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
} as const;

/**
 * How many tasks may and must there be, for so many wanted: the maximum is rounded down, the
 * minimum up.
 */
export function taskLimits(
  configuration: EcsDeploymentConfiguration,
  desiredCount: number,
): { minimumHealthy: number; maximum: number } {
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = configuration;
  return {
    minimumHealthy: Math.ceil((desiredCount * minimumHealthyPercent) / 100),
    maximum: Math.floor((desiredCount * maximumPercent) / 100),
  };
}
