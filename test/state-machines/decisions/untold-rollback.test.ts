import { describe, expect, it } from 'vitest';
import { recompute } from '../../../state-machines/audit/recompute';
import type { RewindEvent } from '../../../state-machines/log/events';
import { wholePolicy } from '../../../state-machines/log/policy';
import { emptyFold, foldOn } from '../../../state-machines/service/fold';
import { observedDeployment, observedService } from '../observed-service';
import { withDecisions } from '../situations';
import { completed, deploymentId, provenFirst, revision, running, second, started, stopped } from '../story';

const shownRevision = (number: number) => ({
  taskDefinition: revision(number),
  deployment: deploymentId(number),
  serviceRevision: `revision-${number}`,
  images: { app: `sha256:${number}` },
});

/** ECS has gone back from deployment 2, of which no notification came. */
const observed = observedService({
  deployments: [observedDeployment(1)],
  serviceDeployments: [
    {
      createdAt: second(4900),
      rollback: { isByEcs: true, serviceRevision: 'revision-1' },
      serviceRevision: 'revision-2',
    },
  ],
  revisions: [shownRevision(2), shownRevision(1)],
  active: [revision(1)],
});
const passed = withDecisions(provenFirst, { now: second(400), observed });
const decidedAt = (told: readonly RewindEvent[], at: number) =>
  withDecisions([...passed, started(1, 5000, true), ...told], { now: second(at), observed }).filter(
    (event) => 'startedAt' in event && event.startedAt === second(5000),
  );

describe('a rollback by ECS, where nobody has told of what it takes back,', () => {
  it('is recorded with the service revision that ECS goes back to', () => {
    const { serviceRevision, images } = shownRevision(1);
    expect(decidedAt([], 5010)).toMatchObject([
      { rollbackOf: null, isGoingBack: true, serviceRevision, images },
    ]);
  });

  it('is confirmed by an audit of the opening of a reducer that did not record it', () => {
    const [opening] = decidedAt([], 5010);
    if (opening?.type !== 'RolloutOpened') throw new Error('it is opened');
    const { isGoingBack: _, ...older } = opening;
    const { state } = foldOn(
      emptyFold(opening.service),
      [...passed, started(1, 5000, true)],
      wholePolicy(opening.policy),
    );
    const madeWith = { ...opening.madeWith, reducerVersion: 24 };
    expect(recompute(state, { event: { ...older, madeWith }, recordedAt: second(5010) })).toBeNull();
    expect(recompute(state, { event: { ...opening, madeWith }, recordedAt: second(5010) })).toMatchObject({
      field: 'isGoingBack',
    });
  });

  it('is not taken back itself, whatever its tasks do (I3)', () => {
    const crashes = ['b1', 'b2'].flatMap((task) => [
      running(task, 5020, { deployment: 1 }),
      stopped(task, 5040, { deployment: 1, ranFrom: 5020 }),
    ]);
    expect(decidedAt([...crashes, completed(1, 5030)], 5050).at(-1)).toMatchObject({
      type: 'RolloutConcluded',
      outcome: 'rollbackFailed',
    });
  });
});
