import type { Instant } from '../../log/instant';

/**
 * An alarm with a past: it is raised where no release can be why, or was raised when the rollout
 * started, or shortly before. By the rule `evidence` it is believed when it lasts, or when it is
 * raised often; into an incident, which may flap until the release mends it, only when it lasts.
 */
export interface DoubtedAlarm {
  readonly alarm: string;
  /** How often it was raised in the week before although no release can be why; at most three. */
  readonly raisedBefore: number;
  /** It was raised at the start of the rollout, or within half an hour before it. */
  readonly wasRaisedAtStart?: true;
  /** Since when it is in ALARM; null while it is not. */
  readonly since: Instant | null;
  /** When it was raised in the rollout: the last three. */
  readonly raises: readonly Instant[];
}

export const believedAfterSeconds = 300;

/** Why an alarm is doubted. */
export function describeDoubt({ raisedBefore, wasRaisedAtStart }: DoubtedAlarm): string {
  if (wasRaisedAtStart) return 'it was raised when the rollout started, or shortly before';
  const times = raisedBefore === 1 ? 'once' : `${raisedBefore} times${raisedBefore < 3 ? '' : ' or more'}`;
  return `it was raised ${times} in the week before, with no release to blame`;
}
