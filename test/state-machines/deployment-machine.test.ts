import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deploymentMachinePage } from '../../docs/generate';
import { arrowsOfDeploymentMachine } from '../../state-machines/deployment-machine-chart';
import type { DecidedEvent, RewindEvent } from '../../state-machines/events';
import type { EventId } from '../../state-machines/identifiers';
import { type LiveRollout, openRollout, tell } from '../../state-machines/live-rollout';
import { defaultPolicy } from '../../state-machines/policy';
import type { Phase } from '../../state-machines/rollout';
import type { RolloutSignal } from '../../state-machines/rollout-signals';
import { emptyMemory } from '../../state-machines/service-memory';
import { alarm, deploymentId, failed, revision, second, service, stopped } from './story';

type SignalType = RolloutSignal['type'];

const identity = { deployment: deploymentId(2), startedAt: second(0) };
const madeWith = { reducerVersion: 1, policyVersion: '00000000', eventsSeen: 1 };
const verdict = {
  result: 'failed',
  reason: 'TaskFailures',
  message: 'two of two',
  at: second(100),
  eventId: 'tipping' as EventId,
} as const;

function decided<Type extends DecidedEvent['type']>(type: Type, given: object) {
  const fact = { id: `decided-${type}` as EventId, service, occurredAt: second(100) };
  return { ...fact, type, ...identity, madeWith, ...given } as unknown as Extract<
    RewindEvent,
    { type: Type }
  >;
}

const base = {
  id: 'signal' as EventId,
  at: second(5000),
  isJudgedLater: false,
  isConcludedLater: false,
  safeTarget: revision(1),
};

function carrying<Event extends RewindEvent>(event: Event) {
  return { ...base, type: event.type, event } as unknown as RolloutSignal;
}

/** One signal of every type, each as it would move a rollout furthest. */
const signals: Record<SignalType, RolloutSignal> = {
  RolloutOpened: carrying(
    decided('RolloutOpened', {
      policy: defaultPolicy,
      stable: revision(1),
      taskDefinition: revision(2),
      rollbackOf: null,
      alarms: [],
    }),
  ),
  TaskChanged: carrying(stopped('b2', 100, { deployment: 2 })),
  ServiceImpaired: carrying({
    ...failed(2, 100),
    type: 'ServiceImpaired',
    eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
    reason: 'RESOURCE:CPU',
  } as RewindEvent),
  AlarmChanged: carrying(alarm('errors', 100, ['OK', 'ALARM'])),
  AlarmsChecked: carrying(
    decided('AlarmsChecked', { alarms: [{ alarm: 'errors', state: 'ALARM', since: second(99) }] }),
  ),
  DeploymentFailed: carrying(failed(2, 100)),
  VerdictReached: carrying(decided('VerdictReached', { verdict })),
  RollbackRequested: carrying(
    decided('RollbackRequested', {
      attempt: 1,
      owner: 'one',
      requestedAt: second(101),
      leaseUntil: second(161),
      target: revision(1),
    }),
  ),
  RollbackIssued: carrying(
    decided('RollbackIssued', {
      attempt: 1,
      method: 'UpdateService',
      issuedAt: second(102),
      target: revision(1),
      rollbackDeployment: deploymentId(3),
      requestId: null,
    }),
  ),
  RollbackRejected: carrying(
    decided('RollbackRejected', { attempt: 1, rejectedAt: second(102), reason: 'x', message: 'y' }),
  ),
  RollbackAdopted: carrying(
    decided('RollbackAdopted', {
      attempt: 0,
      by: 'ecs',
      adoptedAt: second(102),
      target: revision(1),
      rollbackDeployment: deploymentId(1),
    }),
  ),
  RolloutConcluded: carrying(
    decided('RolloutConcluded', {
      outcome: 'superseded',
      reason: 'Superseded',
      eventId: 'cause',
      message: '',
    }),
  ),
  DeploymentCompleted: { ...base, type: 'DeploymentCompleted' },
  BakeElapsed: { ...base, type: 'BakeElapsed' },
  DeadlineElapsed: { ...base, type: 'DeadlineElapsed' },
  ServiceDeleted: { ...base, type: 'ServiceDeleted' },
  TaskDefinitionLearnt: {
    ...base,
    type: 'TaskDefinitionLearnt',
    taskDefinition: revision(2),
    rollbackOf: null,
  },
  NewerDeploymentStarted: {
    ...base,
    type: 'NewerDeploymentStarted',
    deployment: deploymentId(3),
    isUnknown: false,
  },
  RollbackStarted: {
    ...base,
    type: 'RollbackStarted',
    deployment: deploymentId(1),
    by: 'ecs',
    target: revision(1),
  },
  RollbackCompleted: { ...base, type: 'RollbackCompleted' },
  RollbackFailed: { ...base, type: 'RollbackFailed' },
};

