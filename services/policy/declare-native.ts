import {
  type DeclaredProtection,
  overlayDeclaration,
  type ProtectionPart,
  undeclared,
} from '../../state-machines/protection/configuration';
import { type ProfileName, profiles } from '../../state-machines/protection/profiles';
import type { Native } from './native-schema';

/**
 * Overlays a declaration with what one `native` declares. Pure. A profile starts over: it means
 * what its name says, whatever stood before. Without a profile, only the named fields change.
 */
export function declareNative(
  declared: DeclaredProtection,
  { profile, drift, alarms = {}, ...fields }: Native,
): DeclaredProtection {
  const { presets, thresholds, ...ownAlarms } = alarms;
  const hasAlarms = Object.keys(ownAlarms).length > 0;
  const configuration = { ...fields, ...(hasAlarms ? { alarms: ownAlarms } : {}) };
  const base = profile === undefined ? declared : declarationOfProfile(profile);
  // A field that zod left out is undefined, and changes nothing.
  return overlayDeclaration(base, { configuration, presets, thresholds, drift } as ProtectionPart);
}

function declarationOfProfile(profile: ProfileName): DeclaredProtection {
  return profile === 'none' ? undeclared : overlayDeclaration(undeclared, profiles[profile]);
}
