/**
 * How long ECS's own configuration makes a deployment wait, in seconds: the bakes between the steps
 * of a traffic shift, and the bake at the end. Defaults are those of ECS:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html
 * Hooks that wait are told by notifications, and are not in it. `shiftSeconds` is what each shift
 * of traffic takes beside.
 */
export function plannedSeconds(
  configuration: { readonly [key: string]: unknown } | null,
  shiftSeconds = 0,
): number {
  if (configuration === null) return 0;
  const bake = numberAt(configuration, 'bakeTimeInMinutes', 0);
  const shares = trafficShares(configuration);
  // The traffic for tests is shifted once, before that of the users.
  const shifts = shares.length === 0 ? 0 : shares.length + 1;
  return 60 * (stepMinutes(configuration) + bake) + shifts * shiftSeconds;
}

/** The percents of the users' traffic that ECS shifts to, step by step; else none. */
export function trafficShares(configuration: { readonly [key: string]: unknown } | null): readonly number[] {
  const first = firstSharePercent(configuration);
  if (first === null) return [];
  if (strategyIn(configuration) !== 'LINEAR') return first < 100 ? [first, 100] : [100];
  const steps = Math.ceil(100 / first);
  return Array.from({ length: steps }, (_, step) => Math.min(100, Math.round(first * (step + 1) * 10) / 10));
}

/** How ECS replaces tasks: ROLLING, or a strategy that shifts traffic; null where nothing tells. */
export function strategyIn(configuration: { readonly [key: string]: unknown } | null): string | null {
  const strategy = configuration?.strategy;
  return typeof strategy === 'string' ? strategy : null;
}

/**
 * The share of traffic that a new version gets first, in percent; null where ECS replaces tasks.
 */
export function firstSharePercent(configuration: { readonly [key: string]: unknown } | null): number | null {
  switch (strategyIn(configuration)) {
    case 'LINEAR':
      return numberAt(partAt(configuration ?? {}, 'linearConfiguration'), 'stepPercent', 10);
    case 'CANARY':
      return numberAt(partAt(configuration ?? {}, 'canaryConfiguration'), 'canaryPercent', 5);
    case 'BLUE_GREEN':
      return 100;
    default:
      return null;
  }
}

function stepMinutes(configuration: { readonly [key: string]: unknown }): number {
  const linear = partAt(configuration, 'linearConfiguration');
  const canary = partAt(configuration, 'canaryConfiguration');
  switch (configuration.strategy) {
    case 'LINEAR': {
      const steps = Math.ceil(100 / numberAt(linear, 'stepPercent', 10));
      return steps * numberAt(linear, 'stepBakeTimeInMinutes', 6);
    }
    case 'CANARY':
      return numberAt(canary, 'canaryBakeTimeInMinutes', 10);
    default:
      return 0;
  }
}

function partAt(configuration: { readonly [key: string]: unknown }, key: string) {
  return Object(configuration[key]) as { readonly [key: string]: unknown };
}

function numberAt(part: { readonly [key: string]: unknown }, key: string, byDefault: number): number {
  const value = part[key];
  return typeof value === 'number' && value > 0 ? value : byDefault;
}
