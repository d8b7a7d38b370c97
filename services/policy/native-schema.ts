import * as z from 'zod/mini';
import { lifecycleStages, type PresetName, presetNames } from '../../state-machines/protection/configuration';
import { profileNames } from '../../state-machines/protection/profiles';
import { numberFrom, wholeNumberFrom } from './number-fields';

function tenthsFrom(least: number) {
  const error = `must be a multiple of 0.1 from ${least} to 100`;
  return numberFrom(least, 100).check(
    z.refine((percent) => Math.abs(percent * 10 - Math.round(percent * 10)) < 1e-9, {
      error,
    }),
  );
}

function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}` });
}

const flag = z.boolean({ error: 'must be true or false' });
const text = z.string({ error: 'must be a text' }).check(z.minLength(1, { error: 'must not be empty' }));
const minutesOfADay = wholeNumberFrom(0, 1440);
/**
 * CloudFormation takes this many, on the way to ECS.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookTimeoutConfiguration.html
 */
const pauseMinutesAtMost = 20_160;

function objectOf<Shape extends z.core.$ZodShape>(what: string, shape: Shape) {
  return z.strictObject(shape, { error: `must hold the fields of ${what}` });
}

function listOf<Item extends z.ZodMiniType>(what: string, item: Item) {
  return z.array(item, { error: `must be a list of ${what}` });
}

const deploymentCircuitBreaker = objectOf('deploymentCircuitBreaker', {
  enable: z.optional(flag),
  rollback: z.optional(flag),
  resetOnHealthyTask: z.optional(flag),
  thresholdConfiguration: z.optional(
    objectOf('thresholdConfiguration', {
      type: oneOf(['COUNT', 'BOUNDED_PERCENT', 'UNBOUNDED_PERCENT']),
      value: wholeNumberFrom(1, 10_000),
    }),
  ),
});

const thresholds = objectOf(
  'thresholds: the names of presets',
  Object.fromEntries(presetNames.map((name) => [name, z.optional(numberFrom(0, 1e9))])) as {
    [name in PresetName]: z.ZodMiniOptional<z.ZodMiniNumber>;
  },
);

const alarms = objectOf('alarms', {
  alarmNames: z.optional(listOf('alarm names', text)),
  presets: z.optional(listOf('presets', oneOf(presetNames))),
  thresholds: z.optional(thresholds),
  enable: z.optional(flag),
  rollback: z.optional(flag),
});

const lifecycleHook = objectOf('a lifecycle hook', {
  targetType: z.optional(oneOf(['AWS_LAMBDA', 'PAUSE'])),
  hookTargetArn: z.optional(text),
  roleArn: z.optional(text),
  lifecycleStages: z.optional(listOf('lifecycle stages', oneOf(lifecycleStages))),
  hookDetails: z.optional(z.json()),
  timeoutConfiguration: z.optional(
    objectOf('timeoutConfiguration', {
      timeoutInMinutes: z.optional(wholeNumberFrom(1, pauseMinutesAtMost)),
      action: z.optional(oneOf(['ROLLBACK', 'CONTINUE'])),
    }),
  ),
});

const nativeFields = objectOf('native, or be the name of a profile', {
  profile: z.optional(oneOf(profileNames)),
  drift: z.optional(oneOf(['mend', 'tell'])),
  deploymentCircuitBreaker: z.optional(deploymentCircuitBreaker),
  alarms: z.optional(alarms),
  maximumPercent: z.optional(wholeNumberFrom(1, 10_000)),
  minimumHealthyPercent: z.optional(wholeNumberFrom(0, 100)),
  strategy: z.optional(oneOf(['ROLLING', 'BLUE_GREEN', 'CANARY', 'LINEAR'])),
  bakeTimeInMinutes: z.optional(minutesOfADay),
  canaryConfiguration: z.optional(
    objectOf('canaryConfiguration', {
      canaryPercent: z.optional(tenthsFrom(0.1)),
      canaryBakeTimeInMinutes: z.optional(minutesOfADay),
    }),
  ),
  linearConfiguration: z.optional(
    objectOf('linearConfiguration', {
      stepPercent: z.optional(tenthsFrom(3)),
      stepBakeTimeInMinutes: z.optional(minutesOfADay),
    }),
  ),
  lifecycleHooks: z.optional(listOf('lifecycle hooks', lifecycleHook)),
  earlySuccessCriteria: z.optional(
    objectOf('earlySuccessCriteria', {
      enable: z.optional(flag),
      healthyPercent: z.optional(wholeNumberFrom(0, 100)),
      sourceServiceRevisionCleanup: z.optional(oneOf(['BLOCKING', 'DEFERRED'])),
    }),
  ),
});

/**
 * `native` of a policy file: ECS's own words for its protection of a service, with the ranges that
 * its pages give, or the name of a profile alone.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export const nativeSchema = z.pipe(
  z.transform((value) => (typeof value === 'string' ? { profile: value } : value)),
  nativeFields,
);

export type Native = z.output<typeof nativeFields>;
