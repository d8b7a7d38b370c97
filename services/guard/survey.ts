import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Policy } from '../../state-machines/log/policy';
import type { DeclaredProtection } from '../../state-machines/protection/configuration';
import {
  alarmsOf,
  type ObservedProtection,
  type ProtectionPlan,
  planProtection,
  type UnalarmedProtection,
} from '../../state-machines/protection/plan';
import type { ProtectionEvent } from '../../state-machines/protection/protection-events';
import type { DescribedProtection, ServiceProtections } from '../aws/ecs/service-protections';
import type { TargetGroups } from '../aws/target-groups';
import type { ProtectionLog } from '../event-log/protection-log';
import type { PolicyFile } from '../policy/policy-file';
import { withTags } from '../policy/policy-tags';
import { ownerIn } from './owner';
import type { PresetAlarms } from './preset-alarms';

export interface SurveyParts {
  readonly protections: ServiceProtections;
  readonly targetGroups: TargetGroups;
  readonly alarms: PresetAlarms;
  readonly policies: PolicyFile;
  /** Null where no log is at hand: then nothing is known of what the guard did before. */
  readonly log: ProtectionLog | null;
}

/** A service as it is, and as it is to be. */
export interface Surveyed {
  readonly service: ServiceArn;
  readonly observed: ObservedProtection;
  readonly declared: DeclaredProtection;
  readonly policy: Policy;
  readonly plan: ProtectionPlan;
  /** The last of what the guard wrote of it; null when it never did. */
  readonly last: ProtectionEvent | null;
}

/** A service that could not be looked at. */
export interface Unsurveyed {
  readonly service: ServiceArn;
  readonly error: Error;
}

/** As many as are looked at together: what is known of them is all that is held in memory. */
const servicesATime = 100;

/**
 * Looks at services and plans each, in any order, a group at a time: the memory it takes does not grow with their number. One that
 * cannot be looked at keeps no other from it.
 */
export async function* survey(
  parts: SurveyParts,
  services: AsyncIterable<ServiceArn> | Iterable<ServiceArn>,
): AsyncIterable<Surveyed | Unsurveyed> {
  let group: ServiceArn[] = [];
  for await (const service of services) {
    group.push(service);
    if (group.length < servicesATime) continue;
    yield* surveyGroup(parts, group);
    group = [];
  }
  yield* surveyGroup(parts, group);
}

export function isSurveyed(surveyed: Surveyed | Unsurveyed): surveyed is Surveyed {
  return 'plan' in surveyed;
}

async function* surveyGroup(
  parts: SurveyParts,
  services: readonly ServiceArn[],
): AsyncIterable<Surveyed | Unsurveyed> {
  const described: DescribedProtection[] = [];
  for await (const one of parts.protections.describe(services)) {
    if ('error' in one) yield one;
    else described.push(one);
  }
  try {
    const observed = await observeAlarms(parts, await observeTargetGroups(parts, described));
    yield* await Promise.all(observed.map((one) => planned(parts, one)));
  } catch (error) {
    // Load balancers, alarms or the log could not be read, which all of them need.
    for (const { service } of described) yield { service, error: error as Error };
  }
}

interface Described {
  readonly unalarmed: UnalarmedProtection;
  readonly declared: DeclaredProtection;
  readonly policy: Policy;
}

/** Target groups are asked for only where a preset watches what they serve. */
async function observeTargetGroups(
  { targetGroups, policies }: SurveyParts,
  described: readonly DescribedProtection[],
): Promise<Described[]> {
  const declared = described.map((one) => ({ one, declared: policies.protectionFor(one.service) }));
  const asking = declared.filter(({ declared: { presets } }) => presets.length > 0);
  const known = await targetGroups.describe(asking.flatMap(({ one }) => one.targetGroupArns));
  return declared.map(({ one: { targetGroupArns, tags, ...one }, declared }) => ({
    unalarmed: {
      ...one,
      targetGroups: targetGroupArns.flatMap((arn) => known.get(arn) ?? []),
      owner: ownerIn(tags),
    },
    declared,
    policy: withTags(policies.policyFor(one.service), tags).policy,
  }));
}

interface Observed extends Omit<Described, 'unalarmed'> {
  readonly observed: ObservedProtection;
}

async function observeAlarms({ alarms }: SurveyParts, described: readonly Described[]): Promise<Observed[]> {
  const named = described.map((one) => ({ one, names: alarmsOf(one.declared, one.unalarmed) }));
  const known = await alarms.describe([...new Set(named.flatMap(({ names }) => names))]);
  return named.map(({ one: { unalarmed, ...one }, names }) => {
    const own = names.flatMap((name) => known.get(name) ?? []);
    return { ...one, observed: { ...unalarmed, alarms: new Map(own.map((alarm) => [alarm.name, alarm])) } };
  });
}

async function planned(
  { log }: SurveyParts,
  { observed, declared, policy }: Observed,
): Promise<Surveyed | Unsurveyed> {
  const { service } = observed;
  const plan = planProtection(declared, observed);
  // Of what nothing is declared of, and never was, nothing is known either.
  const last = (await log?.last(service)) ?? null;
  return { service, observed, declared, policy, plan, last };
}
