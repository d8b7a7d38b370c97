import type { LiveAnalysis } from '../analysis/live-analysis';
import type { Outcome, Reason, RollbackActor, Verdict } from '../log/decided-events';
import type { WeighedEvidence } from '../log/foundation/service-past';
import type { DeploymentId, EventId, ServiceArn, TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { Policy } from '../log/policy';
import type { HoldReason, HookAction } from '../log/traffic/gate-events';
import type { TestEnded } from '../log/traffic/test-events';
import type { Images } from '../log/way-back';
import type { DoubtedAlarm } from './alarms/doubted-alarm';
import type { Evidence } from './evidence';
import type { RolloutProgress } from './traffic/traffic';
import type { Postponement } from './weighing/suspicion';

export type Phase = 'watching' | 'baking' | 'rollingBack' | 'done';

/**
 * One attempt by ECS to bring a service to a task definition, as far as the log tells. Plain JSON.
 */
export interface Rollout {
  readonly service: ServiceArn;
  readonly deployment: DeploymentId;
  /** Null until an event has told. */
  readonly taskDefinition: TaskDefinitionArn | null;
  /** The deployment that this rollout takes back; null where it takes none back, or nobody told. */
  readonly rollbackOf: DeploymentId | null;
  /** ECS said at its start that it goes back to the deployment. */
  readonly isGoingBack: boolean;
  /**
   * Whether the last judgement on the task definition was a failed verdict, when it was deployed.
   */
  readonly hasFailedBefore: boolean;
  readonly startedAt: Instant;
  /**
   * The event at which the rollout was first heard of: its recorded opening stands right behind it.
   */
  readonly startedBy: EventId;
  readonly endedAt: Instant | null;
  readonly phase: Phase;
  /** How far ECS is with it while it is watched; null where ECS has shown no stage. */
  readonly progress: RolloutProgress | null;
  readonly outcome: Outcome | null;
  readonly verdict: Verdict | null;
  readonly rollback: Rollback | null;
  readonly evidence: Evidence;
  /** Alarms that are believed only when they last, or are raised often. */
  readonly doubtedAlarms: readonly DoubtedAlarm[];
  readonly transitions: readonly Transition[];
  readonly policy: Policy;
  /**
   * Where this phase ends by time alone: the deadline while watching or rolling back, the end of
   * the bake; null if it has none.
   */
  readonly dueAt: Instant | null;
  /** Until when its pass may be revoked; null where it may not. */
  readonly probationUntil: Instant | null;
  /** What Rewind has recorded of its decisions on this rollout. */
  readonly recorded: RecordedDecisions;
  /** By the rule `evidence`: what its tasks have shown, weighed; null by `percent`. */
  readonly weighed: WeighedEvidence | null;
  /** What its measurements have come to; null where nothing is measured, or not yet. */
  readonly analysis: LiveAnalysis | null;
  /** Why the verdict waits for which the evidence is enough; null where it does not. */
  readonly postponed: Postponement | null;
  /** Who brought it, as they said through `rewind` or CloudTrail tells; absent: nobody told. */
  readonly by?: string;
  /** What the rule says that the policy did not choose; absent where nobody asked it. */
  readonly otherRule?: OtherRule;
}

interface OtherRule {
  readonly failureRule: Policy['failureRule'];
  readonly verdict: Verdict | null;
}

/** The way back, as requested by Rewind or as seen in the history. */
export interface Rollback {
  readonly by: RollbackActor;
  /** Null when no safe target is known. */
  readonly target: TaskDefinitionArn | null;
  /** The service revision and the images to return to; null where nothing has told them. */
  readonly serviceRevision: string | null;
  readonly images: Images | null;
  readonly requestedAt: Instant;
  readonly issuedAt: Instant | null;
  readonly completedAt: Instant | null;
  /** The deployment that takes the service back. */
  readonly deployment: DeploymentId | null;
}

export interface Transition {
  readonly from: Phase;
  readonly to: Phase;
  readonly at: Instant;
  readonly reason: Reason;
  readonly eventId: EventId;
}

/** The decisions of a rollout that stand in the log. */
export interface RecordedDecisions {
  readonly opened: boolean;
  /** It was opened from the log alone, and ECS has not been seen since. */
  readonly isOpenedUnseen?: true;
  /** Since when AWS did not answer, the last time that this was told; absent where it was not. */
  readonly sightLostSince?: Instant;
  /** It was told that a verdict is postponed, and not yet that this is over. */
  readonly isPostponed?: true;
  /** What was told of suspicions, newest first: nothing is told twice, whatever was learnt late. */
  readonly toldOfSuspicions?: readonly EventId[];
  readonly verdict: boolean;
  readonly adopted: boolean;
  readonly concluded: boolean;
  /** What was decided on its gates, by hook; absent: nothing. */
  readonly gates?: { readonly [hookId: string]: GateRecord };
  /** What was done about its tests, by name; absent: nothing. */
  readonly tests?: { readonly [name: string]: TestRecord };
  /** The newest attempt to roll back; null before the first. */
  readonly attempt: Attempt | null;
}

/** What stands in the log of one gate. */
export interface GateRecord {
  readonly answer: HookAction | null;
  /** Why people were told that it waits for them. */
  readonly held: readonly HoldReason[];
  /** What became of it is recorded. */
  readonly isOver: boolean;
}

/** What stands in the log of the newest attempt of a test. */
export interface TestRecord {
  readonly attempt: number;
  /** The task that runs, and until when; null where none is known, and when it has ended. */
  readonly runs: { readonly task: string; readonly until: Instant } | null;
  /** Null until it has ended. */
  readonly ended: (Pick<TestEnded, 'result' | 'message'> & { readonly at: Instant }) | null;
}

export interface Attempt {
  readonly number: number;
  readonly owner: string;
  readonly requestedAt: Instant;
  readonly leaseUntil: Instant;
  /** The service is to run a copy of the target. */
  readonly byCopy?: true;
  readonly outcome: 'pending' | 'issued' | 'rejected' | 'adopted';
  /** Who may have called ECS in this attempt and those before; absent where one does not say. */
  readonly callers?: readonly string[];
}
