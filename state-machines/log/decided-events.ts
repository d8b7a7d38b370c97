import type { DecisionFact } from './decision-fact';
import type { WeighedEvidence } from './foundation/service-past';
import type { DeploymentId, EventId, TaskDefinitionArn } from './identifiers';
import type { Instant } from './instant';
import type { AnalysisPlan, Measurement } from './measuring/measurement';
import type { AlarmHistory, AlarmReading } from './observed-events';
import type { RecordedPolicy } from './policy';
import type { GateEvent } from './traffic/gate-events';
import type { TestEvent } from './traffic/test-events';
import type { Images, WayBack } from './way-back';

export type DecidedEvent =
  | RolloutOpened
  | AnalysisPlanned
  | MeasurementTaken
  | AlarmsChecked
  | BakeElapsed
  | DeadlineElapsed
  | StallElapsed
  | HoldElapsed
  | SightLost
  | VerdictPostponed
  | SuspicionLifted
  | VerdictReached
  | PassRevoked
  | RollbackRequested
  | RollbackIssued
  | RollbackRejected
  | RollbackAdopted
  | RolloutConcluded
  | GateEvent
  | TestEvent;

/** What was known of a rollout when Rewind took it up. Its policy holds from start to end. */
export interface RolloutOpened extends DecisionFact<'RolloutOpened'> {
  readonly taskDefinition: TaskDefinitionArn | null;
  /** The task definition to go back to; null when none has proven itself. */
  readonly stable: TaskDefinitionArn | null;
  readonly desiredCount: number | null;
  readonly deploymentConfiguration: { readonly [key: string]: unknown } | null;
  readonly policy: RecordedPolicy;
  /** What was wrong with the service's tags, a sentence each. Absent: nothing. */
  readonly policyProblems?: readonly string[];
  /**
   * The way back beside `stable`, as far as ECS tells; absent in older logs and where none is
   * known.
   */
  readonly wayBack?: WayBack;
  /** The service revision that is rolled out, and its images; absent where ECS does not tell. */
  readonly serviceRevision?: string;
  readonly images?: Images;
  /** As ECS showed it (ObservedService); absent: no time to speak of, or the log is older. */
  readonly trafficShiftSeconds?: number;
  /** Tasks of the deployment that ran at the rollout's start; absent: none, or the log is older. */
  readonly standingTasks?: number;
  /** The last judgement on the task definition here was a failed verdict; absent: not so. */
  readonly hasFailedBefore?: true;
  /** The deployment that this rollout takes back; null where it takes none back, or nobody told. */
  readonly rollbackOf: DeploymentId | null;
  /** Nobody told of what it takes back, but ECS goes back; absent: not so, or the log is older. */
  readonly isGoingBack?: true;
  /** The policy's alarms at that time: one in ALARM since before the start does not count yet. */
  readonly alarms: readonly AlarmReading[];
  /**
   * What the alarms' own streams tell of the week before the start; an alarm that did not change is
   * left out. Absent: none did, or the log is older.
   */
  readonly alarmHistory?: readonly AlarmHistory[];
  /** Made from the log alone, as ECS could not be asked: a second opening completes it. */
  readonly isUnseen?: true;
}
/** What is measured of the rollout, settled before its first window, at occurredAt. */
export interface AnalysisPlanned extends DecisionFact<'AnalysisPlanned'> {
  readonly plan: AnalysisPlan;
}
/** What one window showed: recorded once, when the back-end told whole counts of it. */
export interface MeasurementTaken extends DecisionFact<'MeasurementTaken'>, Measurement {}
/** What CloudWatch said of the policy's alarms at the end of the bake, even if it said nothing. */
export interface AlarmsChecked extends DecisionFact<'AlarmsChecked'> {
  readonly alarms: readonly AlarmReading[];
}
/** The bake ended at occurredAt. */
export interface BakeElapsed extends DecisionFact<'BakeElapsed'> {
  /**
   * ECS refused to show the service's tasks at the end of the bake; absent where it showed them.
   */
  readonly isBlind?: true;
}
/** The phase's deadline passed at occurredAt. */
export interface DeadlineElapsed extends DecisionFact<'DeadlineElapsed'> {}
/** New tasks had not got up, without any progress, for as long as the policy allows. */
export interface StallElapsed extends DecisionFact<'StallElapsed'> {}
/**
 * A verdict was postponed for as long as it may be, or a doubted alarm had lasted, at occurredAt.
 */
export interface HoldElapsed extends DecisionFact<'HoldElapsed'> {}
/**
 * AWS has not answered what Rewind asked of the service for an hour at occurredAt: until it does,
 * nothing is taken back, and no bake ends.
 */
export interface SightLost extends DecisionFact<'SightLost'> {
  readonly since: Instant;
  /** What kept Rewind from looking, the last time it tried. */
  readonly because: string;
}
/**
 * The evidence is enough to fail the rollout since occurredAt, and something else may be to blame:
 * the verdict waits until then at the latest.
 */
