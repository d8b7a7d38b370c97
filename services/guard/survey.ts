import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Policy } from '../../state-machines/log/policy';
import type { DeclaredProtection } from '../../state-machines/protection/configuration';
import { withGates } from '../../state-machines/protection/gates/gate-hooks';
import type {
  ObservedProtection,
  ProtectionWithoutAlarms,
} from '../../state-machines/protection/observed-protection';
import { type ProtectionPlan, planProtection } from '../../state-machines/protection/plan';
import type { ProtectionEvent } from '../../state-machines/protection/protection-events';
import { alarmNamesToRead } from '../../state-machines/protection/service-declaration';
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
  /** Null where there is no log: then nothing is known of what the guard did before. */
  readonly log: ProtectionLog | null;
}

/** A service as it is, and as the policy wants it. */
export interface SurveyedService {
  readonly service: ServiceArn;
  readonly observed: ObservedProtection;
  readonly declared: DeclaredProtection;
  readonly policy: Policy;
  readonly plan: ProtectionPlan;
  /** The last event that the guard wrote for it; null before the first. */
  readonly last: ProtectionEvent | null;
}

/** A service that could not be surveyed. */
export interface FailedSurvey {
  readonly service: ServiceArn;
  readonly error: Error;
}

/** So many are surveyed together, and no more are held in memory. */
const servicesATime = 100;

/**
 * Looks at services and plans each, in any order, one group at a time: memory does not grow with
 * their number. A service that cannot be surveyed does not stop the others.
 */
export async function* survey(
  parts: SurveyParts,
  services: AsyncIterable<ServiceArn> | Iterable<ServiceArn>,
): AsyncIterable<SurveyedService | FailedSurvey> {
  let group: ServiceArn[] = [];
  for await (const service of services) {
    group.push(service);
    if (group.length < servicesATime) continue;
    yield* surveyGroup(parts, group);
    group = [];
  }
  yield* surveyGroup(parts, group);
}

export function isSurveyed(surveyed: SurveyedService | FailedSurvey): surveyed is SurveyedService {
  return 'plan' in surveyed;
}

async function* surveyGroup(
  parts: SurveyParts,
  services: readonly ServiceArn[],
): AsyncIterable<SurveyedService | FailedSurvey> {
  const described: DescribedProtection[] = [];
  for await (const one of parts.protections.describe(services)) {
    if ('error' in one) yield one;
    else described.push(one);
  }
  try {
    const observed = await readAlarms(parts, await readTargetGroups(parts, described));
    yield* await Promise.all(observed.map((one) => planService(parts, one)));
  } catch (error) {
    // Load balancers, alarms or the log could not be read: every service of the group needs them.
    for (const { service } of described) yield { service, error: error as Error };
  }
}

/** A service and what is declared of it, before its alarms are read. */
interface DeclaredService {
  readonly described: ProtectionWithoutAlarms;
  readonly declared: DeclaredProtection;
  readonly policy: Policy;
}

/** Asks for target groups only where a preset watches what they serve. */
async function readTargetGroups(
  { targetGroups, policies }: SurveyParts,
  services: readonly DescribedProtection[],
): Promise<DeclaredService[]> {
  const pairs = services.map((one) => ({ one, declared: policies.protectionFor(one.service) }));
  const watched = pairs.filter(({ declared: { presets } }) => presets.length > 0);
  const known = await targetGroups.describe(watched.flatMap(({ one }) => one.targetGroupArns));
  const declaredServices = pairs.map(async ({ one: { targetGroupArns, tags, ...one }, declared }) => ({
    described: {
      ...one,
      targetGroups: targetGroupArns.flatMap((arn) => known.get(arn) ?? []),
      owner: ownerIn(tags),
    },
    ...(await declaredWithGates(policies, { service: one.service, tags, declared })),
  }));
  return Promise.all(declaredServices);
}

/** The policy, and what it declares: its gates are hooks of ECS. */
async function declaredWithGates(
  policies: PolicyFile,
  {
    service,
    tags,
    declared,
  }: Pick<DescribedProtection, 'service' | 'tags'> & Pick<DeclaredService, 'declared'>,
): Promise<Pick<DeclaredService, 'declared' | 'policy'>> {
  const { policy } = await withTags(policies.policyFor(service), tags, policies.taggable);
  return { declared: withGates(declared, policy), policy };
}

interface ObservedService extends Pick<DeclaredService, 'declared' | 'policy'> {
  readonly observed: ObservedProtection;
}

async function readAlarms(
  { alarms }: SurveyParts,
  services: readonly DeclaredService[],
): Promise<ObservedService[]> {
  const named = services.map((one) => ({ one, names: alarmNamesToRead(one.declared, one.described) }));
  const known = await alarms.describe([...new Set(named.flatMap(({ names }) => names))]);
  return named.map(({ one: { described, ...one }, names }) => {
    const own = names.flatMap((name) => known.get(name) ?? []);
    return { ...one, observed: { ...described, alarms: new Map(own.map((alarm) => [alarm.name, alarm])) } };
  });
}

async function planService(
  { log }: SurveyParts,
  { observed: shown, declared, policy }: ObservedService,
): Promise<SurveyedService | FailedSurvey> {
  const { service } = shown;
  const last = (await log?.last(service)) ?? null;
  const observed = { ...shown, original: last?.standing.original ?? null };
  const plan = planProtection(declared, observed, policy);
  return { service, observed, declared, policy, plan, last };
}
