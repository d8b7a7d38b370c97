import { describe, expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import type { Decision } from '../../../state-machines/decisions/decision';
import { failureOf } from '../../../state-machines/decisions/decision-events';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { EventId } from '../../../state-machines/log/identifiers';
import type { ObservedService } from '../../../state-machines/log/observed-service';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { positionOf } from '../../../state-machines/log/position';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedService } from '../observed-service';
import { situationWith, withDecisions } from '../situations';
import { completed, deploymentId, provenFirst, revision, second, service, started, stopped } from '../story';

const running = (number: number, runs: number, rolloutState = 'IN_PROGRESS') => ({
  id: deploymentId(number),
  taskDefinition: revision(runs),
  rolloutState,
  runningCount: 1,
  createdAt: second(0),
});

/** Deployment 2 of revision 2 in progress, deployment 1 of revision 1 beside it. */
const inProgress = observedService({
  deployments: [running(2, 2), running(1, 1, 'COMPLETED')],
  inProgress: { arn: 'arn:of-2' },
  serviceDeployments: [{ createdAt: second(1000), rollback: null }],
  lastSuccessful: revision(1),
  active: [revision(1)],
});
const withRollback = (isByEcs: boolean): ObservedService => ({
  ...inProgress,
  deployments: [running(1, 1), running(2, 2, 'FAILED')],
  serviceDeployments: [{ createdAt: second(1000), rollback: { isByEcs } }],
});

const afterCompletion: ObservedService = {
  ...inProgress,
  deployments: [running(2, 2, 'COMPLETED')],
  inProgress: null,
};

const observations = {
  'in progress': inProgress,
  completed: afterCompletion,
  'in progress, but ECS would go back elsewhere': { ...inProgress, lastSuccessful: revision(3) },
  'in progress with something newer, which is not shown yet': {
    ...inProgress,
    serviceDeployments: [{ createdAt: second(1090), rollback: null }, ...inProgress.serviceDeployments],
  },
  'back from something newer': {
    ...afterCompletion,
    serviceDeployments: [
      { createdAt: second(1050), rollback: { isByEcs: false } },
      ...inProgress.serviceDeployments,
    ],
  },
  'in progress, with a candidate of the same task definition': {
    ...inProgress,
    lastSuccessful: revision(2),
    candidate: 'revision-of-1',
    revisions: [
      {
        taskDefinition: revision(2),
        deployment: deploymentId(7),
        serviceRevision: 'revision-of-1',
        images: { app: 'sha256:1' },
      },
    ],
  },
  'going back by itself': withRollback(true),
  'going back because it was stopped': withRollback(false),
  'back by a new deployment': { ...inProgress, deployments: [running(5, 1), running(2, 2)] },
  'at something newer': { ...inProgress, deployments: [running(5, 9), running(2, 2)] },
  'in progress, with an INACTIVE target': { ...inProgress, active: [], inactive: [revision(1)] },
  'completed, with an INACTIVE target': { ...afterCompletion, active: [], inactive: [revision(1)] },
  'completed, with a target that is gone': { ...afterCompletion, active: [] },
  'of another controller': { ...inProgress, controller: 'CODE_DEPLOY' },
  gone: { ...inProgress, exists: false, deployments: [] },
} as const satisfies Record<string, ObservedService>;

const phases = [
  'unopened',
  'watching',
  'baking',
  'failed',
  'leased to me',
  'leased to another',
  'lease run out',
  'lease running out',
] as const;
type Phase = (typeof phases)[number];
const now = 1100;
/** Two failed tasks are a failed rollout, whatever else runs. */
const byPercent: Policy = { ...defaultPolicy, failureRule: 'percent' };

function stateIn(phase: Phase, policy: Policy) {
  const proven = withDecisions(provenFirst, { observed: inProgress, now: second(400), policy });
  const events: RewindEvent[] = [...proven, ...reportsIn(phase)];
  const fold = () => foldOn(emptyFold(service), inOrder(events), policy);
  const at = second(phase === 'unopened' ? 900 : now);
  for (let step = 0; step < 20; step += 1) {
    const { state } = fold();
    const situation = situationWith({ state, observed: inProgress, now: at, owner: 'me', policy });
    const event = recordedIn(phase, decide(situation));
    if (event === null) break;
    events.push(event);
    if (event.type === 'RollbackRequested') break;
  }
  return fold().state;
}

function reportsIn(phase: Phase): RewindEvent[] {
  const start = started(2, 1000);
  if (phase === 'unopened' || phase === 'watching') return [start];
  if (phase === 'baking') return [start, completed(2, 1050)];
  return [start, stopped('b1', 1010, { deployment: 2 }), stopped('b2', 1011, { deployment: 2 })];
}

