import { assign, setup } from 'xstate';
import type { Outcome, Reason, RolloutConcluded } from '../log/decided-events';
import type { EventId } from '../log/identifiers';
import { type Instant, secondsAfter } from '../log/instant';
import { probationSecondsIn } from '../log/policy';
import type { WayBack } from '../log/way-back';
import { shortestBakeSeconds } from './bake-end';
import { wantRollback } from './rollback';
import { type ContextChange, isRollback, type RolloutContext } from './rollout-context';

/** What can move a rollout from one phase into another. */
export type Move =
  /** ECS calls the deployment complete. */
  | MoveOf<'Completed'>
  /** ECS shifts the traffic: that for tests, some of the users', all of it. */
  | MoveOf<'TestTrafficShifted'>
  | MoveOf<'TrafficShifting'>
  | MoveOf<'TrafficShifted'>
  | FailedMove
  /** The verdict is passed or inconclusive. */
  | PassedMove
  | PassRevokedMove
  | MoveOf<'Superseded'>
  /** The way back is over: the service is back, the way back has failed, or nobody may go it. */
  | MoveOf<'RollbackCompleted'>
  | MoveOf<'RollbackFailed'>
  | MoveOf<'RollbackRejected'>
  /** The way back took longer than the deadline allows. */
  | MoveOf<'Overdue'>
  | MoveOf<'ServiceDeleted'>
  | ConcludedMove;

interface MoveOf<Type extends string> {
  readonly type: Type;
  readonly at: Instant;
  /** The event of the log behind it. */
  readonly eventId: EventId;
}
/** The verdict is failed. */
interface FailedMove extends MoveOf<'Failed'> {
  /** Where to go back to; null when nothing safe is known. */
  readonly safeTarget: WayBack | null;
  /** False while a recorded decision that stands further on will end the rollout. */
  readonly mayEnd: boolean;
}
/** The verdict is failed, of a rollout that had passed. */
type PassRevokedMove = MoveOf<'PassRevoked'> & Pick<FailedMove, 'safeTarget'>;
interface PassedMove extends MoveOf<'Passed'> {
  /** Whether it is recorded further on that the pass is revoked. */
  readonly isRevoked: boolean;
}
interface ConcludedMove extends MoveOf<'Concluded'>, Pick<PassedMove, 'isRevoked'> {
  readonly conclusion: RolloutConcluded;
}

/** How a rollout ends; a null reason stands for the verdict's. */
interface EndParameters {
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly move: Pick<Move, 'at' | 'eventId'> & Partial<Pick<PassedMove, 'isRevoked'>>;
}

const rolloutSetup = setup({
  types: {} as { context: RolloutContext; events: Move; input: RolloutContext },
  guards: {
    isRollbackThatEnds: ({ context }, { mayEnd }: FailedMove) => isRollback(context) && mayEnd,
    isUntouched: ({ context }) => context.rollback?.issuedAt == null,
    hasNoTarget: ({ context }) => context.rollback?.target == null,
  },
  actions: {
    startBake: assign(({ context }, move: MoveOf<'Completed'>) => startBake(context, move)),
    startRollback: assign(({ context }, { safeTarget }: FailedMove) => wantRollback(context, safeTarget)),
    reopen: assign(({ context }, { safeTarget }: PassRevokedMove) => reopen(context, safeTarget)),
    end: assign(({ context }, parameters: EndParameters) => end(context, parameters)),
  },
});

const moveOf = <Given extends Move>({ event }: { event: Given }) => event;

function ending(outcome: Outcome, reason: Reason | null) {
  const params = ({ event }: { event: Move }) => ({ outcome, reason, move: event });
  return { target: 'done', actions: { type: 'end', params } } as const;
}

/** A recorded conclusion ends the rollout as it says, whatever the fold would have made of it. */
function asConcluded({ event: { at, conclusion, isRevoked } }: { event: ConcludedMove }): EndParameters {
  const { outcome, reason, eventId } = conclusion;
  return { outcome, reason, move: { at, eventId, isRevoked } };
}

/** Wherever a rollout has not ended. */
const living = {
  ServiceDeleted: ending('abandoned', 'Operator'),
  Concluded: { target: 'done', actions: { type: 'end', params: asConcluded } },
} as const;

/** While ECS works on the deployment, and while it bakes. */
const judging = {
  ...living,
  Failed: [
    { guard: { type: 'isRollbackThatEnds', params: moveOf<FailedMove> }, ...ending('rollbackFailed', null) },
    { target: 'rollingBack', actions: { type: 'startRollback', params: moveOf<FailedMove> } },
  ],
  Passed: ending('succeeded', null),
  Superseded: ending('superseded', 'Superseded'),
} as const;

