import { isJsonObject } from '../log/foundation/json';

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

/** The stages of a deployment at which ECS calls hooks, in their order. */
export const lifecycleStages = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
] as const;
export type LifecycleStage = (typeof lifecycleStages)[number];

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html */
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

/** The alarms that the guard makes and maintains for a service, named by what they watch. */
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

/** What a policy declares of ECS's own protection. A field that it does not name is left alone. */
export interface DeclaredProtection {
  readonly configuration: DeploymentConfiguration;
  readonly presets: readonly PresetName[];
  readonly thresholds: Thresholds;
  /** The PAUSE hooks of the policy's gates, beside whatever other hooks there are. */
  readonly gates: readonly LifecycleHook[];
  /**
   * What the guard does when somebody changes a declared field: set it again, or only report it.
   */
  readonly drift: 'mend' | 'tell';
}

/** Any part of a declaration, as one place of the policy sets it. */
export type ProtectionPart = { readonly [key in keyof DeclaredProtection]?: DeclaredProtection[key] };

/** Declares nothing: every service is left as it is. */
export const undeclared: DeclaredProtection = {
  configuration: {},
  presets: [],
  thresholds: {},
  gates: [],
  drift: 'mend',
};

/** Overlays a declaration with a part. Lists are replaced whole, objects field by field. Pure. */
export function overlayDeclaration(declared: DeclaredProtection, part: ProtectionPart): DeclaredProtection {
  return {
    configuration: overlayConfiguration(declared.configuration, part.configuration ?? {}),
    presets: part.presets ?? declared.presets,
    thresholds: { ...declared.thresholds, ...part.thresholds },
    gates: part.gates ?? declared.gates,
    drift: part.drift ?? declared.drift,
  };
}

/** Whether the declaration asks for anything at all. */
export function declaresAnything({ configuration, presets, gates }: DeclaredProtection): boolean {
  return Object.keys(configuration).length > 0 || presets.length + gates.length > 0;
}

/** Overlays a configuration with the fields that another sets; all other fields stay. Pure. */
export function overlayConfiguration(
  below: DeploymentConfiguration,
  above: DeploymentConfiguration,
): DeploymentConfiguration {
  return overlayFields(below, above) as DeploymentConfiguration;
}

/** A threshold is one value of two fields. Mixing two thresholds makes one that nobody declared. */
const wholeFields: ReadonlySet<string> = new Set(['thresholdConfiguration']);

function overlayFields(below: object, above: object): object {
  const fields = Object.entries(above).filter(([, value]) => value !== undefined);
  const overlaid = fields.map(([name, value]) => {
    const existing = (below as { readonly [field: string]: unknown })[name];
    const isDeep = isJsonObject(existing) && isJsonObject(value) && !wholeFields.has(name);
    return [name, isDeep ? overlayFields(existing, value) : value];
  });
  return { ...below, ...Object.fromEntries(overlaid) };
}
