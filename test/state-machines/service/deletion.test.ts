import { describe, expect, it } from 'vitest';
import type { ObservedEvent, TaskChanged } from '../../../state-machines/log/observed-events';
import { rolloutsOf } from '../judging';
import {
  completed,
  deleted,
  deploymentId,
  provenFirst,
  running,
  scaledIn,
  second,
  started,
  stopped,
} from '../story';

const made = (event: ObservedEvent, createdAt: number): ObservedEvent => ({
  ...(event as TaskChanged),
  createdAt: second(createdAt),
});
const crashes = [
  running('b1', 1120, { deployment: 2 }),
  stopped('b1', 1130, { deployment: 2 }),
  running('b2', 1135, { deployment: 2 }),
  stopped('b2', 1140, { deployment: 2 }),
];

/**
 * Deployment 1 proves revision 1; the service is deleted and made anew, and deployment 2 crashes.
 */
const madeAnew = (late: readonly ObservedEvent[]) =>
  rolloutsOf([...provenFirst, deleted(1000), ...late, started(2, 1100), ...crashes]);

describe('a service that was deleted and made anew under its name', () => {
  const ofDeployment = (seconds: number) => stopped('a1', seconds, { deployment: 1, because: scaledIn });

  it.each([
    ['before it is made anew', 1020],
    ['after it is made anew', 1110],
  ])("has no target in what the deleted service's tasks ran, which stop %s", (_name, seconds) => {
    expect(madeAnew([ofDeployment(seconds)])[1]).toMatchObject({
      deployment: deploymentId(2),
      outcome: 'noSafeTarget',
      rollback: null,
    });
  });

  it('has none in a task that is older than the deletion, of a deployment that nobody told of', () => {
    const task = stopped('z1', 1110, { deployment: 9, because: scaledIn });
    expect(madeAnew([made(task, 990)])[1]).toMatchObject({ outcome: 'noSafeTarget' });
    expect(madeAnew([made(task, 1050)])[1]).toMatchObject({ rollback: { by: 'rewind' } });
  });

  it('has no rollout of what is told late of a deployment of the deleted one', () => {
    expect(madeAnew([completed(1, 1010), started(1, 1011)])).toHaveLength(2);
  });

  it('knows the deployments of the deleted one after a second deletion too', () => {
    const rollouts = rolloutsOf([
      ...provenFirst,
      deleted(500),
      deleted(1000),
      ofDeployment(1050),
      started(2, 1100),
      ...crashes,
    ]);
    expect(rollouts.at(-1)).toMatchObject({ outcome: 'noSafeTarget' });
  });
});