/**
 * The phases of one rollout. XState runs it, and is asked only about what can move it: what tasks
 * and alarms show is counted beside it (evidence.ts) and judged beside it (verdict.ts). Pure: no
 * clock, no delay, no effect; a deadline is a field and its passing an event.
 * docs/deployment-machine.md shows it as a chart, generated from here.
 */
export const deploymentMachine = rolloutSetup.createMachine({
  id: 'deployment',
  context: ({ input }) => input,
  initial: 'watching',
  states: {
    watching: {
      initial: 'starting',
      states: {
        starting: {
          on: { TestTrafficShifted: 'testing', TrafficShifting: 'shifting', TrafficShifted: 'keeping' },
        },
        testing: { on: { TrafficShifting: 'shifting', TrafficShifted: 'keeping' } },
        shifting: { on: { TrafficShifted: 'keeping' } },
        // All traffic is the new version's; ECS keeps the old tasks for a while.
        keeping: {},
      },
      on: { Completed: { target: 'baking', actions: { type: 'startBake', params: moveOf } }, ...judging },
    },
    baking: { on: judging },
    rollingBack: {
      on: {
        ...living,
        RollbackCompleted: ending('rolledBack', 'RollbackSettled'),
        RollbackFailed: ending('rollbackFailed', 'RollbackSettled'),
        RollbackRejected: ending('rollbackFailed', 'RollbackSettled'),
        Superseded: [
          { guard: 'hasNoTarget', ...ending('noSafeTarget', 'Superseded') },
          ending('superseded', 'Superseded'),
        ],
        Overdue: [
          { guard: 'isUntouched', ...ending('notEnforced', 'DeadlineElapsed') },
          ending('rollbackFailed', 'DeadlineElapsed'),
        ],
      },
    },
    done: { on: { PassRevoked: { target: 'rollingBack', actions: { type: 'reopen', params: moveOf } } } },
  },
});

function startBake(
  { policy, evidence }: RolloutContext,
  { at, eventId }: MoveOf<'Completed'>,
): ContextChange {
  const hasRunInBake = evidence.running > 0;
  return {
    transitionCause: { reason: 'Completed', at, eventId },
    dueAt: secondsAfter(at, Math.max(policy.bakeSeconds, shortestBakeSeconds)),
    hasRunInBake,
    isProven: policy.provenBy === 'completion' && hasRunInBake,
  };
}

/** Takes back a pass: what is said of the rollout's end, and of what it proved, holds no longer. */
function reopen(context: RolloutContext, safeTarget: WayBack | null): ContextChange {
  return {
    ...wantRollback(context, safeTarget),
    outcome: null,
    endedAt: null,
    probationUntil: null,
    isProven: false,
  };
}

/** Ends the rollout, for good; or, where it has passed, as long as the pass holds. */
function end(context: RolloutContext, { outcome, reason, move }: EndParameters): ContextChange {
  const { verdict, rollback, isProven, hasRunInBake } = context;
  const transitionCause =
    reason === null && verdict !== null
      ? { reason: verdict.reason, at: verdict.at, eventId: verdict.eventId }
      : { reason: reason ?? 'NativeFailure', at: move.at, eventId: move.eventId };
  const isBack = outcome === 'rolledBack' && rollback !== null;
  return {
    transitionCause,
    outcome,
    endedAt: transitionCause.at,
    dueAt: null,
    probationUntil:
      outcome === 'succeeded'
        ? probationUntil(context, { endedAt: transitionCause.at, isRevoked: move.isRevoked === true })
        : null,
    successor: null,
    isProven: verdict?.result !== 'failed' && (isProven || (verdict?.result === 'passed' && hasRunInBake)),
    rollback: isBack ? { ...rollback, completedAt: move.at } : rollback,
  };
}

/**
 * A rollback is never taken back, and what proved nothing has nothing to be revoked. Where it was
 * revoked all the same, by who did not know that it is a rollback, that stands.
 */
function probationUntil(
  context: RolloutContext,
  { endedAt, isRevoked }: { readonly endedAt: Instant; readonly isRevoked: boolean },
): Instant | null {
  const { verdict, policy, transitions } = context;
  const completed = transitions.findLast(({ to }) => to === 'baking');
  if (verdict?.result !== 'passed' || completed === undefined) return null;
  const until = secondsAfter(completed.at, probationSecondsIn(policy));
  return isRevoked || (until > endedAt && !isRollback(context)) ? until : null;
}
