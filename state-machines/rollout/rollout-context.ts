import type { Reason } from '../log/decided-events';
import type { ServicePast } from '../log/foundation/service-past';
import type { DeploymentId, EventId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { AlarmReading } from '../log/observed-events';
import type { Images, WayBack } from '../log/way-back';
import type { Rollout } from './rollout';
import type { TaskLedger } from './task-ledger';
import type { EndedHook, HookWaits, TestAnswers, TrafficProgress, WatchingState } from './traffic/traffic';
import type { Exposure } from './weighing/exposure';
import type { OldTasks } from './weighing/old-tasks';
import type { Suspicion } from './weighing/suspicion';

/** A rollout as the fold carries it: everything but its phase and what Rewind recorded on it. */
export interface RolloutContext
  extends Omit<Rollout, 'phase' | 'recorded' | 'weighed' | 'postponed' | 'otherRule' | 'progress'> {
  /** What the recorded opening says to go back to; null where it names none. */
  readonly stable: WayBack | null;
  /** The service revision that is rolled out, and its images; null where nothing has told. */
  readonly serviceRevision: string | null;
  readonly images: Images | null;
  readonly tasks: TaskLedger;
  /** The service's past, as it was when the rollout started. */
  readonly past: ServicePast;
  /** How the tasks have started and run. */
  readonly exposure: Exposure;
  /** What the tasks show that ran before the rollout. */
  readonly oldTasks: OldTasks;
  /** By the rule `evidence`: what would fail the rollout, and why it waits; null: not enough. */
  readonly suspicion: Suspicion | null;
  /** What ended the last suspicion without a verdict; null where nothing did. */
  readonly suspicionLifted: Pick<TransitionCause, 'at' | 'eventId'> | null;
  readonly taskProgress: TaskProgress;
  /** How long ECS's own configuration makes the rollout wait: no deadline counts that. */
  readonly plannedSeconds: number;
  /** How ECS replaces tasks, such as ROLLING; null where nothing has told. */
  readonly strategy: string | null;
  /** The state of the machine within `watching`, or in which that ended. */
  readonly watchingState: WatchingState;
  /** How far the shift of traffic is; null where ECS has shown none. */
  readonly traffic: TrafficProgress | null;
  /** The percents of the traffic that ECS's steps shift to, in order; empty where unknown. */
  readonly shares: readonly number[];
  /** Hooks that keep ECS waiting, by id: no deadline counts that either. */
  readonly waitingHooks: HookWaits;
  /** The PAUSE hooks that wait no longer, the last twenty. */
  readonly endedHooks: readonly EndedHook[];
  /** What people have said of the tests that are theirs to answer, by name. */
  readonly testAnswers: TestAnswers;
  /** Whether a task ran at the completion, or came to run in the bake. */
  readonly hasRunInBake: boolean;
  /** Alarms in ALARM since before the start, and not OK since: they do not count yet. */
  readonly raisedBeforeStart: readonly string[];
  /** What the policy's alarms showed at the last end of a bake; null before the first. */
  readonly alarmCheck: { readonly at: Instant; readonly alarms: readonly AlarmReading[] } | null;
  /** A bake is extended once, when something that counts gave no answer at its end. */
  readonly isBakeExtended: boolean;
  /** Started while this rollout was rolled back, and not yet known to be the way back or newer. */
  readonly successor: DeploymentId | null;
  /** The caller who first let ECS go back from it, by stopping it; null where nobody told. */
  readonly stoppedBy: string | null;
  /** Whether its revision is proven, as the policy's `provenBy` says. */
  readonly isProven: boolean;
  /** What moved the rollout into its phase. */
  readonly transitionCause: TransitionCause;
}

/**
 * Whether the rollout takes the service back: from what is known, or from what nobody has told of,
 * where ECS said at its start that it goes back. A rollback is never taken back itself.
 */
export function isRollback({
  rollbackOf,
  isGoingBack,
}: {
  readonly rollbackOf: DeploymentId | null;
  readonly isGoingBack?: boolean;
}): boolean {
  return rollbackOf !== null || isGoingBack === true;
}

/** What is kept of a rollback of which nobody has told what it takes back; else nothing. */
export function backFromUntold({
  rollbackOf,
  isGoingBack,
}: Pick<RolloutContext, 'rollbackOf' | 'isGoingBack'>): { readonly isGoingBack?: true } {
  return rollbackOf === null && isGoingBack ? { isGoingBack } : {};
}

/** How far a rollout's tasks have got, and since when they get no further. */
interface TaskProgress {
  /** The most tasks that ran at once. */
  readonly mostRunning: number;
  /** Since when new tasks do not get up without any progress; null while they do. */
  readonly hungSince: Instant | null;
}

export interface TransitionCause {
  readonly reason: Reason;
  readonly at: Instant;
  readonly eventId: EventId;
}

/** What a signal changes of a rollout. */
export type ContextChange = Partial<RolloutContext>;

/**
 * The context with a change. Written out, as a task event copies it two hundred thousand times in a
 * long history: Node 20 spreads what was made by a spread key by key, thirty times as slowly.
 */
export function changedContext(context: RolloutContext, change: ContextChange): RolloutContext {
  const copy: RolloutContext = {
    service: context.service,
    deployment: context.deployment,
    taskDefinition: context.taskDefinition,
    rollbackOf: context.rollbackOf,
    hasFailedBefore: context.hasFailedBefore,
    startedAt: context.startedAt,
    startedBy: context.startedBy,
    endedAt: context.endedAt,
    outcome: context.outcome,
    verdict: context.verdict,
    rollback: context.rollback,
    evidence: context.evidence,
    analysis: context.analysis,
    doubtedAlarms: context.doubtedAlarms,
    transitions: context.transitions,
    policy: context.policy,
    dueAt: context.dueAt,
    probationUntil: context.probationUntil,
    stable: context.stable,
    serviceRevision: context.serviceRevision,
    images: context.images,
    tasks: context.tasks,
    isGoingBack: context.isGoingBack,
    past: context.past,
    exposure: context.exposure,
    oldTasks: context.oldTasks,
    suspicion: context.suspicion,
    suspicionLifted: context.suspicionLifted,
    taskProgress: context.taskProgress,
    plannedSeconds: context.plannedSeconds,
    strategy: context.strategy,
    watchingState: context.watchingState,
    traffic: context.traffic,
    shares: context.shares,
    waitingHooks: context.waitingHooks,
    endedHooks: context.endedHooks,
    testAnswers: context.testAnswers,
    hasRunInBake: context.hasRunInBake,
    raisedBeforeStart: context.raisedBeforeStart,
    alarmCheck: context.alarmCheck,
    isBakeExtended: context.isBakeExtended,
    successor: context.successor,
    stoppedBy: context.stoppedBy,
    isProven: context.isProven,
    transitionCause: context.transitionCause,
  };
  return Object.assign(copy, change);
}
