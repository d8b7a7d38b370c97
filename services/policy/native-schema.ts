import * as z from 'zod';
import { lifecycleStages, type PresetName, presetNames } from '../../state-machines/protection/configuration';
import { profileNames } from '../../state-machines/protection/profiles';
import { numberFrom, wholeNumberFrom } from './number-fields';

function tenthsFrom(least: number) {
  const error = `must be a multiple of 0.1 from ${least} to 100`;
  return numberFrom(least, 100).refine(
    (percent) => Math.abs(percent * 10 - Math.round(percent * 10)) < 1e-9,
    {
      error,
    },
  );
}

function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}` });
}

const flag = z.boolean({ error: 'must be true or false' });
const text = z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' });
const minutesOfADay = wholeNumberFrom(0, 1440);
/**
 * CloudFormation takes this many, on the way to ECS.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookTimeoutConfiguration.html
 */
const pauseMinutesAtMost = 20_160;

function objectOf<Shape extends z.ZodRawShape>(what: string, shape: Shape) {
  return z.strictObject(shape, { error: `must hold the fields of ${what}` });
}

function listOf<Item extends z.ZodType>(what: string, item: Item) {
  return z.array(item, { error: `must be a list of ${what}` });
}

const deploymentCircuitBreaker = objectOf('deploymentCircuitBreaker', {
  enable: flag.optional(),
  rollback: flag.optional(),
  resetOnHealthyTask: flag.optional(),
  thresholdConfiguration: objectOf('thresholdConfiguration', {
    type: oneOf(['COUNT', 'BOUNDED_PERCENT', 'UNBOUNDED_PERCENT']),
    value: wholeNumberFrom(1, 10_000),
  }).optional(),
});

const thresholds = objectOf(
  'thresholds: the names of presets',
  Object.fromEntries(presetNames.map((name) => [name, numberFrom(0, 1e9).optional()])) as {
    [name in PresetName]: z.ZodOptional<z.ZodNumber>;
  },
);

const alarms = objectOf('alarms', {
  alarmNames: listOf('alarm names', text).optional(),
  presets: listOf('presets', oneOf(presetNames)).optional(),
  thresholds: thresholds.optional(),
  enable: flag.optional(),
  rollback: flag.optional(),
});

const lifecycleHook = objectOf('a lifecycle hook', {
  targetType: oneOf(['AWS_LAMBDA', 'PAUSE']).optional(),
  hookTargetArn: text.optional(),
  roleArn: text.optional(),
  lifecycleStages: listOf('lifecycle stages', oneOf(lifecycleStages)).optional(),
  hookDetails: z.json().optional(),
  timeoutConfiguration: objectOf('timeoutConfiguration', {
    timeoutInMinutes: wholeNumberFrom(1, pauseMinutesAtMost).optional(),
    action: oneOf(['ROLLBACK', 'CONTINUE']).optional(),
  }).optional(),
});

const nativeFields = objectOf('native, or be the name of a profile', {
  profile: oneOf(profileNames).optional(),
  drift: oneOf(['mend', 'tell']).optional(),
  deploymentCircuitBreaker: deploymentCircuitBreaker.optional(),
  alarms: alarms.optional(),
  maximumPercent: wholeNumberFrom(1, 10_000).optional(),
  minimumHealthyPercent: wholeNumberFrom(0, 100).optional(),
  strategy: oneOf(['ROLLING', 'BLUE_GREEN', 'CANARY', 'LINEAR']).optional(),
  bakeTimeInMinutes: minutesOfADay.optional(),
  canaryConfiguration: objectOf('canaryConfiguration', {
    canaryPercent: tenthsFrom(0.1).optional(),
    canaryBakeTimeInMinutes: minutesOfADay.optional(),
  }).optional(),
  linearConfiguration: objectOf('linearConfiguration', {
    stepPercent: tenthsFrom(3).optional(),
    stepBakeTimeInMinutes: minutesOfADay.optional(),
  }).optional(),
  lifecycleHooks: listOf('lifecycle hooks', lifecycleHook).optional(),
  earlySuccessCriteria: objectOf('earlySuccessCriteria', {
    enable: flag.optional(),
    healthyPercent: wholeNumberFrom(0, 100).optional(),
    sourceServiceRevisionCleanup: oneOf(['BLOCKING', 'DEFERRED']).optional(),
  }).optional(),
});

/**
 * `native` of a policy file: ECS's own words for its protection of a service, with the ranges that
 * its pages give, or the name of a profile alone.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export const nativeSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { profile: value } : value),
  nativeFields,
);

export type Native = z.output<typeof nativeFields>;