/** What Rewind has recorded by then; null from there on. */
function recordedIn(phase: Phase, decision: Decision): RewindEvent | null {
  if (decision.action !== 'record') return null;
  const { event } = decision;
  if (phase === 'unopened' && event.deployment === deploymentId(2)) return null;
  if (event.type !== 'RollbackRequested') return event;
  const lease = leases[phase];
  return lease === undefined ? null : { ...event, owner: lease.owner, leaseUntil: second(lease.until) };
}

const leases: { readonly [phase in Phase]?: { readonly owner: string; readonly until: number } } = {
  'leased to me': { owner: 'me', until: 1155 },
  'leased to another': { owner: 'another', until: 1155 },
  'lease run out': { owner: 'another', until: 1090 },
  'lease running out': { owner: 'me', until: 1110 },
};

function inWords(decision: Decision): string {
  if (decision.action === 'wait')
    return `wait until ${decision.until === null ? 'news' : (decision.until - second(0)) / 1000}`;
  if (decision.action === 'rollBack') return decision.method;
  if (decision.action !== 'record') return decision.action;
  const { event } = decision;
  if (event.type === 'RollbackRequested') return `request attempt ${event.attempt}`;
  if (event.type === 'RollbackAdopted') return `adopt from ${event.by}`;
  if (event.type === 'RolloutConcluded') return `conclude ${event.outcome}`;
  return event.type === 'RollbackRejected' ? `reject ${event.reason}` : event.type;
}

function rowOf(phase: Phase, policy: Policy = byPercent) {
  const state = stateIn(phase, policy);
  return Object.fromEntries(
    Object.entries(observations).map(([name, observed]) => {
      const situation = situationWith({ state, observed, now: second(now), owner: 'me', policy });
      return [name, inWords(decide(situation))];
    }),
  );
}

/** The same decision whatever ECS shows. */
const always = (words: string) => Object.fromEntries(Object.keys(observations).map((name) => [name, words]));

const settled = {
  'in progress with something newer, which is not shown yet': 'wait until 1110',
  'back from something newer': 'conclude superseded',
  'going back by itself': 'adopt from ecs',
  'at something newer': 'conclude superseded',
  'completed, with a target that is gone': 'conclude noSafeTarget',
  'of another controller': 'reject UnsupportedController',
  gone: 'conclude abandoned',
};
const byOthers = {
  ...settled,
  'going back because it was stopped': 'adopt from operator',
  'back by a new deployment': 'adopt from operator',
};
const byRewind = {
  ...settled,
  'going back because it was stopped': 'adopt from rewind',
  'back by a new deployment': 'adopt from rewind',
};

describe('what is decided', () => {
  it.each<[Phase, Record<string, string>]>([
    ['unopened', always('RolloutOpened')],
    ['watching', always('wait until 4600')],
    ['baking', always('wait until 1350')],
    ['failed', { ...always('request attempt 1'), ...byOthers }],
    ['lease run out', { ...always('request attempt 2'), ...byRewind }],
    ['leased to another', always('wait until 1155')],
    ['lease running out', { ...always('wait until 1110'), ...byRewind }],
    [
      'leased to me',
      {
        'in progress': 'StopServiceDeployment',
        'in progress, with an INACTIVE target': 'StopServiceDeployment',
        // What was requested was no copy.
        'completed, with an INACTIVE target': 'wait until 1155',
        completed: 'UpdateService',
        'in progress, but ECS would go back elsewhere': 'UpdateService',
        'in progress, with a candidate of the same task definition': 'UpdateService',
        ...byRewind,
      },
    ],
  ])('on a rollout that is %s', (phase, row) => {
    expect(rowOf(phase)).toEqual(row);
  });

  it('in observe mode never is a write: what others did is still followed', () => {
    const row = rowOf('failed', { ...byPercent, mode: 'observe' });
    const waits = always('wait until 4611');
    const {
      'in progress with something newer, which is not shown yet': _newer,
      'back from something newer': _back,
      'completed, with a target that is gone': _gone,
      'of another controller': _other,
      ...followed
    } = byOthers;
    expect(row).toEqual({ ...waits, ...followed });
  });

  it('names a decision for its rollout, since one event can end two of them', () => {
    const state = stateIn('failed', byPercent);
    const live = state.rollouts.at(-1);
    expect(live && failureOf(live).eventId).toBe('task-b2-5-1011' as EventId);
    const { gone } = observations;
    const decision = decide(
      situationWith({ state, observed: gone, now: second(now), owner: 'me', policy: byPercent }),
    );
    expect(decision.action === 'record' && positionOf(decision.event)).toMatch(
      /task-b2-5-1011~ecs-svc\/2@\d+\.9\.RolloutConcluded$/,
    );
  });
});
