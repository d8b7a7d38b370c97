import {
  type DeclaredProtection,
  declareOver,
  type ProtectionPart,
  undeclared,
} from '../../state-machines/protection/configuration';
import { type ProfileName, profiles } from '../../state-machines/protection/profiles';
import type { Native } from './native-schema';

/**
 * Lays what one `native` declares over what was declared before it. Pure. A profile starts over: it is what its name says, whatever
 * stood before; without one, only the fields that are named change.
 */
export function declare(
  declared: DeclaredProtection,
  { profile, drift, alarms = {}, ...fields }: Native,
): DeclaredProtection {
  const { presets, thresholds, ...ownAlarms } = alarms;
  const hasAlarms = Object.keys(ownAlarms).length > 0;
  const configuration = { ...fields, ...(hasAlarms ? { alarms: ownAlarms } : {}) };
  const base = profile === undefined ? declared : startOver(profile);
  // What zod left out of it is undefined, which lays over nothing.
  return declareOver(base, { configuration, presets, thresholds, drift } as ProtectionPart);
}

function startOver(profile: ProfileName): DeclaredProtection {
  return profile === 'none' ? undeclared : declareOver(undeclared, profiles[profile]);
}
