import { isJsonObject, sortedJson } from '../log/foundation/json';
import { type DeploymentConfiguration, type LifecycleHook, overlayConfiguration } from './configuration';

/**
 * What ECS does where a field is not set, from the pages of the fields. The bake time has no
 * default here: ECS works it out from the alarms, and no value stands for that.
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

/** Fills in what ECS does where a field is not set: the same effect gives equal values. Pure. */
export function effectiveConfiguration(configuration: DeploymentConfiguration): DeploymentConfiguration {
  return ofItsStrategy(overlayConfiguration(defaults, configuration));
}

/** Drops what belongs to another strategy, as ECS does. */
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

/** One field that differs; null stands for a field that is not set. */
export interface FieldChange {
  /** The path from the configuration down, with dots: `alarms.enable`. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The fields in which two configurations differ in effect, in the order of ECS's page. Pure. */
export function changesBetween(
  before: DeploymentConfiguration,
  after: DeploymentConfiguration,
): FieldChange[] {
  return differingFields('', comparable(before), comparable(after));
}

/**
 * The parameters for UpdateService: each top-level field that differs, whole. Pure. ECS leaves
 * other fields as they are, and fills up with defaults a field that is given in part.
 */
export function parametersToChange(
  before: DeploymentConfiguration,
  after: DeploymentConfiguration,
): DeploymentConfiguration {
  const changed = new Set(changesBetween(before, after).map(({ field }) => field.split('.')[0]));
  const fields = Object.entries(effectiveConfiguration(after)).filter(([name]) => changed.has(name));
  return Object.fromEntries(fields);
}

/**
 * The alarms without an order, and the hooks as ECS shows them: it fills in what is not given.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html
 */
function comparable(configuration: DeploymentConfiguration): DeploymentConfiguration {
  const effect = effectiveConfiguration(configuration);
  const { lifecycleHooks = [], alarms = {} } = effect;
  const alarmNames = [...(alarms.alarmNames ?? [])].sort();
  return { ...effect, alarms: { ...alarms, alarmNames }, lifecycleHooks: lifecycleHooks.map(asShownByEcs) };
}

function asShownByEcs({
  targetType = 'AWS_LAMBDA',
  timeoutConfiguration,
  ...hook
}: LifecycleHook): LifecycleHook {
  const { timeoutInMinutes = 1440, action = 'ROLLBACK' } = timeoutConfiguration ?? {};
  return { targetType, ...hook, timeoutConfiguration: { timeoutInMinutes, action } };
}

function differingFields(path: string, before: object, after: object): FieldChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const field = path === '' ? name : `${path}.${name}`;
    const [one, other] = [valueIn(before, name), valueIn(after, name)];
    if (sortedJson(one) === sortedJson(other)) return [];
    if (isJsonObject(one) && isJsonObject(other) && name !== 'thresholdConfiguration') {
      return differingFields(field, one, other);
    }
    return [{ field, before: one, after: other }];
  });
}

function valueIn(fields: object, name: string): unknown {
  return (fields as { readonly [field: string]: unknown })[name] ?? null;
}
