import type {
  DeploymentId,
  EventId,
  ServiceArn,
  ServiceDeploymentArn,
  TaskDefinitionArn,
} from './identifiers';
import type { Instant } from './instant';
import type { OperatorAct } from './operator/operator-act';
import type { StoppedTask } from './stopped-task';
import type { ObservedStage } from './traffic/observed-stage';

/** What names every event of the log: plain JSON, keyed by its service, its instant and its id. */
export interface Fact<Type extends string> {
  readonly type: Type;
  readonly id: EventId;
  readonly service: ServiceArn;
  readonly occurredAt: Instant;
}

/** What AWS reported, in a notification or as the answer to a Describe call. */
export type ObservedEvent =
  | DeploymentStarted
  | DeploymentCompleted
  | DeploymentFailed
  | TaskChanged
  | ServiceImpaired
  | ServiceCreated
  | ServiceUpdated
  | ServiceDeleted
  | ServiceDeploymentStopped
  | ServiceDeploymentContinued
  | HookChanged
  | StageObserved
  | AlarmChanged
  | OperatorActed
  | StackProbed;

/**
 * ECS works towards a deployment. `isRollback` when its reason says so: the only sign ECS gives in
 * the event itself.
 */
export interface DeploymentStarted extends Fact<'DeploymentStarted'> {
  readonly deployment: DeploymentId;
  readonly isRollback: boolean;
  /** ECS goes back because somebody stopped the service deployment. Absent otherwise. */
  readonly isAfterStop?: true;
}
/**
 * ECS calls the deployment complete. A null deployment (service action form) means the one in
 * progress.
 */
export interface DeploymentCompleted extends Fact<'DeploymentCompleted'> {
  readonly deployment: DeploymentId | null;
}
/**
 * ECS itself gives the deployment up. A null deployment (service action form) means the one in
 * progress.
 */
export interface DeploymentFailed extends Fact<'DeploymentFailed'> {
  readonly deployment: DeploymentId | null;
  readonly reason: string | null;
}
/**
 * One version of one task of the service. `deployment` is its startedBy; null when that is no
 * deployment.
 */
export interface TaskChanged extends Fact<'TaskChanged'> {
  readonly task: string;
  readonly version: number | null;
  readonly deployment: DeploymentId | null;
  readonly taskDefinition: TaskDefinitionArn | null;
  readonly lastStatus: string;
  readonly createdAt: Instant | null;
  readonly startedAt: Instant | null;
  /**
   * Why it stops, from the first notification that says so; null before that, and in older logs
   * until lastStatus is STOPPED.
   */
  readonly stopped: StoppedTask | null;
  /**
   * The container instance that it was placed on: the last part of its ARN; null when the
   * notification names none, as on Fargate. Absent in older logs.
   */
  readonly host?: string | null;
  /** Absent in older logs, and where ECS does not tell. */
  readonly availabilityZone?: string;
}
/**
 * ECS has trouble running the service (placement, start, configuration, throttling): eventName of
 * the service action.
 */
export interface ServiceImpaired extends Fact<'ServiceImpaired'> {
  readonly eventName: string;
  readonly reason: string | null;
}
/**
 * A successful CreateService call: `by` is the caller's ARN; taskDefinition and deployment as the
 * response told, or null.
 */
export interface ServiceCreated extends Fact<'ServiceCreated'>, ServiceCall {}
/** A successful UpdateService call. */
export interface ServiceUpdated extends Fact<'ServiceUpdated'>, ServiceCall {}
/** A successful DeleteService call: what follows under the same ARN is another service. */
interface ServiceDeleted extends Fact<'ServiceDeleted'> {
  readonly by: string | null;
}
export interface ServiceCall {
  /** How ECS replaces tasks from now on; absent where the call leaves that as it was. */
  readonly strategy?: string;
  readonly by: string | null;
  readonly taskDefinition: TaskDefinitionArn | null;
  readonly deployment: DeploymentId | null;
}
/**
 * A successful StopServiceDeployment call, by a person, a tool or Rewind itself: `by` is the
 * caller's ARN. ECS goes back to what it completed last, or with ABORT stays where it is; null when
 * the call left that to ECS, which then goes back.
 */
