import { describe, expect, it } from 'vitest';
import { second } from '../state-machines/story';
import type { Glasses } from './reconciler-steps';
import { searchProtocol } from './search';

/** A look that does not show that something newer was deployed while it was under way. */
const blindToNewer: Glasses = (observed) => ({
  ...observed,
  inProgress: observed.inProgress && { arn: observed.inProgress.arn },
  serviceDeployments: observed.serviceDeployments.filter(({ createdAt }) => createdAt <= second(500)),
});

/** One step of the clock is longer than a lease: `npm run search:protocol` takes smaller ones. */
const twoReconcilers = { reconcilers: 2, interferences: 1, clock: { ticks: 1, tickSeconds: 65 } };

describe('the protocol of a rollback', () => {
  it('keeps every promise in every state of two reconcilers, ECS and one person, and never gets stuck', {
    timeout: 600_000,
  }, () => {
    const { states, broken, stuck } = searchProtocol(twoReconcilers);
    expect({ broken, stuck }).toEqual({ broken: {}, stuck: null });
    expect(states).toBeGreaterThan(100_000);
  });

  it('is broken in ten steps by a look that is blind to what was deployed during it', () => {
    const { broken } = searchProtocol({
      ...twoReconcilers,
      glasses: blindToNewer,
      isOver: 'at the first counterexample',
    });
    const path = broken['only the judged deployment is taken back'];
    expect(path).toContain('a person deploys revision 3');
    expect(path?.length).toBeLessThanOrEqual(10);
  });
});
