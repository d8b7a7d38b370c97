import { describe, expect, it } from 'vitest';
import { decide } from '../../../state-machines/decisions/decide';
import { defaultPolicy as policy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { situationWith } from '../situations';
import { deploymentId, revision, running, second, service, started } from '../story';

const before = {
  taskDefinition: revision(1),
  deployment: deploymentId(1),
  serviceRevision: 'revision-of-1',
  images: { app: 'sha256:1' },
};

/** Deployment 2 runs the same and is not done; it has replaced all tasks of deployment 1. */
const replaced = observedService({
  deployments: [
    observedDeployment(2, {
      taskDefinition: revision(1),
      rolloutState: 'IN_PROGRESS',
      createdAt: second(1000),
    }),
    observedDeployment(1, { runningCount: 0 }),
  ],
  inProgress: { arn: 'service-deployment' },
  lastSuccessful: revision(1),
  candidate: before.serviceRevision,
  revisions: [before],
});

function openingOf(observed: typeof replaced) {
  const told = [started(2, 1000), running('b1', 1005, { deployment: 2, revision: 1 })];
  const { state } = foldOn(emptyFold(service), told, policy);
  const decision = decide(situationWith({ state, observed, now: second(1090), owner: 'one' }));
  return decision.action === 'record' ? decision.event : decision;
}

describe('the first rollout that Rewind sees', () => {
  it('has as its way back the service revision that ECS completed before, also where the same task definition is deployed again (I4)', () => {
    expect(openingOf(replaced)).toMatchObject({
      type: 'RolloutOpened',
      stable: revision(1),
      wayBack: before,
    });
  });

  it('has none where what ECS completed is itself', () => {
    const itself = { ...before, deployment: deploymentId(2) };
    expect(openingOf({ ...replaced, revisions: [itself] })).toMatchObject({ stable: null });
  });

  it('has none where no task was wanted then: a deployment of none proves nothing', () => {
    expect(openingOf({ ...replaced, desiredCount: 0 })).toMatchObject({ stable: null });
  });
});
