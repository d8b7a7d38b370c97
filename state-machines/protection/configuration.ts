/**
 * ECS's own protection of a service, in the words of its API. Every field may be missing: in a
 * declaration because it is left alone, in an answer of ECS because the service has none.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export interface DeploymentConfiguration {
  readonly deploymentCircuitBreaker?: CircuitBreaker;
  readonly alarms?: DeploymentAlarms;
  readonly maximumPercent?: number;
  readonly minimumHealthyPercent?: number;
  readonly strategy?: string;
  readonly bakeTimeInMinutes?: number;
  readonly canaryConfiguration?: {
    readonly canaryPercent?: number;
    readonly canaryBakeTimeInMinutes?: number;
  };
  readonly linearConfiguration?: { readonly stepPercent?: number; readonly stepBakeTimeInMinutes?: number };
  readonly lifecycleHooks?: readonly LifecycleHook[];
  readonly earlySuccessCriteria?: EarlySuccessCriteria;
}

interface CircuitBreaker {
  readonly enable?: boolean;
  readonly rollback?: boolean;
  readonly resetOnHealthyTask?: boolean;
  readonly thresholdConfiguration?: { readonly type: string; readonly value: number };
}

interface DeploymentAlarms {
  readonly alarmNames?: readonly string[];
  readonly enable?: boolean;
  readonly rollback?: boolean;
}

export interface LifecycleHook {
  readonly targetType?: string;
  readonly hookTargetArn?: string;
  readonly roleArn?: string;
  readonly lifecycleStages?: readonly string[];
  readonly hookDetails?: unknown;
  readonly timeoutConfiguration?: { readonly timeoutInMinutes?: number; readonly action?: string };
}

interface EarlySuccessCriteria {
  readonly enable?: boolean;
  readonly healthyPercent?: number;
  readonly sourceServiceRevisionCleanup?: string;
}

/** Alarms that the guard makes and keeps for a service, by what they watch. */
export const presetNames = [
  'alb-5xx',
  'target-5xx',
  'target-5xx-rate',
  'latency-p99',
  'unhealthy-hosts',
  'cpu',
  'memory',
] as const;
export type PresetName = (typeof presetNames)[number];

/** The value above which the alarm of a preset is raised, in the preset's unit. */
export type Thresholds = { readonly [preset in PresetName]?: number };

/**
 * What a policy wants of ECS's own protection of a service. What it does not name is left alone,
 * field by field.
 */
export interface DeclaredProtection {
  readonly configuration: DeploymentConfiguration;
  readonly presets: readonly PresetName[];
  readonly thresholds: Thresholds;
  /** What the guard does when somebody undoes it: put it back, or only tell. */
  readonly drift: 'mend' | 'tell';
}

/** Any part of a declaration, as one place of the policy sets it. */
export type ProtectionPart = { readonly [key in keyof DeclaredProtection]?: DeclaredProtection[key] };

/** Declares nothing: every service is left as it is. */
export const undeclared: DeclaredProtection = {
  configuration: {},
  presets: [],
  thresholds: {},
  drift: 'mend',
};

/**
 * Lays what a part declares over a declaration. Lists are replaced whole, objects field by field.
 * Pure.
 */
export function declareOver(declared: DeclaredProtection, part: ProtectionPart): DeclaredProtection {
  return {
    configuration: layOver(declared.configuration, part.configuration ?? {}),
    presets: part.presets ?? declared.presets,
    thresholds: { ...declared.thresholds, ...part.thresholds },
    drift: part.drift ?? declared.drift,
  };
}

/** Whether the declaration wants anything at all. */
export function declaresAnything({ configuration, presets }: DeclaredProtection): boolean {
  return Object.keys(configuration).length > 0 || presets.length > 0;
}

/**
 * Lays the fields that a configuration sets over another, objects field by field; fields it does
 * not set stay. Pure.
 */
export function layOver(
  below: DeploymentConfiguration,
  above: DeploymentConfiguration,
): DeploymentConfiguration {
  return layFields(below, above) as DeploymentConfiguration;
}

/**
 * A threshold is one value of two fields: half of one and half of another would be a third that
 * nobody declared.
 */
const wholeFields: ReadonlySet<string> = new Set(['thresholdConfiguration']);

function layFields(below: object, above: object): object {
  const fields = Object.entries(above).filter(([, value]) => value !== undefined);
  const laid = fields.map(([name, value]) => {
    const existing = (below as { readonly [field: string]: unknown })[name];
    const isDeep = isObject(existing) && isObject(value) && !wholeFields.has(name);
    return [name, isDeep ? layFields(existing, value) : value];
  });
  return { ...below, ...Object.fromEntries(laid) };
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