const opening = {
  ...identity,
  service,
  rollbackOf: null,
  startedBy: 'start' as EventId,
  policy: defaultPolicy,
};

/** A rollout with one failed task, so that one more fails it. */
function watching(): LiveRollout {
  return tell(openRollout(opening, emptyMemory), carrying(stopped('b1', 50, { deployment: 2 })));
}
const inPhase: Record<Phase, () => LiveRollout> = {
  watching,
  baking: () => tell(watching(), { ...base, type: 'DeploymentCompleted', at: second(60) }),
  rollingBack: () => tell(tell(watching(), signals.DeploymentFailed), signals.RollbackIssued),
  done: () => tell(watching(), signals.ServiceDeleted),
};

/** Where each signal leads, by the phase it meets. What a phase is not named for stays as it is. */
const leadsTo: Record<Exclude<Phase, 'done'>, Partial<Record<SignalType, Phase>>> = {
  watching: {
    TaskChanged: 'rollingBack',
    AlarmChanged: 'rollingBack',
    DeploymentFailed: 'rollingBack',
    VerdictReached: 'rollingBack',
    DeadlineElapsed: 'rollingBack',
    RollbackStarted: 'rollingBack',
    DeploymentCompleted: 'baking',
    RolloutConcluded: 'done',
    ServiceDeleted: 'done',
    NewerDeploymentStarted: 'done',
  },
  baking: {
    TaskChanged: 'rollingBack',
    AlarmChanged: 'rollingBack',
    DeploymentFailed: 'rollingBack',
    VerdictReached: 'rollingBack',
    RollbackStarted: 'rollingBack',
    AlarmsChecked: 'rollingBack',
    BakeElapsed: 'done',
    RolloutConcluded: 'done',
    ServiceDeleted: 'done',
    NewerDeploymentStarted: 'done',
  },
  rollingBack: {
    DeadlineElapsed: 'done',
    RollbackRejected: 'done',
    RollbackCompleted: 'done',
    RollbackFailed: 'done',
    RolloutConcluded: 'done',
    ServiceDeleted: 'done',
    NewerDeploymentStarted: 'done',
  },
};

describe.each(Object.entries(leadsTo))('a rollout that is %s', (phase, moves) => {
  it.each(Object.values(signals))('is led by $type where the table says', (signal) => {
    const before = inPhase[phase as Phase]();
    expect(before.phase).toBe(phase);
    const after = tell(before, signal);
    expect(after.phase).toBe(moves[signal.type] ?? phase);
    const steps = after.context.transitions.length - before.context.transitions.length;
    expect(steps).toBe(after.phase === phase ? 0 : 1);
  });

  it.each(Object.values(signals))(
    'is not moved by what $type reports while a recorded decision lies ahead',
    (signal) => {
      const isDecision = ['VerdictReached', 'RolloutConcluded', 'DeploymentCompleted'].includes(signal.type);
      const after = tell(inPhase[phase as Phase](), {
        ...signal,
        isJudgedLater: true,
        isConcludedLater: true,
      });
      expect(after.phase).toBe(isDecision ? (moves[signal.type] ?? phase) : phase);
    },
  );
});

describe('a rollout that is done', () => {
  it.each(Object.values(signals))('stays exactly as it is at $type', (signal) => {
    const done = inPhase.done();
    expect(tell(done, signal)).toBe(done);
  });
});

describe('a rollback', () => {
  it.each([signals.TaskChanged, signals.DeploymentFailed, signals.DeadlineElapsed, signals.RollbackStarted])(
    'ends as rollbackFailed at $type, and is never rolled back itself',
    (signal) => {
      const rollback = openRollout({ ...opening, rollbackOf: deploymentId(9) }, emptyMemory);
      const failing = tell(rollback, carrying(stopped('b1', 50, { deployment: 2 })));
      expect(tell(failing, signal)).toMatchObject({ phase: 'done', context: { outcome: 'rollbackFailed' } });
    },
  );
});

describe('the chart in the docs', () => {
  it('is the machine that runs', () => {
    const page = readFileSync(new URL('../../docs/deployment-machine.md', import.meta.url), 'utf8');
    expect(page, 'stale: run `npm run docs`').toBe(deploymentMachinePage());
  });

  it('shows a phase for every word that the design has', () => {
    expect(new Set(arrowsOfDeploymentMachine().map(({ from }) => from))).toEqual(
      new Set(['watching', 'baking', 'rollingBack']),
    );
  });
});
