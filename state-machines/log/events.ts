import type { MadeWith } from '../decisions/made-with';
import type { DeploymentId, EventId, Instant, ServiceArn, TaskDefinitionArn } from './identifiers';
import type { Policy } from './policy';
import type { StoppedTask } from './stopped-task';

/**
 * The vocabulary of the log. An *observed* event states what AWS reported; a *decided* one what Rewind made of it.
 * Every event is plain JSON, keyed by its service, the instant at which it took place and its id.
 */
export type RewindEvent = ObservedEvent | DecidedEvent;

interface Fact<Type extends string> {
  readonly type: Type;
  readonly id: EventId;
  readonly service: ServiceArn;
  readonly occurredAt: Instant;
}

export type ObservedEvent =
  | DeploymentStarted
  | DeploymentCompleted
  | DeploymentFailed
  | TaskChanged
  | ServiceImpaired
  | ServiceCreated
  | ServiceUpdated
  | ServiceDeleted
  | AlarmChanged
  | StackProbed;

/** ECS works towards a deployment. `isRollback` when its reason says so: the only sign ECS gives in the event itself. */
export interface DeploymentStarted extends Fact<'DeploymentStarted'> {
  readonly deployment: DeploymentId;
  readonly isRollback: boolean;
}
/** ECS calls the deployment complete. A null deployment (service action form) means the one in progress. */
export interface DeploymentCompleted extends Fact<'DeploymentCompleted'> {
  readonly deployment: DeploymentId | null;
}
/** ECS itself gives the deployment up. A null deployment (service action form) means the one in progress. */
export interface DeploymentFailed extends Fact<'DeploymentFailed'> {
  readonly deployment: DeploymentId | null;
  readonly reason: string | null;
}
/** One version of one task of the service. `deployment` is its startedBy; null when that is no deployment. */
export interface TaskChanged extends Fact<'TaskChanged'> {
  readonly task: string;
  readonly version: number | null;
  readonly deployment: DeploymentId | null;
  readonly taskDefinition: TaskDefinitionArn | null;
  readonly lastStatus: string;
  readonly createdAt: Instant | null;
  readonly startedAt: Instant | null;
  /** Why it stopped; null until lastStatus is STOPPED. */
  readonly stopped: StoppedTask | null;
}
/** ECS has trouble running the service (placement, start, configuration, throttling): eventName of the service action. */
export interface ServiceImpaired extends Fact<'ServiceImpaired'> {
  readonly eventName: string;
  readonly reason: string | null;
}
/** A successful CreateService call: `by` is the caller's ARN; taskDefinition and deployment as the response told, or null. */
export interface ServiceCreated extends Fact<'ServiceCreated'>, ServiceCall {}
/** A successful UpdateService call. */
export interface ServiceUpdated extends Fact<'ServiceUpdated'>, ServiceCall {}
/** A successful DeleteService call: what follows under the same ARN is another service. */
export interface ServiceDeleted extends Fact<'ServiceDeleted'> {
  readonly by: string | null;
}
export interface ServiceCall {
  readonly by: string | null;
  readonly taskDefinition: TaskDefinitionArn | null;
  readonly deployment: DeploymentId | null;
}
/** A CloudWatch alarm changed its state: OK, ALARM, INSUFFICIENT_DATA or one not yet known. */
export interface AlarmChanged extends Fact<'AlarmChanged'> {
  readonly alarm: string;
  readonly alarmName: string;
  readonly state: string;
  readonly previousState: string | null;
}
/** `rewind doctor` saw whether a notification reaches the log: it stands in a stream of its own, and says nothing of a service. */
export interface StackProbed extends Fact<'StackProbed'> {}

/** What every decision carries: the rollout it is about and what it was made with. */
interface DecisionFact<Type extends string> extends Fact<Type> {
  readonly deployment: DeploymentId;
  /** With the deployment this identifies the rollout: ECS re-uses deployment ids. */
  readonly startedAt: Instant;
  readonly madeWith: MadeWith;
  /** What the log gave it when it was appended: SHA-256 over all the rest of it. Absent before that, and of before there was one. */
  readonly digest?: string;
}

export type DecidedEvent =
  | RolloutOpened
  | AlarmsChecked
  | BakeElapsed
  | DeadlineElapsed
  | VerdictReached
  | RollbackRequested
  | RollbackIssued
  | RollbackRejected
  | RollbackAdopted
  | RolloutConcluded;

