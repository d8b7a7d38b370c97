/**
 * How the tasks of a service have started and run before: what the rule `evidence` compares a
 * rollout with. Decayed counts, so that the last few hundred starts and thousand hours weigh most.
 */
export interface ServicePast {
  readonly starts: number;
  /** Of them, those that failed before they had settled. */
  readonly failedStarts: number;
  /** Hours that tasks ran. */
  readonly taskHours: number;
  /** Tasks lost in those hours. */
  readonly losses: number;
}

export const noPast: ServicePast = { starts: 0, failedStarts: 0, taskHours: 0, losses: 0 };

/** What older counts weigh at most, in starts and in hours. */
const startsKept = 300;
const taskHoursKept = 3000;

/** The past with more of the same. Older counts fade, so that it stays bounded. Pure. */
export function withMore(past: ServicePast, more: ServicePast): ServicePast {
  const starts = past.starts + more.starts;
  const taskHours = past.taskHours + more.taskHours;
  const byStarts = Math.min(1, startsKept / Math.max(1, starts));
  const byHours = Math.min(1, taskHoursKept / Math.max(1, taskHours));
  return {
    starts: thousandths(starts * byStarts),
    failedStarts: thousandths((past.failedStarts + more.failedStarts) * byStarts),
    taskHours: thousandths(taskHours * byHours),
    losses: thousandths((past.losses + more.losses) * byHours),
  };
}

/** Short in snapshots, and nothing that a verdict would notice. */
function thousandths(count: number): number {
  return Math.round(count * 1000) / 1000;
}

/** What the rule `evidence` weighs: a rollout's counts against those of the service's past. */
export interface WeighedEvidence {
  readonly starts: number;
  readonly failedStarts: number;
  /** Hours that tasks ran after they had settled. */
  readonly taskHours: number;
  /** Settled tasks that were lost; losses that are one event count once. */
  readonly losses: number;
  readonly past: ServicePast;
  /** How many times likelier all of that is if the release is bad. */
  readonly ratio: number;
  /** The ratio that fails the rollout, by its policy. */
  readonly neededRatio: number;
}
