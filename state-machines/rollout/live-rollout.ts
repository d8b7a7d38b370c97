import type { ServicePast } from '../log/foundation/service-past';
import type { DeploymentId, EventId, ServiceArn, TaskDefinitionArn } from '../log/identifiers';
import { type Instant, secondsAfter } from '../log/instant';
import type { Policy } from '../log/policy';
import type { RolloutId } from '../log/rollout-id';
import type { DoubtedAlarm } from './alarms/doubted-alarm';
import { countStanding } from './evidence';
import { nothingRecorded } from './recorded-decisions';
import type { Phase, RecordedDecisions, Rollout } from './rollout';
import type { RolloutContext } from './rollout-context';
import type { TaskLedger } from './task-ledger';
import { rolloutProgressOf } from './traffic/rollout-progress';
import { noExposure } from './weighing/exposure';
import { oldTasksOf } from './weighing/old-tasks';
import { isWeighed, weigh } from './weighing/weigh';

/**
 * A rollout within the fold: its phase, what is known of it, and which of Rewind's decisions on it
 * stand in the log. Plain JSON.
 */
export interface LiveRollout {
  readonly phase: Phase;
  readonly context: RolloutContext;
  readonly recorded: RecordedDecisions;
}

interface Opening extends RolloutId {
  readonly service: ServiceArn;
  readonly rollbackOf: DeploymentId | null;
  readonly hasFailedBefore: boolean;
  readonly startedBy: EventId;
  /** Holds until a recorded opening brings another. */
  readonly policy: Policy;
  /** Null until an event names it. */
  readonly taskDefinition: TaskDefinitionArn | null;
  readonly raisedBeforeStart: readonly string[];
  readonly isGoingBack: boolean;
  /** The tasks of the deployment that run already. */
  readonly tasks: TaskLedger;
  readonly doubtedAlarms: readonly DoubtedAlarm[];
  readonly past: ServicePast;
  /** How many tasks of other deployments run. */
  readonly oldRunning: number;
  /** How ECS replaces tasks, as far as the calls have told. */
  readonly strategy: string | null;
}

/** A rollout at its start. */
export function openRollout(opening: Opening): LiveRollout {
  const { oldRunning, ...identity } = opening;
  const { policy, startedAt, startedBy, tasks } = identity;
  const evidence = countStanding(tasks);
  return {
    phase: 'watching',
    recorded: nothingRecorded,
    context: {
      stable: null,
      serviceRevision: null,
      images: null,
      endedAt: null,
      outcome: null,
      verdict: null,
      rollback: null,
      evidence,
      analysis: null,
      suspicion: null,
      suspicionLifted: null,
      oldTasks: oldTasksOf(oldRunning),
      exposure: noExposure(startedAt, evidence.running),
      taskProgress: { mostRunning: evidence.running, hungSince: null },
      plannedSeconds: 0,
      watchingState: 'starting',
      traffic: null,
      shares: [],
      waitingHooks: {},
      endedHooks: [],
      testAnswers: {},
      hasRunInBake: false,
      transitions: [],
      dueAt: secondsAfter(startedAt, policy.deadlineSeconds),
      probationUntil: null,
      alarmCheck: null,
      isBakeExtended: false,
      successor: null,
      stoppedBy: null,
      isProven: false,
      transitionCause: { reason: 'Completed', at: startedAt, eventId: startedBy },
      // Last: V8 takes many times as long to lay further keys over a spread object.
      ...identity,
    },
  };
}

export function isLive(live: LiveRollout): boolean {
  return live.phase !== 'done';
}

/** Whether it has passed, and its pass may be revoked yet. */
export function isOnProbation({ phase, context }: Pick<LiveRollout, 'phase' | 'context'>): boolean {
  return phase === 'done' && context.probationUntil !== null;
}

/** A pass that Rewind gave is told before it is revoked. */
export function mayBeRevoked({ context, recorded }: LiveRollout): boolean {
  return context.verdict?.result === 'passed' && (!recorded.opened || recorded.concluded);
}

/** Whether what its tasks and alarms show still counts: it is live, or on probation. */
export function isFollowed(live: LiveRollout): boolean {
  return isLive(live) || isOnProbation(live);
}

/** Whether there is none yet, or one made without a look at ECS that is worth completing. */
export function lacksOpening(live: LiveRollout): boolean {
  const { opened, isOpenedUnseen } = live.recorded;
  return !opened || (isOpenedUnseen === true && isLive(live));
}

export function isSameRollout({ context }: LiveRollout, id: RolloutId): boolean {
  return context.deployment === id.deployment && context.startedAt === id.startedAt;
}

/** Facts of one start may be told apart by minutes: by a look at ECS, and by its notification. */
const startToldSeconds = 600;

/**
 * Whether a start of the rollout's deployment is another one than its own. ECS starts a deployment
 * again only to go back to it; that of a rollback may be told twice.
 */
export function isStartedAgain(
  { context: { startedAt, isGoingBack } }: LiveRollout,
  start: { readonly isRollback: boolean; readonly occurredAt: Instant },
): boolean {
  if (!start.isRollback || start.occurredAt <= startedAt) return false;
  return !isGoingBack || start.occurredAt > secondsAfter(startedAt, startToldSeconds);
}

/**
 * Whether what began at an instant is another rollout of the deployment: this one had long
 * completed, or failed, by then.
 */
export function hadLongLeftWatching({ context }: LiveRollout, startedAt: Instant): boolean {
  const [leaving] = context.transitions;
  return leaving !== undefined && startedAt > secondsAfter(leaving.at, startToldSeconds);
}

/** The rollout without what only the fold needs. */
export function describeRollout({ phase, recorded, context }: LiveRollout): Rollout {
  const {
    stable: _stable,
    tasks: _tasks,
    serviceRevision: _serviceRevision,
    images: _images,
    past: _past,
    exposure: _exposure,
    suspicion: _suspicion,
    suspicionLifted: _suspicionLifted,
    oldTasks: _oldTasks,
    taskProgress: _taskProgress,
    plannedSeconds: _plannedSeconds,
    strategy: _strategy,
    watchingState: _watchingState,
    traffic: _traffic,
    shares: _shares,
    waitingHooks: _waitingHooks,
    endedHooks: _endedHooks,
    testAnswers: _testAnswers,
    hasRunInBake: _hasRunInBake,
    raisedBeforeStart: _raisedBeforeStart,
    alarmCheck: _alarmCheck,
    isBakeExtended: _isBakeExtended,
    successor: _successor,
    stoppedBy: _stoppedBy,
    isProven: _isProven,
    transitionCause: _transitionCause,
    ...rest
  } = context;
  const weighed = isWeighed(context) ? (context.verdict?.evidence ?? weigh(context)) : null;
  const progress = phase === 'watching' ? rolloutProgressOf(context) : null;
  const postponed = context.suspicion?.postponement ?? null;
  return { ...rest, phase, recorded, weighed, progress, postponed };
}
