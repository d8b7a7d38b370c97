import { formatInstant, formatInstantOrNull } from '../../state-machines/log/instant';
import type { RolloutProgress } from '../../state-machines/rollout/traffic/traffic';

/** `progress` of a JSON document; left out where ECS has shown no stage. */
export function progressEntry(progress: RolloutProgress | null) {
  if (progress === null) return {};
  const { gate, ...place } = progress;
  return {
    progress: {
      ...place,
      gate: gate && {
        ...gate,
        since: formatInstant(gate.since),
        expiresAt: formatInstantOrNull(gate.expiresAt),
      },
    },
  };
}
