import type {
  AlarmReading,
  Outcome,
  Reason,
  RollbackAdopted,
  RollbackIssued,
  RollbackRequested,
  RolloutOpened,
} from '../log/decided-events';
import type { DeploymentId, EventId, TaskDefinitionArn } from '../log/identifiers';
import { type Instant, secondsAfter } from '../log/instant';
import type { DeploymentFailed, TaskChanged } from '../log/observed-events';
import { countTask, describeFailures } from './evidence';
import type { Rollback, Rollout } from './rollout';
import type { RollbackStarted, Signal, TaskDefinitionLearnt } from './signals';
import type { TaskLedger } from './task-ledger';

/**
 * A rollout as its machine carries it: everything but the phase (the machine's state) and what
 * Rewind recorded.
 */
export interface RolloutContext extends Omit<Rollout, 'phase' | 'recorded'> {
  readonly stable: TaskDefinitionArn | null;
  readonly tasks: TaskLedger;
  /**
   * Alarms that were in ALARM when the rollout started and have not been OK since: they do not
   * count yet.
   */
  readonly muted: readonly string[];
  /**
   * What the policy's alarms showed when they were last asked, at the end of a bake; null before.
   */
  readonly check: { readonly at: Instant; readonly alarms: readonly AlarmReading[] } | null;
  /** A bake is extended once, when its alarms told nothing. */
  readonly isBakeExtended: boolean;
  /**
   * Started while this rollout was being rolled back, not yet known to be the way back or something
   * newer.
   */
  readonly successor: DeploymentId | null;
  /** What moved the rollout into its phase: the fold makes a transition of it. */
  readonly because: Cause;
}

export interface Cause {
  readonly reason: Reason;
  readonly at: Instant;
  readonly eventId: EventId;
}

/** What a signal changes of a rollout. */
export type Change = Partial<RolloutContext>;

export function open(context: RolloutContext, event: RolloutOpened): Change {
  return {
    policy: event.policy,
    stable: event.stable,
    taskDefinition: event.taskDefinition ?? context.taskDefinition,
    rollbackOf: context.rollbackOf ?? event.rollbackOf,
    muted: [...new Set([...context.muted, ...alarmsRaisedBefore(event.startedAt, event.alarms)])],
    dueAt: secondsAfter(event.startedAt, event.policy.deadlineSeconds),
  };
}

export function learn(context: RolloutContext, signal: TaskDefinitionLearnt): Change {
  return {
    taskDefinition: context.taskDefinition ?? signal.taskDefinition,
    rollbackOf: context.rollbackOf ?? signal.rollbackOf,
  };
}

export function count(context: RolloutContext, change: TaskChanged): Change {
  const taskDefinition = context.taskDefinition ?? change.taskDefinition;
  return { taskDefinition, ...countTask(context, change) };
}

/** Alarms in ALARM, or worse: nobody can tell since when, at the time. */
export function alarmsRaisedBefore(startedAt: Instant, alarms: readonly AlarmReading[]): string[] {
  return alarms
    .filter(({ state, since }) => state === 'ALARM' && (since === null || since <= startedAt))
    .map(({ alarm }) => alarm);
}

export function failOnTasks({ evidence, policy }: RolloutContext, signal: Signal): Change {
  return fail(signal, 'TaskFailures', describeFailures(evidence, policy));
}
export function failNatively(_: RolloutContext, signal: Signal & { event?: DeploymentFailed }): Change {
  return fail(signal, 'NativeFailure', signal.event?.reason ?? 'ECS itself took the deployment back');
}
export function failOnDeadline({ policy }: RolloutContext, signal: Signal): Change {
  return fail(signal, 'DeadlineElapsed', `ECS did not complete it within ${policy.deadlineSeconds} s`);
}
export function failByOperator(_: RolloutContext, signal: RollbackStarted): Change {
  return fail(signal, 'Operator', 'a person or tool deployed the stable task definition again');
}

export function fail(signal: Signal, reason: Reason, message: string): Change {
  return { verdict: { result: 'failed', reason, message, at: signal.at, eventId: signal.id } };
}

export function pass({ policy, evidence, isBakeExtended }: RolloutContext, signal: Signal): Change {
  const failures =
    evidence.failed === 0 ? 'no failed task' : `${evidence.failed} failed within what is allowed`;
  const bakedSeconds = isBakeExtended ? 2 * policy.bakeSeconds : policy.bakeSeconds;
  const message = `nothing spoke against it for ${bakedSeconds} s after completion (${failures})`;
  return { verdict: { result: 'passed', reason: 'BakePassed', message, at: signal.at, eventId: signal.id } };
}

