import type { MeasuredPoint } from '../../../state-machines/analysis/measured-point';
import type { Outcome, Verdict } from '../../../state-machines/log/decided-events';
import type { CauseKind, TaskClass } from '../../../state-machines/log/stopped-task';
import type { Arrow } from '../../../state-machines/rollout/machine-chart';
import type { Phase, Rollout } from '../../../state-machines/rollout/rollout';

/**
 * What the page is given to begin with. All of the report's data is plain JSON; instants are
 * milliseconds since the epoch.
 */
export interface ReportIndex {
  /** What became of the notifications read. */
  readonly input: { readonly [kind in 'read' | 'folded' | 'duplicates' | 'ignored' | 'invalid']: number };
  readonly phases: readonly string[];
  readonly arrows: readonly Arrow[];
  readonly rollouts: readonly IndexEntry[];
}

/** What the index shows of a rollout, and what its filters look at. */
export interface IndexEntry {
  /** `cluster/service`. */
  readonly path: string;
  readonly region: string;
  readonly account: string;
  readonly deployment: string;
  /** `family:revision`; null when no event told. */
  readonly taskDefinition: string | null;
  readonly isRollback: boolean;
  readonly startedAt: number;
  readonly phase: Phase;
  readonly outcome: Outcome | null;
  readonly verdict: Pick<Verdict, 'result' | 'reason' | 'message'> | null;
  readonly secondsToVerdict: number | null;
  readonly started: number;
  readonly failed: number;
}

/** What the page reads when a rollout is opened: everything but the notifications. */
export interface RolloutDetail {
  readonly rollout: Rollout;
  /** Where its time axes end. */
  readonly endsAt: number;
  readonly timeline: readonly TimelineEntry[];
  readonly tasks: readonly TaskLane[];
  readonly evidence: readonly EvidencePoint[];
  readonly gates: readonly GateEntry[];
  /** What was measured of its users, window by window; empty where nothing was. */
  readonly measured: readonly MeasuredPoint[];
  readonly events: EventColumns;
}

/** A hook at which ECS waited for an answer. */
export interface GateEntry {
  readonly stage: string;
  readonly from: number;
  /** Null: it waits yet. */
  readonly to: number | null;
  /** When ECS itself ends the wait; null where it does not say. */
  readonly until: number | null;
  /** What kept Rewind from answering; null where nothing did. */
  readonly held: string | null;
  /** CONTINUE or ROLLBACK; null where none is known. */
  readonly answer: string | null;
  /** Rewind, or the ARN of whoever answered; null where nobody did, or AWS does not tell. */
  readonly by: string | null;
  readonly because: string | null;
  readonly isTimedOut: boolean;
}

/** One line of what happened. */
export interface TimelineEntry {
  readonly at: number;
  readonly who: string;
  readonly text: string;
  /** Its number in the figures; null for what they do not mark. */
  readonly mark: number | null;
  /** Which of the rollout's events tells it; null when none does (a deadline that passed). */
  readonly event: number | null;
}

/** The life of one task, as far as its notifications tell. */
export interface TaskLane {
  readonly task: string;
  readonly createdAt: number;
  readonly runningAt: number | null;
  readonly stoppingAt: number | null;
  readonly stoppedAt: number | null;
  readonly lastStatus: string;
  readonly taskClass: TaskClass | null;
  /** What its failure says of a further try; null where it says nothing. */
  readonly causeKind: CauseKind | null;
  readonly reason: string | null;
  /** Which of the rollout's events tell of it. */
  readonly events: readonly number[];
}

/** The counts behind the verdict, from this instant on. */
export interface EvidencePoint {
  readonly at: number;
  readonly started: number;
  readonly ran: number;
  readonly failed: number;
  /** How many times likelier it is if the release is bad; null by `percent`. */
  readonly ratio: number | null;
}

/**
 * The rollout's events in the order of the fold; a column each, because there may be fifty
 * thousand.
 */
interface EventColumns {
  readonly at: readonly number[];
  readonly label: readonly string[];
}

/** So many notifications stand in one compressed block of the page. */
export const notificationsPerBlock = 250;

/** The ids of the elements that hold the data. */
export const dataIds = {
  index: 'index-data',
  detail: (rollout: number) => `rollout-${rollout}`,
  notifications: (rollout: number, block: number) => `notifications-${rollout}-${block}`,
} as const;
