import type { Instant } from '../log/instant';
import type { ArmCounts } from '../log/measuring/measurement';

/** What a load balancer tells of one target group and one minute. */
export interface GroupMinute {
  /** The minute's end. */
  readonly until: Instant;
  readonly requests: number;
  /** Answered by a target with 5xx. */
  readonly errors: number;
  /** Answered later than was asked for; null where nothing tells. */
  readonly slow: number | null;
}

/** A target group over a span of time. Minutes without a request are left out. */
export interface GroupReading {
  /** Its ARN. */
  readonly targetGroup: string;
  readonly minutes: readonly GroupMinute[];
  /** The back-end did not tell all that it has. */
  readonly isPartial: boolean;
}

/** What of a minute counts against a version. */
type MinuteCount = (minute: GroupMinute) => number | null;

export const countErrors: MinuteCount = ({ errors }) => errors;
export const countSlow: MinuteCount = ({ slow }) => slow;

export const minuteSeconds = 60;

/** The counts of a group's minutes by their ends, without those that nothing tells of. Pure. */
export function countsByMinute(
  { minutes }: Pick<GroupReading, 'minutes'>,
  count: MinuteCount,
): ReadonlyMap<Instant, ArmCounts> {
  const counts = new Map<Instant, ArmCounts>();
  for (const minute of minutes) {
    const events = count(minute);
    if (events !== null) counts.set(minute.until, { requests: minute.requests, events });
  }
  return counts;
}
