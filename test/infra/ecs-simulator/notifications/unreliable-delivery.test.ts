import { describe, expect, it } from 'vitest';
import {
  type Notification,
  SteppedClock,
  unreliableDelivery,
} from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { DeliveryFaults } from '../../../../infra/ecs-simulator/src/notifications/unreliable-delivery';
import { origin } from '../simulated-ecs';

/** Sends 1000 notifications, one a second, and returns the ids in the order of their delivery. */
function deliver(faults: DeliveryFaults, seed = 1): number[] {
  const clock = new SteppedClock(origin);
  const delivered: number[] = [];
  const put = unreliableDelivery(faults, { clock, seed, deliver: ({ id }) => delivered.push(Number(id)) });
  for (let id = 0; id < 1000; id += 1) {
    put({ id: String(id) } as Notification);
    clock.advanceBy(1);
  }
  clock.advanceBy(3600);
  return delivered;
}
const inOrder = Array.from({ length: 1000 }, (_, id) => id);

describe('EventBridge', () => {
  it('delivers each notification once and in order where nothing befalls it', () => {
    expect(deliver({})).toEqual(inOrder);
  });

  it('duplicates, delays, reorders and drops as often as it is told to', () => {
    expect(deliver({ drop: 0.1 }).length).toBeLessThan(950);
    expect(deliver({ drop: 0.1 })).toEqual([...deliver({ drop: 0.1 })].sort((one, other) => one - other));
    const duplicated = deliver({ duplicate: 0.2 });
    expect(new Set(duplicated).size).toBe(1000);
    expect(duplicated.length).toBeGreaterThan(1150);
    for (const faults of [{ delay: 0.3, delaySeconds: 90 }, { reorder: 0.3 }]) {
      const moved = deliver(faults);
      expect(moved).not.toEqual(inOrder);
      expect([...moved].sort((one, other) => one - other)).toEqual(inOrder);
    }
  });

  it('does the same for the same seed', () => {
    const faults = { drop: 0.1, duplicate: 0.1, delay: 0.1, reorder: 0.1 };
    expect(deliver(faults, 7)).toEqual(deliver(faults, 7));
    expect(deliver(faults, 8)).not.toEqual(deliver(faults, 7));
  });
});
