import type { Outcome, Reason, RolloutConcluded, VerdictReached } from '../log/decided-events';
import type { AlarmChanged, DeploymentFailed, ServiceImpaired, TaskChanged } from '../log/observed-events';
import { rolloutSetup } from './deployment-machine-setup';
import type { Carrying, RollbackStarted, RolloutSignal, TaskDefinitionLearnt } from './signals';

const signalOf = <Given extends RolloutSignal>({ event }: { event: Given }) => event;
const eventOf = <Event>({ event }: { event: { readonly event: Event } }) => event.event;

/** The action that ends the rollout; a null reason stands for the verdict's. */
function ending(outcome: Outcome, reason: Reason | null) {
  const params = ({ event }: { event: RolloutSignal }) => ({ signal: event, ending: { outcome, reason } });
  return { type: 'end', params } as const;
}

const countTask = { type: 'countTask', params: eventOf<TaskChanged> } as const;
const countImpairment = { type: 'countImpairment', params: eventOf<ServiceImpaired> } as const;
const noteAlarm = { type: 'noteAlarm', params: eventOf<AlarmChanged> } as const;
const adoptVerdict = { type: 'adoptVerdict', params: eventOf<VerdictReached> } as const;

/** What holds in every phase before the end. */
const always = {
  TaskDefinitionLearnt: {
    actions: { type: 'learnTaskDefinition', params: signalOf<TaskDefinitionLearnt> },
  },
  TaskChanged: { actions: countTask },
  ServiceImpaired: { actions: countImpairment },
  VerdictReached: { actions: adoptVerdict },
  RolloutConcluded: {
    target: 'done',
    actions: {
      type: 'end',
      params: ({ event }: { event: Carrying<RolloutConcluded> }) => ({ signal: event, ending: event.event }),
    },
  },
  ServiceDeleted: {
    guard: { type: 'isNotDecidedLater', params: signalOf<RolloutSignal> },
    target: 'done',
    actions: ending('abandoned', 'Operator'),
  },
} as const;

/** What a rollout is judged by, whether ECS has completed it or not. */
const judging = {
  AlarmChanged: [
    {
      guard: { type: 'isAlarmRaised', params: signalOf<Carrying<AlarmChanged>> },
      actions: { type: 'failOnAlarm', params: signalOf<Carrying<AlarmChanged>> },
    },
    { actions: noteAlarm },
  ],
  DeploymentFailed: {
    guard: { type: 'isNotJudgedLater', params: signalOf<RolloutSignal> },
    actions: { type: 'failNatively', params: signalOf<Carrying<DeploymentFailed>> },
  },
  RollbackStarted: [
    {
      guard: { type: 'isRollbackItself', params: signalOf<RolloutSignal> },
      target: 'done',
      actions: [
        { type: 'failOnRollback', params: signalOf<RollbackStarted> },
        ending('rollbackFailed', null),
      ],
    },
    {
      guard: { type: 'isNotJudgedLater', params: signalOf<RolloutSignal> },
      target: 'rollingBack',
      actions: [
        { type: 'failOnRollback', params: signalOf<RollbackStarted> },
        { type: 'followRollback', params: signalOf<RollbackStarted> },
        { type: 'startRollback', params: signalOf<RollbackStarted> },
      ],
    },
    // The recorded verdict that follows moves the phase; who acted must not be lost until then.
    { actions: { type: 'followRollback', params: signalOf<RollbackStarted> } },
  ],
  NewerDeploymentStarted: {
    guard: { type: 'isNotDecidedLater', params: signalOf<RolloutSignal> },
    target: 'done',
    actions: ending('superseded', 'Superseded'),
  },
} as const;

