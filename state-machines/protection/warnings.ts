import type { DeploymentConfiguration } from './configuration';
import type { ObservedAlarm, ObservedProtection, Wanted } from './plan';
import { isOnTraffic, isPresetAlarm } from './preset-alarms';

/** What somebody should know of a service, though the guard can do nothing about it. */
export interface Warning {
  readonly code:
    | 'AlarmRaised'
    | 'AlarmMissing'
    | 'AlarmWithoutData'
    | 'LoadBalancerWithoutAlarm'
    | 'BlindAlarms'
    | 'PresetDoesNotFit'
    | 'OwnedElsewhere';
  readonly message: string;
}

interface Warned {
  readonly observed: ObservedProtection;
  readonly after: DeploymentConfiguration;
  readonly wanted: Wanted;
  readonly isChanged: boolean;
}

/** What is to be told of a service as it would be after its plan. Pure. */
export function warningsOn(warned: Warned): Warning[] {
  return [...onAlarms(warned), ...onLoadBalancers(warned), ...onPresets(warned), ...onOwner(warned)];
}

function onAlarms({ observed, after }: Warned): Warning[] {
  const { alarmNames = [], enable = false } = after.alarms ?? {};
  if (!enable) return [];
  return alarmNames.flatMap((name) => onAlarm(name, observed.alarms.get(name)));
}

function onAlarm(name: string, alarm: ObservedAlarm | undefined): Warning[] {
  if (alarm === undefined) {
    // One of the guard's own is about to be made.
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

function onLoadBalancers({ observed, after, wanted }: Warned): Warning[] {
  if (observed.loadBalancers.length === 0) return [];
  const { alarmNames = [], enable = false } = after.alarms ?? {};
  if (!enable || alarmNames.length === 0) {
    const message = 'it is behind a load balancer, and no alarm watches what it serves';
    return [{ code: 'LoadBalancerWithoutAlarm', message }];
  }
  const watchesTraffic = (name: string) => {
    const made = wanted.alarms.find((alarm) => alarm.name === name);
    return made ? isOnTraffic(made.definition.queries) : observed.alarms.get(name)?.isOnTraffic === true;
  };
  if (!alarmNames.every(watchesTraffic) || after.deploymentCircuitBreaker?.enable === true) return [];
  const message =
    'its alarms watch requests only, which never reach a task that never becomes healthy, and the circuit breaker is off';
  return [{ code: 'BlindAlarms', message }];
}

function onPresets({ wanted: { lacking } }: Warned): Warning[] {
  if (lacking.length === 0) return [];
  const byNeed = new Map<string, string[]>();
  for (const { preset, needs } of lacking) byNeed.set(needs, [...(byNeed.get(needs) ?? []), preset]);
  const left = [...byNeed].map(([needs, presets]) => `${presets.join(', ')} (for want of ${needs})`);
  return [{ code: 'PresetDoesNotFit', message: `presets left out: ${left.join('; ')}` }];
}

function onOwner({ observed: { owner }, isChanged }: Warned): Warning[] {
  if (owner === null || !isChanged) return [];
  const message = `${owner} keeps it, and puts back what stands there: declare the same there`;
  return [{ code: 'OwnedElsewhere', message }];
}
