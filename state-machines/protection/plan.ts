import type { ServiceArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { reasonFor } from './change-reasons';
import {
  type DeclaredProtection,
  type DeploymentConfiguration,
  declaresAnything,
  layOver,
} from './configuration';
import { brokenRule } from './ecs-rules';
import { canonical, changesBetween, type FieldChange, inEffect } from './effective-configuration';
import {
  type AlarmDefinition,
  isPresetAlarm,
  type PresetAlarm,
  presetAlarm,
  type TargetGroup,
} from './preset-alarms';
import { type Warning, warningsOn } from './warnings';

/** A service, as ECS, its load balancers and CloudWatch show it at this moment. */
export interface ObservedProtection {
  readonly service: ServiceArn;
  /** `ECS`, or a controller that protects its deployments by itself. */
  readonly controller: string;
  readonly configuration: DeploymentConfiguration;
  /** The deployment that ECS works on, and when it last moved; null when it works on none. */
  readonly rollout: { readonly taskDefinition: string; readonly since: Instant } | null;
  readonly loadBalancers: readonly { readonly hasAdvancedConfiguration: boolean }[];
  /** Service Connect or VPC Lattice. */
  readonly hasOtherTraffic: boolean;
  readonly targetGroups: readonly TargetGroup[];
  /**
   * What keeps the service as it is written elsewhere, as far as its tags tell; null when they do
   * not.
   */
  readonly owner: string | null;
  /** By name, those that exist of `alarmsOf`. */
  readonly alarms: ReadonlyMap<string, ObservedAlarm>;
}

export interface ObservedAlarm {
  readonly name: string;
  /** OK, ALARM or INSUFFICIENT_DATA. */
  readonly state: string;
  /** Whether all that it watches are requests that reach targets through a load balancer. */
  readonly isOnTraffic: boolean;
  /** Null when it is none that the guard could have made. */
  readonly definition: AlarmDefinition | null;
}

export interface ProtectionPlan {
  readonly service: ServiceArn;
  /**
   * `right`: nothing to do. `change`: to be changed now. `busy`: to be changed when its rollout is
   * over. `refused`: ECS would not take it. `unguardable`: it has no protection of its own.
   * `undeclared`: nothing is wanted of it.
   */
  readonly verdict: 'right' | 'change' | 'busy' | 'refused' | 'unguardable' | 'undeclared';
  /** Why it is not changed, in a sentence; null when it is, or need not be. */
  readonly because: string | null;
  readonly before: DeploymentConfiguration;
  readonly after: DeploymentConfiguration;
  readonly changes: readonly ReasonedChange[];
  /** The alarms of presets to make, or to make what they should be. */
  readonly alarms: readonly PlannedAlarm[];
  readonly warnings: readonly Warning[];
}

export interface ReasonedChange extends FieldChange {
  readonly because: string;
}

export interface PlannedAlarm {
  readonly action: 'create' | 'update';
  readonly alarm: PresetAlarm;
}

/** Everything known of an observation but the alarms. */
export type UnalarmedProtection = Omit<ObservedProtection, 'alarms'>;

/**
 * What would have to change for a service to be protected as declared. Pure. What is not declared
 * stays as it is; a service that is right has no changes, and no alarms to put.
 */
export function planProtection(declared: DeclaredProtection, observed: ObservedProtection): ProtectionPlan {
  const wanted = wantedOf(declared, observed);
  const before = inEffect(observed.configuration);
  const after = inEffect(layOver(observed.configuration, wanted.configuration));
  const changes = changesBetween(before, after).map((change) => ({
    ...change,
    because: reasonFor(change, declared),
  }));
  const alarms = alarmsToPut(wanted.alarms, observed);
  const plan = { service: observed.service, before, after, changes, alarms };
  const judged = judge(declared, observed, plan);
  const isLeftAlone = judged.verdict === 'undeclared' || judged.verdict === 'unguardable';
  if (isLeftAlone) return { ...plan, ...judged, after: before, changes: [], alarms: [], warnings: [] };
  return {
    ...plan,
    ...judged,
    warnings: warningsOn({ observed, after, wanted, isChanged: changes.length > 0 }),
  };
}

/** The names of all alarms that a plan for the service asks about. Pure. */
export function alarmsOf(declared: DeclaredProtection, observed: UnalarmedProtection): string[] {
  if (!declaresAnything(declared) || observed.controller !== 'ECS') return [];
  const { configuration, alarms } = wantedOf(declared, observed);
  const after = inEffect(layOver(observed.configuration, configuration));
  return [...new Set([...(after.alarms?.alarmNames ?? []), ...alarms.map(({ name }) => name)])];
}

/** What a declaration comes to for one service: presets have become alarms, by name. */
export interface Wanted {
  readonly configuration: DeploymentConfiguration;
  readonly alarms: readonly PresetAlarm[];
  readonly lacking: readonly { readonly preset: string; readonly needs: string }[];
}

function wantedOf(declared: DeclaredProtection, observed: UnalarmedProtection): Wanted {
  const { configuration, presets, thresholds } = declared;
  const made = presets.map((preset) => ({ preset, alarm: presetAlarm(preset, observed, thresholds) }));
  const alarms = made.flatMap(({ alarm }) => ('name' in alarm ? [alarm] : []));
  const lacking = made.flatMap(({ preset, alarm }) =>
    'needs' in alarm ? [{ preset, needs: alarm.needs }] : [],
  );
  const isAboutAlarms = configuration.alarms !== undefined || presets.length > 0;
  if (!isAboutAlarms) return { configuration, alarms, lacking };
  // Without declared names, those that others put there stay; the guard's own come and go with
  // their presets.
  const there = observed.configuration.alarms?.alarmNames ?? [];
  const others = configuration.alarms?.alarmNames ?? there.filter((name) => !isPresetAlarm(name));
  const alarmNames = [...new Set([...others, ...alarms.map(({ name }) => name)])];
  // ECS watches no alarms without a name: where none fits the service, its alarms stay as they are,
  // unless they are to be off.
  const { alarms: _unwatched, ...unalarmed } = configuration;
  const named = layOver(configuration, { alarms: { alarmNames } });
  const isTaken = alarmNames.length > 0 || configuration.alarms?.enable === false;
  return { configuration: isTaken ? named : unalarmed, alarms, lacking };
}

function alarmsToPut(wanted: readonly PresetAlarm[], { alarms }: ObservedProtection): PlannedAlarm[] {
  return wanted.flatMap((alarm): PlannedAlarm[] => {
    const existing = alarms.get(alarm.name);
    if (existing === undefined) return [{ action: 'create', alarm }];
    return canonical(existing.definition) === canonical(alarm.definition)
      ? []
      : [{ action: 'update', alarm }];
  });
}

function judge(
  declared: DeclaredProtection,
  observed: ObservedProtection,
  plan: Pick<ProtectionPlan, 'after' | 'changes' | 'alarms'>,
): Pick<ProtectionPlan, 'verdict' | 'because'> {
  if (!declaresAnything(declared)) return { verdict: 'undeclared', because: 'the policy declares nothing' };
  if (observed.controller !== 'ECS') {
    const because = `it is deployed by ${observed.controller}: ECS has no protection for it, and Rewind cannot take it back`;
    return { verdict: 'unguardable', because };
  }
  if (plan.changes.length + plan.alarms.length === 0) return { verdict: 'right', because: null };
  const broken = brokenRule(plan.after, observed);
  if (broken !== null) {
    return { verdict: 'refused', because: `ECS would refuse it: ${broken.sentence} (rule ${broken.rule})` };
  }
  if (observed.rollout === null) return { verdict: 'change', because: null };
  return { verdict: 'busy', because: 'a rollout is under way, and is not to change its rules half way' };
}