/** Looked at after every signal, in this order. */
const verdicts = [
  {
    guard: { type: 'hasTooManyFailures', params: signalOf<RolloutSignal> },
    actions: { type: 'failOnTasks', params: signalOf<RolloutSignal> },
  },
  {
    guard: { type: 'hasFailedAsRollback', params: signalOf<RolloutSignal> },
    target: 'done',
    actions: ending('rollbackFailed', null),
  },
  {
    guard: 'hasFailed',
    target: 'rollingBack',
    actions: { type: 'startRollback', params: signalOf<RolloutSignal> },
  },
  {
    guard: { type: 'hasNotFailed', params: signalOf<RolloutSignal> },
    target: 'done',
    actions: ending('succeeded', null),
  },
] as const;

/**
 * One rollout. Pure: no clock, no delay, no effect; a deadline is a field and its passing an event.
 * docs/deployment-machine.md shows it as a chart, generated from here.
 */
export const deploymentMachine = rolloutSetup.createMachine({
  id: 'deployment',
  context: ({ input }) => input,
  initial: 'watching',
  states: {
    watching: {
      always: verdicts,
      on: {
        ...always,
        ...judging,
        RolloutOpened: { actions: { type: 'open', params: eventOf } },
        DeploymentCompleted: { target: 'baking', actions: { type: 'startBake', params: signalOf } },
        DeadlineElapsed: {
          guard: { type: 'isOverdue', params: signalOf },
          actions: { type: 'failOnDeadline', params: signalOf },
        },
      },
    },
    baking: {
      always: verdicts,
      on: {
        ...always,
        ...judging,
        AlarmsChecked: [
          {
            guard: { type: 'isAlarmFoundRaised', params: signalOf },
            actions: { type: 'failOnCheck', params: signalOf },
          },
          { actions: { type: 'noteCheck', params: eventOf } },
        ],
        BakeElapsed: [
          {
            guard: { type: 'isToBeExtended', params: signalOf },
            actions: { type: 'extendBake', params: signalOf },
          },
          {
            guard: { type: 'isUnsure', params: signalOf },
            actions: { type: 'endUnsure', params: signalOf },
          },
          {
            guard: { type: 'isOverdue', params: signalOf },
            actions: { type: 'pass', params: signalOf },
          },
        ],
      },
    },
    rollingBack: {
      on: {
        ...always,
        RollbackRequested: { actions: { type: 'recordRequest', params: eventOf } },
        RollbackIssued: { actions: { type: 'recordIssue', params: eventOf } },
        RollbackAdopted: { actions: { type: 'recordAdoption', params: eventOf } },
        RollbackRejected: {
          guard: { type: 'isNotConcludedLater', params: signalOf },
          target: 'done',
          actions: ending('rollbackFailed', 'RollbackSettled'),
        },
        RollbackStarted: { actions: { type: 'followRollback', params: signalOf } },
        RollbackCompleted: {
          guard: { type: 'isNotConcludedLater', params: signalOf },
          target: 'done',
          actions: ending('rolledBack', 'RollbackSettled'),
        },
        RollbackFailed: {
          guard: { type: 'isNotConcludedLater', params: signalOf },
          target: 'done',
          actions: ending('rollbackFailed', 'RollbackSettled'),
        },
        NewerDeploymentStarted: [
          {
            guard: { type: 'isOfUnknownKind', params: signalOf },
            actions: { type: 'awaitSuccessor', params: ({ event }) => event.deployment },
          },
          {
            guard: { type: 'hasNowhereToGo', params: signalOf },
            target: 'done',
            actions: ending('noSafeTarget', 'Superseded'),
          },
          {
            guard: { type: 'isNotConcludedLater', params: signalOf },
            target: 'done',
            actions: ending('superseded', 'Superseded'),
          },
        ],
        DeadlineElapsed: [
          {
            guard: { type: 'isOverdueUnenforced', params: signalOf },
            target: 'done',
            actions: ending('notEnforced', 'DeadlineElapsed'),
          },
          {
            guard: { type: 'isOverdue', params: signalOf },
            target: 'done',
            actions: ending('rollbackFailed', 'DeadlineElapsed'),
          },
        ],
      },
    },
    done: { type: 'final' },
  },
});
