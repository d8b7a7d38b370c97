import {
  type DeclaredProtection,
  type DeploymentConfiguration,
  declaresAnything,
  overlayConfiguration,
} from './configuration';
import { effectiveConfiguration } from './effective-configuration';
import { hooksWithGates } from './gates/gate-hooks';
import type { ProtectionWithoutAlarms } from './observed-protection';
import { isPresetAlarm, type PresetAlarm, presetAlarm } from './preset-alarms';

/** What a declaration comes to for one service: its presets have become alarms with names. */
export interface ServiceDeclaration {
  readonly configuration: DeploymentConfiguration;
  readonly alarms: readonly PresetAlarm[];
  /** The presets for which the service has nothing to watch. */
  readonly lacking: readonly { readonly preset: string; readonly needs: string }[];
}

/** Works out what the declaration asks of this service. Pure. */
export function declarationFor(
  declared: DeclaredProtection,
  observed: ProtectionWithoutAlarms,
): ServiceDeclaration {
  const made = declared.presets.map((preset) => ({
    preset,
    alarm: presetAlarm(preset, observed, declared.thresholds),
  }));
  const alarms = made.flatMap(({ alarm }) => ('name' in alarm ? [alarm] : []));
  const lacking = made.flatMap(({ preset, alarm }) =>
    'needs' in alarm ? [{ preset, needs: alarm.needs }] : [],
  );
  const named = withAlarmNames(declared, observed, alarms);
  const hooks = declared.gates.length === 0 ? {} : { lifecycleHooks: hooksWithGates(declared, observed) };
  const configuration = { ...named, ...hooks };
  return { configuration, alarms, lacking };
}

/** The names of all alarms that a plan for the service asks about. Pure. */
export function alarmNamesToRead(declared: DeclaredProtection, observed: ProtectionWithoutAlarms): string[] {
  if (!declaresAnything(declared) || observed.controller !== 'ECS') return [];
  const { configuration, alarms } = declarationFor(declared, observed);
  const after = effectiveConfiguration(overlayConfiguration(observed.configuration, configuration));
  return [...new Set([...(after.alarms?.alarmNames ?? []), ...alarms.map(({ name }) => name)])];
}

function withAlarmNames(
  { configuration, presets }: DeclaredProtection,
  observed: ProtectionWithoutAlarms,
  made: readonly PresetAlarm[],
): DeploymentConfiguration {
  if (configuration.alarms === undefined && presets.length === 0) return configuration;
  // Where no names are declared, the names that others set stay. The guard's own follow its
  // presets.
  const present = observed.configuration.alarms?.alarmNames ?? [];
  const others = configuration.alarms?.alarmNames ?? present.filter((name) => !isPresetAlarm(name));
  const alarmNames = [...new Set([...others, ...made.map(({ name }) => name)])];
  const isAccepted = alarmNames.length > 0 || configuration.alarms?.enable === false;
  if (isAccepted) return overlayConfiguration(configuration, { alarms: { alarmNames } });
  // ECS refuses enabled alarms without a name: where none fits the service, its alarms stay as they
  // are.
  const { alarms: _refused, ...withoutAlarms } = configuration;
  return withoutAlarms;
}
