import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../state-machines/log/instant';
import { overlayDeclaration, undeclared } from '../../../state-machines/protection/configuration';
import { driftSince } from '../../../state-machines/protection/drift';
import { endOfRollout } from '../../../state-machines/protection/observed-protection';
import { planProtection } from '../../../state-machines/protection/plan';
import { unprotectedService } from './unprotected-service';

describe('drift', () => {
  const declared = overlayDeclaration(undeclared, {
    configuration: { bakeTimeInMinutes: 5, maximumPercent: 150 },
  });
  const right = { bakeTimeInMinutes: 5, maximumPercent: 150 };
  const seen = (known: object, observed: object, isReleased = false) => {
    const standing = { original: {}, known, alarms: [], drifted: [], isReleased };
    const plan = planProtection(declared, { ...unprotectedService, configuration: observed });
    return driftSince({ standing }, plan, observed);
  };

  it('is a field that was right and is not any more', () => {
    const observed = { ...right, bakeTimeInMinutes: 0 };
    expect(seen(right, observed)).toEqual({ kind: 'drifted', fields: ['bakeTimeInMinutes'] });
  });

  it('is neither a field that never was right, nor one that nobody declares', () => {
    expect(seen({ maximumPercent: 200 }, { maximumPercent: 110 })).toEqual({ kind: 'changed' });
    expect(seen(right, { ...right, minimumHealthyPercent: 50 })).toEqual({ kind: 'changed' });
    expect(seen(right, right)).toEqual({ kind: 'none' });
  });

  it('is nothing in a service that was undone', () => {
    expect(seen(right, {}, true)).toEqual({ kind: 'changed' });
  });
});

it('a rollout under way is over at its deadline at the latest', () => {
  const rollout = { taskDefinition: 'web:7', since: 1000 as Instant };
  const policy = { deadlineSeconds: 60 };
  expect(endOfRollout({ observed: { rollout }, policy })).toBe(61_000);
  expect(endOfRollout({ observed: { rollout: null }, policy })).toBe(null);
});
