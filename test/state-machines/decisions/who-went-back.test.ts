import { describe, expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import type { RewindEvent } from '../../../state-machines/log/events';
import type { EventId } from '../../../state-machines/log/identifiers';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import type { ObservedService } from '../../../state-machines/log/observed-service';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { observedService } from '../observed-service';
import { situationWith, withDecisions } from '../situations';
import {
  completed,
  deploymentId,
  failed,
  provenFirst,
  revision,
  second,
  service,
  started,
  stopCalled,
  stopped,
  running as taskRunning,
  updated,
} from '../story';

const running = (number: number, runs: number) => ({
  id: deploymentId(number),
  taskDefinition: revision(runs),
  rolloutState: 'IN_PROGRESS',
  runningCount: 1,
  createdAt: second(number === 2 ? 1000 : 0),
});
const failing = observedService({
  deployments: [running(2, 2), running(1, 1)],
  inProgress: { arn: 'arn:of-2' },
  serviceDeployments: [{ createdAt: second(1000), rollback: null }],
  lastSuccessful: revision(1),
  active: [revision(1)],
});
const stoppedAndGoingBack: ObservedService = {
  ...failing,
  deployments: [running(1, 1), running(2, 2)],
  serviceDeployments: [{ createdAt: second(1000), rollback: { isByEcs: false } }],
};
const deployedBack: ObservedService = { ...failing, deployments: [running(5, 1), running(2, 2)] };

const role = 'arn:aws:iam::123456789012:role/rewind/rewind-reconciler';
const session = 'arn:aws:sts::123456789012:assumed-role/rewind-reconciler/rewind-prod-reconciler';
const by = (event: ObservedEvent, caller: string) => ({ ...event, by: caller }) as ObservedEvent;

/** Who took the failed rollout back, by what was told since Rewind's request of second 1015. */
function adoptedFrom(told: readonly ObservedEvent[], observed: ObservedService, caller?: string) {
  const crashed = [stopped('b1', 1010, { deployment: 2 }), stopped('b2', 1011, { deployment: 2 })];
  const shown = { observed: failing, now: second(1015), ...(caller === undefined ? {} : { caller }) };
  const proven = withDecisions(provenFirst, { ...shown, now: second(400) });
  const requested = withDecisions([...proven, started(2, 1000), ...crashed], shown);
  const events: RewindEvent[] = [...requested, ...told];
  const { state } = foldOn(emptyFold(service), inOrder(events), defaultPolicy);
  const decision = decide(situationWith({ state, observed, now: second(1100), owner: 'me' }));
  if (decision.action !== 'record' || decision.event.type !== 'RollbackAdopted') return decision.action;
  return decision.event.by;
}

describe('a way back that is seen after an attempt of which nobody has told', () => {
  it('is the attempt’s own, as far as nobody tells who called ECS', () => {
    expect(adoptedFrom([], stoppedAndGoingBack, role)).toBe('rewind');
    expect(adoptedFrom([], deployedBack, role)).toBe('rewind');
  });

  it('is the attempt’s own where CloudTrail shows a session of Rewind’s role', () => {
    expect(adoptedFrom([by(stopCalled(1020), session)], stoppedAndGoingBack, role)).toBe('rewind');
    expect(adoptedFrom([by(updated(5, 1020, 1), session)], deployedBack, role)).toBe('rewind');
  });

  it('is that of whoever CloudTrail shows, though CloudTrail cuts its times to seconds', () => {
    expect(adoptedFrom([stopCalled(1020)], stoppedAndGoingBack, role)).toBe('operator');
    expect(adoptedFrom([updated(5, 1020, 1)], deployedBack, role)).toBe('operator');
    // It sorts before the verdict that it followed.
    expect(adoptedFrom([stopCalled(1010.5)], stoppedAndGoingBack, role)).toBe('operator');
  });

  it('is that of whoever called first', () => {
    const both = [stopCalled(1020), by(stopCalled(1021), session)];
    expect(adoptedFrom(both, stoppedAndGoingBack, role)).toBe('operator');
  });

  it('is the attempt’s own, as ever, where a log does not say who Rewind is', () => {
    expect(adoptedFrom([stopCalled(1020)], stoppedAndGoingBack)).toBe('rewind');
  });
});

/** Rewind goes back by deployment 5 as somebody deploys the third. */
function goneBack(): RewindEvent[] {
  const crashed = [stopped('b1', 1010, { deployment: 2 }), stopped('b2', 1011, { deployment: 2 })];
  const shown = { observed: failing, now: second(1015) };
  const proven = withDecisions(provenFirst, { ...shown, now: second(400) });
  const requested = withDecisions([...proven, started(2, 1000), ...crashed], shown);
  const request = requested.find((event) => event.type === 'RollbackRequested');
  if (request?.type !== 'RollbackRequested') throw new Error('nothing was requested');
  const issued: RewindEvent = {
    ...request,
    type: 'RollbackIssued',
    id: request.id.replace('RollbackRequested', 'RollbackIssued') as EventId,
    method: 'UpdateService',
    issuedAt: second(1016),
    target: revision(1),
    rollbackDeployment: deploymentId(5),
    requestId: null,
  };
  return [...requested, issued];
}

describe('a deployment by which Rewind went back', () => {
  it('is a rollback also where somebody deployed in the same instant, and is not taken back (I3)', () => {
    const known = [...goneBack(), started(3, 1016), started(5, 1016)];
    const { state } = foldOn(emptyFold(service), inOrder(known), defaultPolicy);
    const newest = state.rollouts.find(({ context }) => context.deployment === deploymentId(5));
    expect(newest?.context.rollbackOf).toBe(deploymentId(2));
  });

  it('is Rewind’s own doing also for what was deployed in the same instant', () => {
    const told = [started(3, 1016), by(updated(5, 1016.2, 1), session), started(5, 1016.5)];
    const observed = { ...failing, deployments: [running(5, 1), running(3, 3)] };
    const decided = withDecisions([...goneBack(), ...told], { observed, now: second(1100) });
    const adopted = decided.filter(({ type }) => type === 'RollbackAdopted');
    expect(adopted).toMatchObject([{ deployment: deploymentId(3), by: 'rewind' }]);
  });

  it('is not, long after, where ECS resumes it for something newer, and shows no service deployment', () => {
    const back = [
      started(5, 1017),
      taskRunning('c1', 1030, { deployment: 5, revision: 1 }),
      completed(5, 1100),
    ];
    const proven = withDecisions([...goneBack(), ...back], { observed: failing, now: second(9000) });
    const told = [updated(6, 19_999, 6), started(6, 20_000), failed(6, 20_100), started(5, 20_101, true)];
    const deployments = [running(5, 1), { ...running(6, 6), rolloutState: 'FAILED' }];
    const observed = observedService({ deployments, active: [revision(1)], lastSuccessful: revision(1) });
    const decided = withDecisions([...proven, ...told], { observed, now: second(20_110) });
    const adopted = decided.filter(({ type }) => type === 'RollbackAdopted').at(-1);
    expect(adopted).toMatchObject({ deployment: deploymentId(6), by: 'ecs' });
  });
});