export function startBake(context: RolloutContext, signal: Signal): Change {
  return {
    because: causedBy(signal, 'Completed'),
    dueAt: secondsAfter(signal.at, context.policy.bakeSeconds),
  };
}

/**
 * From the verdict on, Rewind wants the service back; what it records and what ECS shows then says
 * more.
 */
export function startRollback(context: RolloutContext, signal: Signal): Change {
  const { verdict, policy, dueAt } = context;
  if (verdict === null) return {};
  const because = { reason: verdict.reason, at: verdict.at, eventId: verdict.eventId };
  if (context.rollback !== null) return { because, dueAt };
  const target = signal.safeTarget;
  const rollback: Rollback | null =
    target === null
      ? null
      : {
          by: 'rewind',
          target,
          requestedAt: verdict.at,
          issuedAt: null,
          completedAt: null,
          deployment: null,
        };
  return {
    because,
    rollback,
    dueAt: policy.mode === 'observe' ? secondsAfter(verdict.at, policy.deadlineSeconds) : null,
  };
}

export function recordRequest({ rollback }: RolloutContext, event: RollbackRequested): Change {
  if (rollback !== null && (rollback.by !== 'rewind' || rollback.issuedAt !== null)) return {};
  const { target, requestedAt } = event;
  return {
    rollback: { by: 'rewind', target, requestedAt, issuedAt: null, completedAt: null, deployment: null },
  };
}

export function recordIssue({ rollback, policy }: RolloutContext, event: RollbackIssued): Change {
  return {
    rollback: {
      by: 'rewind',
      target: event.target,
      requestedAt: rollback?.requestedAt ?? event.issuedAt,
      issuedAt: event.issuedAt,
      completedAt: null,
      deployment: event.rollbackDeployment ?? rollback?.deployment ?? null,
    },
    dueAt: secondsAfter(event.issuedAt, policy.deadlineSeconds),
  };
}

export function recordAdoption({ rollback, policy }: RolloutContext, event: RollbackAdopted): Change {
  return {
    rollback: {
      by: event.by,
      target: event.target ?? rollback?.target ?? null,
      requestedAt: rollback?.requestedAt ?? event.adoptedAt,
      issuedAt: event.adoptedAt,
      completedAt: null,
      deployment: event.rollbackDeployment ?? rollback?.deployment ?? null,
    },
    dueAt: secondsAfter(event.adoptedAt, policy.deadlineSeconds),
  };
}

/** What ECS shows of the way back. Who did it is kept where Rewind has recorded it. */
export function followRollback({ rollback, policy }: RolloutContext, signal: RollbackStarted): Change {
  const { deployment, target } = signal;
  if (rollback !== null && rollback.issuedAt !== null) {
    return {
      rollback: {
        ...rollback,
        deployment: deployment ?? rollback.deployment,
        target: rollback.target ?? target,
      },
      successor: null,
    };
  }
  return {
    rollback: {
      by: signal.by,
      target: target ?? rollback?.target ?? null,
      requestedAt: signal.at,
      issuedAt: signal.at,
      completedAt: null,
      deployment,
    },
    dueAt: secondsAfter(signal.at, policy.deadlineSeconds),
    successor: null,
  };
}

export interface Ending {
  readonly outcome: Outcome;
  /** Null: the verdict ended it. */
  readonly reason: Reason | null;
  /** The event that ended it, where that is not the signal's own. */
  readonly eventId?: EventId;
}

/** Ends the rollout, for good. */
export function end({ verdict, rollback }: RolloutContext, signal: Signal, ending: Ending): Change {
  const { outcome, reason, eventId } = ending;
  const isBack = outcome === 'rolledBack' && rollback !== null;
  const because =
    reason === null && verdict !== null
      ? { reason: verdict.reason, at: verdict.at, eventId: verdict.eventId }
      : { reason: reason ?? 'NativeFailure', at: signal.at, eventId: eventId ?? signal.id };
  return {
    because,
    outcome,
    endedAt: because.at,
    dueAt: null,
    successor: null,
    rollback: isBack ? { ...rollback, completedAt: signal.at } : rollback,
  };
}

function causedBy(signal: Signal, reason: Reason): Cause {
  return { reason, at: signal.at, eventId: signal.id };
}