export interface ServiceDeploymentStopped extends Fact<'ServiceDeploymentStopped'> {
  readonly by: string | null;
  readonly serviceDeployment: ServiceDeploymentArn;
  readonly stopType: string | null;
}
/**
 * A successful ContinueServiceDeployment call: the answer to a hook that waits. `action` is
 * CONTINUE or ROLLBACK; null when the call left that to ECS, which then continues.
 */
export interface ServiceDeploymentContinued extends Fact<'ServiceDeploymentContinued'> {
  readonly by: string | null;
  readonly serviceDeployment: ServiceDeploymentArn;
  readonly hookId: string | null;
  readonly action: string | null;
}
/**
 * A lifecycle hook of a service deployment began, waits for an answer, or ended. `eventName` is
 * HOOK_IN_PROGRESS, HOOK_AWAITING_ACTION, HOOK_SUCCEEDED, HOOK_FAILED, HOOK_TIMED_OUT or one not
 * yet known; `hookType` is PAUSE, AWS_LAMBDA or one not yet known.
 */
export interface HookChanged extends Fact<'HookChanged'> {
  readonly eventName: string;
  readonly hookId: string;
  readonly hookType: string | null;
  readonly lifecycleStage: string | null;
  /** When ECS stops waiting for an answer; null when the notification does not say. */
  readonly expiresAt: Instant | null;
  /** Null when the notification names the service only. */
  readonly serviceDeployment: ServiceDeploymentArn | null;
}
/**
 * What ECS showed of a rollout that shifts traffic, when Rewind looked: recorded where it differs
 * from what had been shown before.
 */
export interface StageObserved extends Fact<'StageObserved'>, ObservedStage {
  readonly deployment: DeploymentId;
  readonly serviceDeployment: ServiceDeploymentArn;
}
/** A CloudWatch alarm changed its state: OK, ALARM, INSUFFICIENT_DATA or one not yet known. */
export interface AlarmChanged extends Fact<'AlarmChanged'> {
  readonly alarm: string;
  readonly alarmName: string;
  readonly state: string;
  readonly previousState: string | null;
  /** The alarm had only just been created: it has never been OK before. Absent otherwise. */
  readonly wasNew?: true;
}
/** An alarm's change of state, whoever watches the alarm. */
export type AlarmChange = Omit<AlarmChanged, 'service'>;
/**
 * Somebody acts through `rewind`: told before AWS is called, by the bus, so that what follows is
 * known to be theirs. It says what is meant, not that it came about.
 */
export interface OperatorActed extends Fact<'OperatorActed'>, OperatorAct {}
/**
 * `rewind doctor` saw whether a notification reaches the log: it stands in a stream of its own, and
 * says nothing of a service.
 */
interface StackProbed extends Fact<'StackProbed'> {}
/** What CloudWatch says of one alarm. */
export interface AlarmReading {
  /** Its name. */
  readonly alarm: string;
  /**
   * OK, ALARM or INSUFFICIENT_DATA as CloudWatch has it; `missing` when there is no such alarm,
   * `unreadable` when CloudWatch gave no answer.
   */
  readonly state: string;
  /** Since when; null when CloudWatch did not say. */
  readonly since: Instant | null;
}
/** What an alarm did in the week before a rollout, whether the service watched it or not. */
export interface AlarmHistory {
  /** Its name. */
  readonly alarm: string;
  /** Its state at the start. */
  readonly state: string;
  /** When it was raised and the service's log did not hear of it: the last three times. */
  readonly raises: readonly Instant[];
  /** When it was last in ALARM, as far as its changes tell; null: not in that week. */
  readonly raisedUntil: Instant | null;
}
