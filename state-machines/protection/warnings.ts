import type { Policy } from '../log/policy';
import type { DeploymentConfiguration } from './configuration';
import type { ObservedAlarm, ObservedProtection } from './observed-protection';
import { describeLongPlan } from './planned-wait';
import { isOnTraffic, isPresetAlarm } from './preset-alarms';
import type { ServiceDeclaration } from './service-declaration';

/** What people should know about a service although the guard cannot change it. */
export interface Warning {
  readonly code:
    | 'AlarmRaised'
    | 'AlarmMissing'
    | 'AlarmWithoutData'
    | 'LoadBalancerWithoutAlarm'
    | 'BlindAlarms'
    | 'PresetDoesNotFit'
    | 'DeadlineBeforePlan'
    | 'TestsMissTraffic'
    | 'OwnedElsewhere';
  readonly message: string;
}

/** A service as it would be after its plan. */
interface WarningSubject {
  readonly observed: ObservedProtection;
  readonly after: DeploymentConfiguration;
  readonly declaration: ServiceDeclaration;
  readonly isChanged: boolean;
  readonly policy: Pick<Policy, 'deadlineSeconds' | 'tests'>;
}

/** The warnings about a service as it would be after its plan. Pure. */
export function warningsOn(subject: WarningSubject): Warning[] {
  return [
    ...alarmWarnings(subject),
    ...loadBalancerWarnings(subject),
    ...presetWarnings(subject),
    ...deadlineWarnings(subject),
    ...testWarnings(subject),
    ...ownerWarnings(subject),
  ];
}

function alarmWarnings({ observed, after }: WarningSubject): Warning[] {
  const { alarmNames = [], enable = false } = after.alarms ?? {};
  if (!enable) return [];
  return alarmNames.flatMap((name) => warningsOnAlarm(name, observed.alarms.get(name)));
}

function warningsOnAlarm(name: string, alarm: ObservedAlarm | undefined): Warning[] {
  if (alarm === undefined) {
    // The guard is about to make this one.
    if (isPresetAlarm(name)) return [];
    return [{ code: 'AlarmMissing', message: `the alarm ${name} does not exist, and protects nothing` }];
  }
  if (alarm.state === 'ALARM') {
    const message = `the alarm ${name} is in ALARM now: ECS would ignore all alarms of a deployment that starts`;
    return [{ code: 'AlarmRaised', message }];
  }
  if (alarm.state !== 'INSUFFICIENT_DATA') return [];
  return [{ code: 'AlarmWithoutData', message: `the alarm ${name} has no data, and sees nothing` }];
}

function loadBalancerWarnings({ observed, after, declaration }: WarningSubject): Warning[] {
  if (observed.loadBalancers.length === 0) return [];
  const { alarmNames = [], enable = false } = after.alarms ?? {};
  if (!enable || alarmNames.length === 0) {
    const message = 'it is behind a load balancer, and no alarm watches what it serves';
    return [{ code: 'LoadBalancerWithoutAlarm', message }];
  }
  const watchesTraffic = (name: string) => {
    const made = declaration.alarms.find((alarm) => alarm.name === name);
    return made ? isOnTraffic(made.definition.queries) : observed.alarms.get(name)?.isOnTraffic === true;
  };
  if (!alarmNames.every(watchesTraffic) || after.deploymentCircuitBreaker?.enable === true) return [];
  const message =
    'its alarms watch requests only, which never reach a task that never becomes healthy, and the circuit breaker is off';
  return [{ code: 'BlindAlarms', message }];
}

function presetWarnings({ declaration: { lacking } }: WarningSubject): Warning[] {
  if (lacking.length === 0) return [];
  const byNeed = new Map<string, string[]>();
  for (const { preset, needs } of lacking) byNeed.set(needs, [...(byNeed.get(needs) ?? []), preset]);
  const left = [...byNeed].map(([needs, presets]) => `${presets.join(', ')} (for want of ${needs})`);
  return [{ code: 'PresetDoesNotFit', message: `presets left out: ${left.join('; ')}` }];
}

function deadlineWarnings({ after, policy }: WarningSubject): Warning[] {
  const message = describeLongPlan(after, policy);
  return message === null ? [] : [{ code: 'DeadlineBeforePlan', message }];
}

/**
 * Service Connect tells test traffic by a header, and shifts that of its clients only.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-blue-green.html
 */
function testWarnings({ observed, policy: { tests } }: WarningSubject): Warning[] {
  const isByHeader = observed.hasOtherTraffic && observed.loadBalancers.length === 0;
  const missing = tests.filter(({ task, http }) => (task ?? http) !== undefined).map(({ name }) => name);
  if (!isByHeader || missing.length === 0) return [];
  const message = `its test traffic is that of clients of Service Connect with a header: tests that are no such clients meet the old version (${missing.join(', ')})`;
  return [{ code: 'TestsMissTraffic', message }];
}

function ownerWarnings({ observed: { owner }, isChanged }: WarningSubject): Warning[] {
  if (owner === null || !isChanged) return [];
  const message = `${owner} keeps it, and puts back what stands there: declare the same there`;
  return [{ code: 'OwnedElsewhere', message }];
}
