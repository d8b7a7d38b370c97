import { assign, setup } from 'xstate';
import type {
  AlarmsChecked,
  BakeElapsed,
  RollbackAdopted,
  RollbackIssued,
  RollbackRequested,
  RolloutOpened,
  VerdictReached,
} from '../log/decided-events';
import type { DeploymentId } from '../log/identifiers';
import type { AlarmChanged, ServiceImpaired, TaskChanged } from '../log/observed-events';
import * as alarms from './alarms';
import { countImpairment as countServiceImpairment, hasTooManyFailures } from './evidence';
import type { RolloutContext } from './rollout-context';
import * as change from './rollout-context';
import type {
  NewerDeploymentStarted,
  RollbackStarted,
  RolloutSignal,
  Signal,
  TaskDefinitionLearnt,
} from './signals';

interface EndParameters {
  readonly signal: Signal;
  readonly ending: change.Ending;
}

/**
 * What the chart's guards and actions do, by name. The arithmetic is in rollout-context.ts and
 * evidence.ts.
 */
export const rolloutSetup = setup({
  types: {} as { context: RolloutContext; events: RolloutSignal; input: RolloutContext },
  guards: {
    hasTooManyFailures: ({ context }, signal: Signal) =>
      !signal.isJudgedLater &&
      context.verdict === null &&
      hasTooManyFailures(context.evidence, context.policy),
    hasFailed: ({ context }) => context.verdict?.result === 'failed',
    hasFailedAsRollback: ({ context }, signal: Signal) =>
      !signal.isConcludedLater && context.verdict?.result === 'failed' && context.rollbackOf !== null,
    hasNotFailed: ({ context }, signal: Signal) =>
      !signal.isConcludedLater && context.verdict !== null && context.verdict.result !== 'failed',
    isRollbackItself: ({ context }, signal: Signal) =>
      !signal.isJudgedLater && !signal.isConcludedLater && context.rollbackOf !== null,
    isNotJudgedLater: (_, signal: Signal) => !signal.isJudgedLater,
    isNotDecidedLater: (_, signal: Signal) => !signal.isJudgedLater && !signal.isConcludedLater,
    isNotConcludedLater: (_, signal: Signal) => !signal.isConcludedLater,
    isAlarmRaised: ({ context }, signal: Signal & { event: AlarmChanged }) =>
      !signal.isJudgedLater && alarms.isRaised(context, signal.event),
    isAlarmFoundRaised: ({ context }, signal: Signal & { event: AlarmsChecked }) =>
      !signal.isJudgedLater && alarms.raisedIn(context, signal.event) !== undefined,
    isToBeExtended: ({ context }, signal: Signal & { event: BakeElapsed }) =>
      isDue(context, signal) && !context.isBakeExtended && alarms.unknownsAtEnd(context, signal).length > 0,
    isUnsure: ({ context }, signal: Signal & { event: BakeElapsed }) =>
      !signal.isJudgedLater &&
      isDue(context, signal) &&
      context.policy.onInconclusive !== 'pass' &&
      alarms.unknownsAtEnd(context, signal).length > 0,
    isOverdue: ({ context }, signal: Signal) =>
      !signal.isJudgedLater && !signal.isConcludedLater && isDue(context, signal),
    isOverdueUnenforced: ({ context }, signal: Signal) =>
      !signal.isConcludedLater && isDue(context, signal) && context.rollback?.issuedAt == null,
    isOfUnknownKind: (_, signal: NewerDeploymentStarted) => signal.isUnknown,
    hasNowhereToGo: ({ context }, signal: Signal) =>
      !signal.isConcludedLater && (context.rollback === null || context.rollback.target === null),
  },
  actions: {
    open: assign(({ context }, event: RolloutOpened) => change.open(context, event)),
    countTask: assign(({ context }, event: TaskChanged) => change.count(context, event)),
    countImpairment: assign(({ context }, event: ServiceImpaired) => ({
      evidence: countServiceImpairment(context.evidence, event.eventName),
    })),
    learnTaskDefinition: assign(({ context }, signal: TaskDefinitionLearnt) => change.learn(context, signal)),
    noteAlarm: assign(({ context }, alarm: AlarmChanged) => alarms.noteAlarm(context, alarm)),
    noteCheck: assign(({ context }, event: AlarmsChecked) => alarms.noteCheck(context, event)),
    extendBake: assign(({ context }, signal: Signal) => alarms.extendBake(context, signal)),
    endUnsure: assign(({ context }, signal: Signal & { event: BakeElapsed }) =>
      alarms.endUnsure(context, signal),
    ),
    failOnCheck: assign(({ context }, signal: Signal & { event: AlarmsChecked }) =>
      alarms.failOnCheck(context, signal),
    ),
    startBake: assign(({ context }, signal: Signal) => change.startBake(context, signal)),
    failOnTasks: assign(({ context }, signal: Signal) => change.failOnTasks(context, signal)),
    failOnAlarm: assign(({ context }, signal: Signal & { event: AlarmChanged }) =>
      alarms.failOnAlarm(context, signal),
    ),
    failNatively: assign(({ context }, signal: Signal) => change.failNatively(context, signal)),
    failOnRollback: assign(({ context }, signal: RollbackStarted) =>
      signal.by === 'operator'
        ? change.failByOperator(context, signal)
        : change.failNatively(context, signal),
    ),
    failOnDeadline: assign(({ context }, signal: Signal) => change.failOnDeadline(context, signal)),
    pass: assign(({ context }, signal: Signal) => change.pass(context, signal)),
    adoptVerdict: assign((_, { verdict }: VerdictReached) => ({ verdict })),
    startRollback: assign(({ context }, signal: Signal) => change.startRollback(context, signal)),
    recordRequest: assign(({ context }, event: RollbackRequested) => change.recordRequest(context, event)),
    recordIssue: assign(({ context }, event: RollbackIssued) => change.recordIssue(context, event)),
    recordAdoption: assign(({ context }, event: RollbackAdopted) => change.recordAdoption(context, event)),
    followRollback: assign(({ context }, signal: RollbackStarted) => change.followRollback(context, signal)),
    awaitSuccessor: assign((_, successor: DeploymentId) => ({ successor })),
    end: assign(({ context }, { signal, ending }: EndParameters) => change.end(context, signal, ending)),
  },
});

function isDue({ dueAt }: RolloutContext, signal: Signal): boolean {
  return dueAt !== null && signal.at >= dueAt;
}