export interface VerdictPostponed extends DecisionFact<'VerdictPostponed'> {
  readonly raisedBy: EventId;
  readonly reason: string;
  readonly until: Instant;
}
/** What spoke against the rollout was something else, or is not enough any more, at occurredAt. */
export interface SuspicionLifted extends DecisionFact<'SuspicionLifted'> {}
/** The verdict is final: whatever becomes known later, the fold follows it. */
export interface VerdictReached extends DecisionFact<'VerdictReached'> {
  readonly verdict: Verdict;
}
/** A rollout that had passed has failed in its probation: the verdict names the pass. As final. */
export interface PassRevoked extends DecisionFact<'PassRevoked'>, Pick<VerdictReached, 'verdict'> {}
/**
 * The service revision of a target and its images; absent in older logs and where ECS tells none.
 */
interface RevisionOfTarget {
  readonly serviceRevision?: string;
  readonly images?: Images;
}
/**
 * The intent to roll back, and a lease: only its owner acts until leaseUntil. Attempts start at 1.
 */
export interface RollbackRequested extends DecisionFact<'RollbackRequested'>, RevisionOfTarget {
  readonly attempt: number;
  readonly owner: string;
  readonly requestedAt: Instant;
  readonly leaseUntil: Instant;
  readonly target: TaskDefinitionArn;
  /** The service is to run a copy of the target; absent where it goes back to the target itself. */
  readonly byCopy?: true;
  /** Who would call ECS: the ARN of Rewind's own role. Absent where that is unknown. */
  readonly caller?: string;
}
/**
 * ECS accepted the call. `rollbackDeployment`: what it makes or resumes; null if ECS did not say.
 */
export interface RollbackIssued extends DecisionFact<'RollbackIssued'>, RevisionOfTarget {
  readonly attempt: number;
  readonly method: RollbackMethod;
  readonly issuedAt: Instant;
  readonly target: TaskDefinitionArn;
  readonly rollbackDeployment: DeploymentId | null;
  readonly requestId: string | null;
  /**
   * The parameters that UpdateService was given beside the task definition, as the stable service
   * revision had them; absent: none.
   */
  readonly carriedOver?: readonly string[];
  /** The copy of the target that was registered, pinned to its images; absent: none was needed. */
  readonly copy?: TaskDefinitionArn;
}
/** ECS refused for good, or Rewind must not ask: there is no further attempt. */
export interface RollbackRejected extends DecisionFact<'RollbackRejected'> {
  readonly attempt: number;
  readonly rejectedAt: Instant;
  readonly reason: string;
  readonly message: string;
}
/** The service was already on its way back when Rewind looked: nothing was written to ECS. */
export interface RollbackAdopted extends DecisionFact<'RollbackAdopted'>, RevisionOfTarget {
  /** The attempt of Rewind's that had been made before; 0 if none. */
  readonly attempt: number;
  readonly by: RollbackActor;
  readonly adoptedAt: Instant;
  readonly target: TaskDefinitionArn | null;
  readonly rollbackDeployment: DeploymentId | null;
}
/** The rollout is over, for good; but a pass may be revoked, and is followed by another end. */
export interface RolloutConcluded extends DecisionFact<'RolloutConcluded'> {
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** The event that ended it. */
  readonly eventId: EventId;
  readonly message: string;
  /** What the rollout proved. Absent: it proved nothing, or the log is older. */
  readonly proven?: Omit<WayBack, 'deployment'>;
  /** When Rewind requested a rollback of which nobody has told; absent: all is told. */
  readonly untoldAttemptAt?: Instant;
}

/** Who took a service back. */
export const rollbackActors = ['rewind', 'ecs', 'operator'] as const;
export type RollbackActor = (typeof rollbackActors)[number];

/** The calls of ECS that take a service back. */
export const rollbackMethods = ['StopServiceDeployment', 'UpdateService'] as const;
export type RollbackMethod = (typeof rollbackMethods)[number];

/** How a rollout ended. */
export const outcomes = [
  'succeeded',
  'rolledBack',
  'rollbackFailed',
  'superseded',
  'noSafeTarget',
  'notEnforced',
  'abandoned',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Why a phase or verdict changed: contract of the command line. */
export const reasons = [
  'TaskFailures',
  'AlarmRaised',
  'MetricDegraded',
  'LimitExceeded',
  'NativeFailure',
  'Stalled',
  'DeadlineElapsed',
  'TestFailed',
  'BakePassed',
  'Completed',
  'Superseded',
  'RollbackSettled',
  'Operator',
] as const;
export type Reason = (typeof reasons)[number];

export const verdictResults = ['failed', 'passed', 'inconclusive'] as const;

export interface Verdict {
  readonly result: (typeof verdictResults)[number];
  readonly reason: Reason;
  /** One sentence with the numbers. */
  readonly message: string;
  readonly at: Instant;
  /** The event that tipped it. */
  readonly eventId: EventId;
  /** What was weighed; absent where failed tasks were judged by `percent`, and in older logs. */
  readonly evidence?: WeighedEvidence;
  /** The pass that the verdict revokes; absent where it is the rollout's first. */
  readonly revokes?: Pick<Verdict, 'at' | 'eventId'>;
}
