import type {
  AlarmsChecked,
  AnalysisPlanned,
  BakeElapsed,
  DeadlineElapsed,
  HoldElapsed,
  MeasurementTaken,
  PassRevoked,
  RollbackActor,
  RollbackAdopted,
  RollbackIssued,
  RollbackRejected,
  RollbackRequested,
  RolloutConcluded,
  RolloutOpened,
  SightLost,
  StallElapsed,
  SuspicionLifted,
  VerdictPostponed,
  VerdictReached,
} from '../log/decided-events';
import type { DeploymentId, EventId, TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type {
  AlarmChanged,
  DeploymentFailed,
  HookChanged,
  OperatorActed,
  ServiceImpaired,
  StageObserved,
  TaskChanged,
} from '../log/observed-events';
import type { GateAnswered, GateDecided, GateHeld, GateOvertaken } from '../log/traffic/gate-events';
import type { TestBegun, TestEnded } from '../log/traffic/test-events';
import type { WayBack } from '../log/way-back';
import type { DoubtedAlarm } from './alarms/doubted-alarm';

/**
 * What one rollout hears: an event of the log that concerns it, or what follows from one for it.
 */
export type RolloutSignal =
  | OpeningSignal
  | EventSignal<TaskChanged>
  | EventSignal<ServiceImpaired>
  | EventSignal<AlarmChanged>
  | EventSignal<HookChanged>
  | EventSignal<StageObserved>
  | EventSignal<AnalysisPlanned>
  | EventSignal<MeasurementTaken>
  | EventSignal<AlarmsChecked>
  | EventSignal<BakeElapsed>
  | EventSignal<DeadlineElapsed>
  | EventSignal<StallElapsed>
  | EventSignal<HoldElapsed>
  | EventSignal<SightLost>
  | EventSignal<VerdictPostponed>
  | EventSignal<SuspicionLifted>
  | EventSignal<GateHeld>
  | EventSignal<GateDecided>
  | EventSignal<GateAnswered>
  | EventSignal<GateOvertaken>
  | EventSignal<TestBegun>
  | EventSignal<TestEnded>
  | EventSignal<OperatorActed, 'TestAnswered'>
  | EventSignal<DeploymentFailed>
  | EventSignal<VerdictReached>
  | EventSignal<PassRevoked>
  | EventSignal<RollbackRequested>
  | EventSignal<RollbackIssued>
  | EventSignal<RollbackRejected>
  | EventSignal<RollbackAdopted>
  | EventSignal<RolloutConcluded>
  | Plain<'DeploymentCompleted'>
  | Plain<'ServiceDeleted'>
  | Plain<'BakeSkipped'>
  | OldTaskStopped
  | DeploymentStopped
  | TaskDefinitionIdentified
  | NewerDeploymentStarted
  | RollbackStarted
  | Plain<'RollbackCompleted'>
  | Plain<'RollbackFailed'>;

/** What every signal carries beside its own facts. */
export interface SignalBase {
  /** The event of the log behind it. */
  readonly id: EventId;
  readonly at: Instant;
  readonly ahead: DecisionsAhead;
  /** What to go back to if the rollout fails now; null when nothing is known. Asked only then. */
  readonly safeTarget: () => WayBack | null;
}

/**
 * Which decisions on the rollout stand further on in the log. What is recorded is final: until the
 * fold reaches it, what a late fact would have tipped otherwise decides nothing. Of a rollout that
 * has passed, the verdict is the one that revokes its pass.
 */
export interface DecisionsAhead {
  readonly verdict: boolean;
  readonly conclusion: boolean;
  /** That something newer ended it, of which no verdict is recorded. */
  readonly unjudgedEnd: boolean;
  /** That its pass is revoked, whether it has passed yet or not. */
  readonly revocation: boolean;
}

type Plain<Type extends string> = SignalBase & { readonly type: Type };
type EventSignal<
  Event extends { readonly type: string },
  Type extends string = Event['type'],
> = SignalBase & {
  readonly type: Type;
  readonly event: Event;
};

/** The opening, with the alarms that did not count, or were doubted, when the rollout started. */
export type OpeningSignal = EventSignal<RolloutOpened> & {
  readonly raisedBeforeStart: readonly string[];
  readonly doubtedAlarms: readonly DoubtedAlarm[];
};
/** A task of an earlier deployment has stopped, or stops. */
export type OldTaskStopped = EventSignal<TaskChanged, 'OldTaskStopped'> & {
  /** It was known to stop: now it has. */
  readonly isKnown: boolean;
  /** What the last judgement said of what it runs; null where there was none. */
  readonly judged: 'passed' | 'failed' | null;
};
/** What the deployment runs became known, and with it, perhaps, that it takes another one back. */
type TaskDefinitionIdentified = Plain<'TaskDefinitionIdentified'> & {
  readonly taskDefinition: TaskDefinitionArn;
  readonly rollbackOf: DeploymentId | null;
  readonly hasFailedBefore: boolean;
};
/**
 * Somebody deployed again, to something else. While that is not yet known (`isUnknown`), a rollback
 * waits to learn it.
 */
type NewerDeploymentStarted = Plain<'NewerDeploymentStarted'> & {
  readonly deployment: DeploymentId;
  readonly isUnknown: boolean;
};
/** Somebody lets ECS go back from it: a person, a tool, or Rewind itself. */
type DeploymentStopped = Plain<'DeploymentStopped'> & { readonly by: string | null };
/** The deployment that takes this rollout back began, or its task definition became known. */
export type RollbackStarted = Plain<'RollbackStarted'> & {
  /** Null until an event names it. */
  readonly deployment: DeploymentId | null;
  readonly by: RollbackActor;
  readonly target: TaskDefinitionArn | null;
  /**
   * The caller who let ECS go back by stopping the service deployment; null when nobody told who it
   * was. Absent when it was not stopped.
   */
  readonly stoppedBy?: string | null;
};