/** What was known of a rollout when Rewind took it up; its policy holds from the rollout's start to its end. */
export interface RolloutOpened extends DecisionFact<'RolloutOpened'> {
  readonly taskDefinition: TaskDefinitionArn | null;
  /** The task definition to go back to; null when none has proven itself. */
  readonly stable: TaskDefinitionArn | null;
  readonly desiredCount: number | null;
  readonly deploymentConfiguration: { readonly [key: string]: unknown } | null;
  readonly policy: Policy;
  /** The deployment that this rollout takes back; null for an ordinary rollout. */
  readonly rollbackOf: DeploymentId | null;
  /** What the policy's alarms showed then: one that had been in ALARM before the start does not count yet. */
  readonly alarms: readonly AlarmReading[];
}
/** What CloudWatch said of the policy's alarms at the end of the bake, whether or not it could say anything. */
export interface AlarmsChecked extends DecisionFact<'AlarmsChecked'> {
  readonly alarms: readonly AlarmReading[];
}
export interface AlarmReading {
  /** Its name. */
  readonly alarm: string;
  /** OK, ALARM or INSUFFICIENT_DATA as CloudWatch has it; `missing` when there is no such alarm, `unreadable` when it was not told. */
  readonly state: string;
  /** Since when; null when that was not told. */
  readonly since: Instant | null;
}
/** The bake ended at occurredAt. */
export interface BakeElapsed extends DecisionFact<'BakeElapsed'> {
  /** ECS refused to show what the service's tasks had come to by then; absent: it showed it. */
  readonly isBlind?: true;
}
/** The phase's deadline passed at occurredAt. */
export interface DeadlineElapsed extends DecisionFact<'DeadlineElapsed'> {}
/** The verdict is final: whatever is learnt later, the fold follows it. */
export interface VerdictReached extends DecisionFact<'VerdictReached'> {
  readonly verdict: Verdict;
}
/** The intent to roll back, and a lease: until leaseUntil nobody but its owner acts. Attempts count from 1. */
export interface RollbackRequested extends DecisionFact<'RollbackRequested'> {
  readonly attempt: number;
  readonly owner: string;
  readonly requestedAt: Instant;
  readonly leaseUntil: Instant;
  readonly target: TaskDefinitionArn;
}
/** ECS accepted the call. `rollbackDeployment` is the deployment it makes or resumes; null when ECS did not say. */
export interface RollbackIssued extends DecisionFact<'RollbackIssued'> {
  readonly attempt: number;
  readonly method: 'StopServiceDeployment' | 'UpdateService';
  readonly issuedAt: Instant;
  readonly target: TaskDefinitionArn;
  readonly rollbackDeployment: DeploymentId | null;
  readonly requestId: string | null;
  /** The parameters that UpdateService was given beside the task definition, as the stable service revision had them; absent: none. */
  readonly carriedOver?: readonly string[];
}
/** ECS refused for good, or Rewind must not ask: nothing more will be tried. */
export interface RollbackRejected extends DecisionFact<'RollbackRejected'> {
  readonly attempt: number;
  readonly rejectedAt: Instant;
  readonly reason: string;
  readonly message: string;
}
/** The service was already on its way back when Rewind looked: nothing was written to ECS. */
export interface RollbackAdopted extends DecisionFact<'RollbackAdopted'> {
  /** The attempt of Rewind's that had been made before; 0 if none. */
  readonly attempt: number;
  readonly by: RollbackActor;
  readonly adoptedAt: Instant;
  readonly target: TaskDefinitionArn | null;
  readonly rollbackDeployment: DeploymentId | null;
}
/** The rollout is over, for good. */
export interface RolloutConcluded extends DecisionFact<'RolloutConcluded'> {
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** The event that ended it. */
  readonly eventId: EventId;
  readonly message: string;
}

export type RollbackActor = 'rewind' | 'ecs' | 'operator';

export type Outcome =
  | 'succeeded'
  | 'rolledBack'
  | 'rollbackFailed'
  | 'superseded'
  | 'noSafeTarget'
  | 'notEnforced'
  | 'abandoned';

/** Why a phase or verdict changed: contract of the command line. */
export type Reason =
  | 'TaskFailures'
  | 'AlarmRaised'
  | 'NativeFailure'
  | 'DeadlineElapsed'
  | 'TestFailed'
  | 'BakePassed'
  | 'Completed'
  | 'Superseded'
  | 'RollbackSettled'
  | 'Operator';

export interface Verdict {
  readonly result: 'failed' | 'passed' | 'inconclusive';
  readonly reason: Reason;
  /** One sentence with the numbers. */
  readonly message: string;
  readonly at: Instant;
  /** The event that tipped it. */
  readonly eventId: EventId;
}

/** A rollout's identity: deployment ids are re-used, so the instant of its start belongs to it. */
export interface RolloutId {
  readonly deployment: DeploymentId;
  readonly startedAt: Instant;
}

const decidedTypes: ReadonlySet<string> = new Set<DecidedEvent['type']>([
  'RolloutOpened',
  'AlarmsChecked',
  'BakeElapsed',
  'DeadlineElapsed',
  'VerdictReached',
  'RollbackRequested',
  'RollbackIssued',
  'RollbackRejected',
  'RollbackAdopted',
  'RolloutConcluded',
]);

export function isDecided(event: RewindEvent): event is DecidedEvent {
  return decidedTypes.has(event.type);
}
