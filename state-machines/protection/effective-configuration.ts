import { type DeploymentConfiguration, isObject, type LifecycleHook, layOver } from './configuration';

/**
 * What ECS does where a service has nothing set, by the pages of the fields. A bake time is not
 * among them: without one ECS works it out from the alarms, which no value says.
 */
const defaults: DeploymentConfiguration = {
  deploymentCircuitBreaker: {
    enable: false,
    rollback: false,
    resetOnHealthyTask: true,
    thresholdConfiguration: { type: 'BOUNDED_PERCENT', value: 50 },
  },
  alarms: { alarmNames: [], enable: false, rollback: false },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
  lifecycleHooks: [],
  earlySuccessCriteria: { enable: false },
};

/**
 * A configuration with the values that hold where it says nothing: two that have the same effect
 * are equal then. Pure.
 */
export function inEffect(configuration: DeploymentConfiguration): DeploymentConfiguration {
  return ofItsStrategy(layOver(defaults, configuration));
}

/** What belongs to a strategy goes with it, as it does in ECS. */
function ofItsStrategy(configuration: DeploymentConfiguration): DeploymentConfiguration {
  const { canaryConfiguration, linearConfiguration, lifecycleHooks, earlySuccessCriteria, ...others } =
    configuration;
  const { strategy } = configuration;
  return {
    ...others,
    ...(strategy === 'CANARY' && canaryConfiguration ? { canaryConfiguration } : {}),
    ...(strategy === 'LINEAR' && linearConfiguration ? { linearConfiguration } : {}),
    ...(strategy === 'ROLLING' && earlySuccessCriteria ? { earlySuccessCriteria } : {}),
    lifecycleHooks: strategy === 'ROLLING' ? [] : (lifecycleHooks ?? []),
  };
}

/** One field that differs; a null stands for what is not set. */
export interface FieldChange {
  /** From the configuration down, with points between. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * The fields in which one configuration has another effect than the other, in the order of ECS's
 * page. Pure.
 */
export function changesBetween(
  before: DeploymentConfiguration,
  after: DeploymentConfiguration,
): FieldChange[] {
  return differences('', comparable(before), comparable(after));
}

/**
 * What UpdateService is to be given: each top-level field that differs, whole. ECS leaves what is
 * not given as it is, and fills up with defaults what is given in part. Pure.
 */
export function parametersToChange(
  before: DeploymentConfiguration,
  after: DeploymentConfiguration,
): DeploymentConfiguration {
  const changed = new Set(changesBetween(before, after).map(({ field }) => field.split('.')[0]));
  const fields = Object.entries(inEffect(after)).filter(([name]) => changed.has(name));
  return Object.fromEntries(fields);
}

/**
 * The alarms in no order, and the hooks as ECS shows them: it fills in what is not given.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html
 */
function comparable(configuration: DeploymentConfiguration): DeploymentConfiguration {
  const effect = inEffect(configuration);
  const { lifecycleHooks = [], alarms = {} } = effect;
  const alarmNames = [...(alarms.alarmNames ?? [])].sort();
  return { ...effect, alarms: { ...alarms, alarmNames }, lifecycleHooks: lifecycleHooks.map(asShown) };
}

function asShown({ targetType = 'AWS_LAMBDA', timeoutConfiguration, ...hook }: LifecycleHook): LifecycleHook {
  const { timeoutInMinutes = 1440, action = 'ROLLBACK' } = timeoutConfiguration ?? {};
  return { targetType, ...hook, timeoutConfiguration: { timeoutInMinutes, action } };
}

function differences(path: string, before: object, after: object): FieldChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const field = path === '' ? name : `${path}.${name}`;
    const [one, other] = [fieldOf(before, name), fieldOf(after, name)];
    if (canonical(one) === canonical(other)) return [];
    if (isObject(one) && isObject(other) && name !== 'thresholdConfiguration') {
      return differences(field, one, other);
    }
    return [{ field, before: one, after: other }];
  });
}

function fieldOf(fields: object, name: string): unknown {
  return (fields as { readonly [field: string]: unknown })[name] ?? null;
}

/** A value as text, the same whatever the order in which its fields were set. Pure. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
