import { z } from 'zod';

/** Parses `deploymentConfiguration` of CreateService and UpdateService; alarms, hooks and the like are kept as they are given. */
export const deploymentConfigurationSchema = z.looseObject({
  deploymentCircuitBreaker: z
    .looseObject({
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
    })
    .optional(),
  maximumPercent: z.number().int().min(1).optional(),
  minimumHealthyPercent: z.number().int().min(0).optional(),
  strategy: z.string().optional(),
});
export type DeploymentConfiguration = z.infer<typeof deploymentConfigurationSchema>;

/** What a service has that gave none: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html */
export const defaultDeploymentConfiguration: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: false, rollback: false },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
  bakeTimeInMinutes: 0,
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
