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

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html */
const lifecycleHookSchema = z
  .looseObject({
    targetType: z.enum(['AWS_LAMBDA', 'PAUSE']).default('AWS_LAMBDA'),
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
  .refine(({ targetType, hookTargetArn, roleArn }) => targetType === 'PAUSE' || (hookTargetArn && roleArn), {
    message: 'a Lambda hook needs hookTargetArn and roleArn',
  });
export type LifecycleHook = z.infer<typeof lifecycleHookSchema>;

const circuitBreakerSchema = z.looseObject({
  enable: z.boolean(),
  rollback: z.boolean(),
  resetOnHealthyTask: z.boolean().optional(),
  thresholdConfiguration: z
    .looseObject({
      type: z.enum(['BOUNDED_PERCENT', 'COUNT', 'UNBOUNDED_PERCENT']),
      value: z.number().int().min(1),
    })
    .refine(({ type, value }) => type === 'COUNT' || value <= 100, {
      message: 'a percentage is between 1 and 100',
    })
    .optional(),
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
  alarms: z
    .looseObject({ alarmNames: z.array(z.string()), enable: z.boolean(), rollback: z.boolean() })
    .optional(),
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
export type DeploymentConfiguration = z.infer<typeof deploymentConfigurationSchema>;

/**
 * What a service has that gave none. A bake time stands in DescribeServices only where one was given: without it, ECS works one
 * out from the alarms.
 */
export const defaultDeploymentConfiguration: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: false, rollback: false },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
};

/** How many tasks may and must there be, for so many wanted: the maximum is rounded down, the minimum up. */
export function taskLimits(
  configuration: DeploymentConfiguration,
  desiredCount: number,
): { minimumHealthy: number; maximum: number } {
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = configuration;
  return {
    minimumHealthy: Math.ceil((desiredCount * minimumHealthyPercent) / 100),
    maximum: Math.floor((desiredCount * maximumPercent) / 100),
  };
}

/** Why ECS would refuse the configuration as a whole; null when it would not. The pages of each field say so. */
export function contradictionIn(configuration: DeploymentConfiguration): string | null {
  const { strategy = 'ROLLING', earlySuccessCriteria, lifecycleHooks = [] } = configuration;
  const { minimumHealthyPercent = 100 } = configuration;
  if (configuration.canaryConfiguration && strategy !== 'CANARY')
    return 'canaryConfiguration is only for the CANARY strategy';
  if (configuration.linearConfiguration && strategy !== 'LINEAR')
    return 'linearConfiguration is only for the LINEAR strategy';
  if (strategy === 'BLUE_GREEN' && configuration.bakeTimeInMinutes === undefined)
    return 'bakeTimeInMinutes is required for the BLUE_GREEN strategy';
  if (strategy === 'ROLLING' && lifecycleHooks.length > 0)
    return 'lifecycleHooks are not for the ROLLING strategy';
  if (!earlySuccessCriteria?.enable) return null;
  if (strategy !== 'ROLLING') return 'earlySuccessCriteria is only for the ROLLING strategy';
  return (earlySuccessCriteria.healthyPercent ?? 0) < minimumHealthyPercent
    ? 'healthyPercent of earlySuccessCriteria must be at least minimumHealthyPercent'
    : null;
}
