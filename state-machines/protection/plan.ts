import { sortedJson } from '../log/foundation/json';
import type { ServiceArn } from '../log/identifiers';
import { defaultPolicy, type Policy } from '../log/policy';
import { changeReason } from './change-reasons';
import {
  type DeclaredProtection,
  type DeploymentConfiguration,
  declaresAnything,
  overlayConfiguration,
} from './configuration';
import { brokenRule } from './ecs-rules';
import { changesBetween, effectiveConfiguration, type FieldChange } from './effective-configuration';
import { hindranceToGates } from './gates/gate-hooks';
import type { ObservedProtection } from './observed-protection';
import type { PresetAlarm } from './preset-alarms';
import { declarationFor } from './service-declaration';
import { type Warning, warningsOn } from './warnings';

export const planStatuses = [
  /** There is nothing to do. */
  'right',
  /** The service is to be changed now. */
  'change',
  /** The service is to be changed when its rollout is over. */
  'busy',
  /** ECS would not take what is declared. */
  'refused',
  /** ECS has no protection for a service of this kind. */
  'unguardable',
  /** The policy declares nothing for the service. */
  'undeclared',
] as const;
export type PlanStatus = (typeof planStatuses)[number];

export interface ProtectionPlan {
  readonly service: ServiceArn;
  readonly status: PlanStatus;
  /** Why the service is not changed, in a sentence; null when it is, or need not be. */
  readonly because: string | null;
  readonly before: DeploymentConfiguration;
  readonly after: DeploymentConfiguration;
  readonly changes: readonly ReasonedChange[];
  /** The alarms of presets to make, or to make what they should be. */
  readonly alarms: readonly PlannedAlarm[];
  readonly warnings: readonly Warning[];
}

interface ReasonedChange extends FieldChange {
  readonly because: string;
}

export interface PlannedAlarm {
  readonly action: 'create' | 'update';
  readonly alarm: PresetAlarm;
}

/**
 * What has to change for a service to be protected as declared. Pure. What is not declared stays as
 * it is. A plan for a service that is right has no changes, and no alarms to put.
 */
export function planProtection(
  declared: DeclaredProtection,
  observed: ObservedProtection,
  policy: Pick<Policy, 'deadlineSeconds' | 'tests'> = defaultPolicy,
): ProtectionPlan {
  const declaration = declarationFor(declared, observed);
  const before = effectiveConfiguration(observed.configuration);
  const after = effectiveConfiguration(
    overlayConfiguration(observed.configuration, declaration.configuration),
  );
  const changes = changesBetween(before, after).map((change) => ({
    ...change,
    because: changeReason(change, declared),
  }));
  const alarms = alarmsToPut(declaration.alarms, observed);
  const plan = { service: observed.service, before, after, changes, alarms };
  const status = statusOf(declared, observed, plan);
  const isLeftAlone = status.status === 'undeclared' || status.status === 'unguardable';
  if (isLeftAlone) return { ...plan, ...status, after: before, changes: [], alarms: [], warnings: [] };
  const isChanged = changes.length > 0;
  return { ...plan, ...status, warnings: warningsOn({ observed, after, declaration, isChanged, policy }) };
}

function alarmsToPut(declared: readonly PresetAlarm[], { alarms }: ObservedProtection): PlannedAlarm[] {
  return declared.flatMap((alarm): PlannedAlarm[] => {
    const existing = alarms.get(alarm.name);
    if (existing === undefined) return [{ action: 'create', alarm }];
    const isSame = sortedJson(existing.definition) === sortedJson(alarm.definition);
    return isSame ? [] : [{ action: 'update', alarm }];
  });
}

function statusOf(
  declared: DeclaredProtection,
  observed: ObservedProtection,
  plan: Pick<ProtectionPlan, 'after' | 'changes' | 'alarms'>,
): Pick<ProtectionPlan, 'status' | 'because'> {
  if (!declaresAnything(declared)) return { status: 'undeclared', because: 'the policy declares nothing' };
  if (observed.controller !== 'ECS') {
    const because = `it is deployed by ${observed.controller}: ECS has no protection for it, and Rewind cannot take it back`;
    return { status: 'unguardable', because };
  }
  const hindrance = hindranceToGates(declared, { ...observed, strategy: plan.after.strategy });
  if (hindrance !== null) return { status: 'refused', because: hindrance };
  if (plan.changes.length + plan.alarms.length === 0) return { status: 'right', because: null };
  const broken = brokenRule(plan.after, observed);
  if (broken !== null) {
    return { status: 'refused', because: `ECS would refuse it: ${broken.sentence} (rule ${broken.rule})` };
  }
  if (observed.rollout === null) return { status: 'change', because: null };
  return { status: 'busy', because: 'a rollout is under way, and is not to change its rules half way' };
}
