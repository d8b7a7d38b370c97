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

/** `npm run search:protocol` lets more happen at once, and time pass in smaller steps. */
const interfered = { reconcilers: 2, interferences: 1, clock: { ticks: 0, tickSeconds: 65 } };
const outlived = { reconcilers: 2, interferences: 0, clock: { ticks: 1, tickSeconds: 65 } };

describe('the protocol of a rollback', () => {
  it.each([
    { of: 'two reconcilers, ECS and one person', ...interfered },
    { of: 'two reconcilers that outlive a lease', ...outlived },
  ])(
    'keeps every promise in every state of $of, and never gets stuck (I2, I3, I4, I5)',
    { timeout: 300_000 },
    (search) => {
      const { states, broken, stuck } = searchProtocol(search);
      expect({ broken, stuck }).toEqual({ broken: {}, stuck: null });
      expect(states).toBeGreaterThan(2_000);
    },
  );

  it('is broken in ten steps by a look that is blind to what was deployed during it (I3)', () => {
    const { broken } = searchProtocol({
      ...interfered,
      glasses: blindToNewer,
      isOver: 'at the first counterexample',
    });
    const path = broken['only the judged deployment is taken back'];
    expect(path).toContain('a person deploys revision 3');
    expect(path?.length).toBeLessThanOrEqual(10);
  });
});
