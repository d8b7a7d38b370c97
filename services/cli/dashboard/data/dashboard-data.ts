import type { Outcome, Verdict } from '../../../../state-machines/log/decided-events';
import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import type { Arrow } from '../../../../state-machines/rollout/machine-chart';
import type { Phase } from '../../../../state-machines/rollout/rollout';
import type { RevisionChange } from '../../diff/revision-difference';
import type { RolloutDetail } from '../../report/report-data';
import type { RolloutMark } from '../../session/rollouts/rollout-standing';

/**
 * What the dashboard's server answers to its page: plain JSON, in which instants are milliseconds
 * since the epoch.
 */
export interface Overview {
  readonly source: SourceName;
  /** Whose credentials read; null where AWS does not say, and for a file. */
  readonly caller: string | null;
  /** Whether the page may act: only then does it have anything to act with. */
  readonly isActing: boolean;
  /** The time in the log: of a file, its end. */
  readonly now: number;
  readonly services: readonly ServiceEntry[];
  /** So many services are known and have not been read yet. */
  readonly unread: number;
}

export interface SourceName {
  readonly kind: 'table' | 'export';
  readonly name: string;
}

/** What the page hears while it looks. */
export interface OverviewChange {
  readonly now: number;
  readonly changed: readonly ServiceEntry[];
  readonly unread: number;
}

/** A service in the list. */
export interface ServiceEntry {
  readonly service: ServiceArn;
  /** `cluster/service`. */
  readonly path: string;
  readonly region: string;
  readonly account: string;
  readonly standing: 'needsYou' | 'live' | 'quiet';
  /** Its newest rollout; null where none is known. */
  readonly rollout: ListedRollout | null;
  /** What Rewind would go back to. */
  readonly stable: string | null;
  readonly hold: ServiceHold | null;
  /** Where ECS waits for somebody's answer, and until when at most; null where it waits at none. */
  readonly gate: { readonly stage: string | null; readonly until: number | null } | null;
  /** Since when its newest rollout bakes; null where it does not. */
  readonly bakesSince: number | null;
}

/** Somebody holds the service, or all of Rewind. */
export interface ServiceHold {
  readonly kind: 'frozen' | 'paused' | 'stopped';
  /** Null: until somebody lifts it. */
  readonly until: number | null;
  readonly by: string | null;
  readonly reason: string | null;
}

/** A rollout in a list. */
export interface ListedRollout {
  readonly deployment: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly dueAt: number | null;
  readonly phase: Phase;
  readonly outcome: Outcome | null;
  readonly isRollback: boolean;
  /** `family:revision`. */
  readonly runs: string;
  readonly mark: RolloutMark;
  readonly verdict: Pick<Verdict, 'result' | 'reason' | 'message' | 'at'> | null;
  readonly tasks: { readonly started: number; readonly running: number; readonly failed: number };
  readonly who: string;
  readonly why: string | null;
  readonly commit: string;
}

/** A revision of a service, and what the log knows of it. */
export interface RevisionEntry {
  /** `family:revision`. */
  readonly name: string;
  readonly standing: 'proven' | 'failed' | 'ran here' | 'never ran here';
  readonly isRunning: boolean;
  readonly isStable: boolean;
  readonly commit: string;
  /** When its last rollout here began; null where none is known. */
  readonly startedAt: number | null;
}

/** A service that is open. */
export interface ServicePage {
  readonly entry: ServiceEntry;
  /** Newest first. */
  readonly rollouts: readonly ListedRollout[];
  readonly revisions: readonly RevisionEntry[];
  /** Its page in the console of AWS. */
  readonly consoleAddress: string;
}

/** What ECS shows of a service now; null where it cannot be asked. */
export interface EcsNow {
  readonly desiredCount: number | null;
  readonly runningCount: number | null;
  readonly rolloutState: string | null;
  readonly gate: {
    readonly stage: string;
    readonly hooks: readonly { readonly id: string; readonly expiresAt: number | null }[];
  } | null;
  /** The tool that manages the service, and may deploy again. */
  readonly owner: string | null;
}

/** A rollout as it was known at some time. */
export interface RolloutPage {
  /** What was learnt later is left out. */
  readonly knownAt: number;
  /** Null: nothing was known of it then. */
  readonly detail: RolloutDetail | null;
  readonly machine: { readonly phases: readonly string[]; readonly arrows: readonly Arrow[] };
  readonly place: string;
  readonly path: string;
  /** Who and why; null where an earlier time was asked for, and where the log keeps no record. */
  readonly listed: ListedRollout | null;
  readonly life: RolloutLife;
}

/** A rollout from its start to what is known now, for whoever travels through it. */
export interface RolloutLife {
  readonly from: number;
  readonly to: number;
  /** Whether more may come. */
  readonly isLive: boolean;
  /** So many events tell of it, as is known now. */
  readonly facts: number;
  /** When something happened, and when something was learnt; thinned out where there is much. */
  readonly happened: readonly number[];
  readonly learnt: readonly number[];
  readonly turns: readonly LifeTurn[];
  readonly late: readonly LateFact[];
}

/** A decision of Rewind, at the time at which it stood in the log. */
export interface LifeTurn {
  readonly at: number;
  readonly text: string;
}

/** What was learnt long after it took place. */
export interface LateFact {
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly text: string;
  /** It took place before the verdict, and was learnt behind it: it changes nothing any more. */
  readonly isBehindVerdict: boolean;
}

/** Two revisions of a service, side by side. */
export interface RevisionComparison {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly RevisionChange[];
  readonly notes: readonly string[];
}

/** What an act has come to, in the words of the command line. */
export interface ActAnswer {
  readonly isDone: boolean;
  readonly command: string;
  readonly lines: readonly string[];
}
