import { sortedJson } from '../../log/foundation/json';
import type { Policy } from '../../log/policy';
import type { DeclaredProtection, DeploymentConfiguration, LifecycleHook } from '../configuration';

/**
 * A declaration with the PAUSE hooks of the policy's gates, one for each stage. Pure. Whoever only
 * observes declares none: nobody would answer.
 */
export function withGates(
  declared: DeclaredProtection,
  { gates, mode }: Pick<Policy, 'gates' | 'mode'>,
): DeclaredProtection {
  if (gates === null || mode === 'observe') return declared;
  const action = gates.onTimeout === 'rollback' ? 'ROLLBACK' : 'CONTINUE';
  const hooks = gates.stages.map((stage) => ({
    targetType: 'PAUSE',
    lifecycleStages: [stage],
    timeoutConfiguration: { timeoutInMinutes: gates.timeoutMinutes, action },
  }));
  return { ...declared, gates: hooks };
}

/** What a service has, as far as its hooks go. */
interface HookedService {
  readonly configuration: DeploymentConfiguration;
  /** What it had before the guard first wrote; null or absent where nobody knows. */
  readonly original?: DeploymentConfiguration | null;
}

/**
 * The hooks that the service is to have: those of the gates, and whatever others are declared, or
 * are there. Pure.
 */
export function hooksWithGates(
  { gates, configuration }: DeclaredProtection,
  service: HookedService,
): readonly LifecycleHook[] {
  const present = service.configuration.lifecycleHooks ?? [];
  const others = (configuration.lifecycleHooks ?? present).filter((hook) => !isOwn(hook, gates, service));
  return [...others, ...gates];
}

/**
 * Why the gates cannot be declared on the service; null where they can. Pure. Nothing marks whose
 * pause it is that waits at a stage, and Rewind would answer a person's.
 */
export function hindranceToGates(
  { gates, configuration }: DeclaredProtection,
  service: HookedService & { readonly strategy: string | undefined },
): string | null {
  if (gates.length === 0) return null;
  if (service.strategy === 'ROLLING') {
    return 'gates need the strategy BLUE_GREEN, LINEAR or CANARY: with ROLLING, ECS waits at no stage';
  }
  const stages = gates.flatMap(({ lifecycleStages = [] }) => lifecycleStages);
  const present = configuration.lifecycleHooks ?? service.configuration.lifecycleHooks ?? [];
  const foreign = present
    .filter((hook) => hook.targetType === 'PAUSE' && !isOwn(hook, gates, service))
    .flatMap(({ lifecycleStages = [] }) => lifecycleStages)
    .find((stage) => stages.includes(stage));
  if (foreign === undefined) return null;
  return `another PAUSE hook stands at ${foreign}, and nothing tells which of the two Rewind is to answer: remove it, or leave the stage out of gates`;
}

/**
 * Whether the guard has made the hook: it is as declared, or has come to its stage since the guard
 * first wrote.
 */
function isOwn(hook: LifecycleHook, gates: readonly LifecycleHook[], { original }: HookedService): boolean {
  if (gates.some((gate) => sortedJson(gate) === sortedJson(hook))) return true;
  const [stage, ...more] = hook.lifecycleStages ?? [];
  const isAtGate = gates.some(({ lifecycleStages: [at] = [] }) => at === stage);
  if (hook.targetType !== 'PAUSE' || more.length > 0 || !isAtGate || original == null) return false;
  return !(original.lifecycleHooks ?? []).some(({ lifecycleStages = [] }) =>
    lifecycleStages.some((one) => one === stage),
  );
}
