import { planWithoutMetrics } from '../../../state-machines/analysis/plan-analysis';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import { type EventId, parseServiceDeploymentArn } from '../../../state-machines/log/identifiers';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { namedOnly } from '../../../state-machines/log/way-back';
import type { RolloutSignal } from '../../../state-machines/rollout/signals';
import { alarm, deploymentId, failed, revision, second, service, stopped } from '../story';

export type SignalType = RolloutSignal['type'];

export const identity = { deployment: deploymentId(2), startedAt: second(0) };
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
  const event: unknown = { ...fact, type, ...identity, madeWith, ...given };
  return event as Extract<RewindEvent, { type: Type }>;
}

export const base = {
  id: 'signal' as EventId,
  at: second(5000),
  ahead: { verdict: false, conclusion: false, unjudgedEnd: false, revocation: false },
  safeTarget: () => namedOnly(revision(1)),
};

export function carrying<Event extends RewindEvent>(event: Event) {
  const signal: unknown = { ...base, type: event.type, event };
  return signal as RolloutSignal;
}

/** One signal of every type, each as it would move a rollout furthest. */
const gate = { hookId: 'ecs-pause-1', stage: 'POST_SCALE_UP' };

export const signals: Record<SignalType, RolloutSignal> = {
  RolloutOpened: {
    ...carrying(
      decided('RolloutOpened', {
        policy: defaultPolicy,
        deploymentConfiguration: null,
        stable: revision(1),
        taskDefinition: revision(2),
        rollbackOf: null,
        alarms: [],
      }),
    ),
    raisedBeforeStart: [],
    doubtedAlarms: [],
  } as RolloutSignal,
  TaskChanged: carrying(stopped('b2', 100, { deployment: 2 })),
  ServiceImpaired: carrying({
    ...failed(2, 100),
    type: 'ServiceImpaired',
    eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
    reason: 'RESOURCE:CPU',
  } as RewindEvent),
  AlarmChanged: carrying(alarm('errors', 100, ['OK', 'ALARM'])),
  AnalysisPlanned: carrying(decided('AnalysisPlanned', { plan: planWithoutMetrics('noLoadBalancer', '') })),
  MeasurementTaken: carrying(decided('MeasurementTaken', { until: second(60), readings: [] })),
  AlarmsChecked: carrying(
    decided('AlarmsChecked', { alarms: [{ alarm: 'errors', state: 'ALARM', since: second(99) }] }),
  ),
  SightLost: carrying(decided('SightLost', { since: second(99), because: 'ECS could not be asked' })),
  VerdictPostponed: carrying(
    decided('VerdictPostponed', { raisedBy: 'b2', reason: 'host', until: second(1000) }),
  ),
  SuspicionLifted: carrying(decided('SuspicionLifted', {})),
  DeploymentFailed: carrying(failed(2, 100)),
  DeploymentStopped: { ...base, type: 'DeploymentStopped', by: 'arn:aws:iam::123456789012:user/ann' },
  HookChanged: carrying({
    id: 'hook' as EventId,
    service,
    occurredAt: second(100),
    type: 'HookChanged',
    eventName: 'HOOK_AWAITING_ACTION',
    hookId: 'ecs-pause-1',
    hookType: 'PAUSE',
    lifecycleStage: 'POST_SCALE_UP',
    expiresAt: second(9000),
    serviceDeployment: null,
  }),
  StageObserved: carrying({
    id: 'stage' as EventId,
    service,
    occurredAt: second(100),
    type: 'StageObserved',
    deployment: deploymentId(2),
    serviceDeployment: parseServiceDeploymentArn(
      'arn:aws:ecs:eu-west-1:123456789012:service-deployment/prod/web/abcdefghijklmnopqrstu',
    ),
    stage: 'PRODUCTION_TRAFFIC_SHIFT',
    test: 100,
    production: 10,
    hooks: [],
  }),
  VerdictReached: carrying(decided('VerdictReached', { verdict })),
  PassRevoked: carrying(
    decided('PassRevoked', { verdict: { ...verdict, revokes: { at: second(60), eventId: 'pass' } } }),
  ),
  RollbackRequested: carrying(
    decided('RollbackRequested', {
      attempt: 1,
      owner: 'one',
      requestedAt: second(101),
      leaseUntil: second(161),
      target: revision(1),
    }),
  ),
  GateHeld: carrying(
    decided('GateHeld', { ...gate, reason: 'undecided', missing: ['tests'], expiresAt: null }),
  ),
  GateDecided: carrying(
    decided('GateDecided', { ...gate, step: 1, answer: 'CONTINUE', because: 'x', judgements: [] }),
  ),
  GateAnswered: carrying(decided('GateAnswered', { ...gate, answeredAt: second(101), requestId: null })),
  GateOvertaken: carrying(decided('GateOvertaken', { ...gate, found: null })),
  TestBegun: carrying(decided('TestBegun', { test: 'smoke', attempt: 1, task: 'arn', until: second(200) })),
  TestEnded: carrying(
    decided('TestEnded', {
      test: 'smoke',
      attempt: 1,
      result: 'passed',
      message: 'exit code 0',
      evidence: [],
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
  BakeElapsed: carrying(decided('BakeElapsed', {})),
  DeadlineElapsed: carrying(decided('DeadlineElapsed', {})),
  HoldElapsed: { ...carrying(decided('HoldElapsed', {})), at: second(9000) },
  StallElapsed: { ...carrying(decided('StallElapsed', {})), at: second(9000) },
  ServiceDeleted: { ...base, type: 'ServiceDeleted' },
  BakeSkipped: { ...base, type: 'BakeSkipped' },
  TestAnswered: {
    ...base,
    type: 'TestAnswered',
    event: {
      type: 'OperatorActed',
      id: base.id,
      service,
      occurredAt: base.at,
      action: 'gate',
      by: null,
      reason: null,
      test: 'smoke',
      testResult: 'failed',
    },
  },
  OldTaskStopped: {
    ...carrying(stopped('a1', 100, { deployment: 1 })),
    type: 'OldTaskStopped',
    isKnown: false,
  } as RolloutSignal,
  TaskDefinitionIdentified: {
    ...base,
    type: 'TaskDefinitionIdentified',
    hasFailedBefore: false,
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
