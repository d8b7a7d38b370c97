import type { SimulationClock } from '../foundation/clock';
import { laterBy } from '../foundation/clock';
import type { Notification } from '../foundation/notification';
import { SeededRandom } from '../foundation/seeded-random';

/**
 * What EventBridge does to notifications, each with its own probability. What is left out does not
 * happen.
 */
export interface DeliveryFaults {
  /**
   * AWS promises at least one delivery of ECS's notifications; a rule's target can lose one all the
   * same.
   */
  readonly drop?: number;
  /** Delivered again, up to `delaySeconds` later. */
  readonly duplicate?: number;
  /** Delivered up to `delaySeconds` late. */
  readonly delay?: number;
  readonly delaySeconds?: number;
  /** Delivered right after the next one. */
  readonly reorder?: number;
}

/**
 * Delivers as EventBridge may: more than once, late, out of order, or not at all. The same seed
 * makes the same of the same notifications.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
 */
export function unreliableDelivery(
  faults: DeliveryFaults,
  parts: {
    readonly clock: SimulationClock;
    readonly seed: number;
    readonly deliver: (envelope: Notification) => void;
  },
): (envelope: Notification) => void {
  const { clock, deliver } = parts;
  const random = new SeededRandom(parts.seed);
  let held: Notification | null = null;
  const isStruck = (probability = 0) => random.next() < probability;
  const deliverLater = (envelope: Notification) => {
    const seconds = random.between(0, faults.delaySeconds ?? 60);
    clock.schedule(laterBy(clock.now(), seconds), () => deliver(envelope));
  };
  return (envelope) => {
    // Each is drawn for every notification, so that one probability does not change what another
    // one strikes.
    const [drop, duplicate] = [isStruck(faults.drop), isStruck(faults.duplicate)];
    const [delay, reorder] = [isStruck(faults.delay), isStruck(faults.reorder)];
    if (drop) return;
    if (duplicate) deliverLater(envelope);
    if (delay) {
      deliverLater(envelope);
      return;
    }
    if (reorder && held === null) {
      held = envelope;
      return;
    }
    deliver(envelope);
    if (held !== null) deliver(held);
    held = null;
  };
}
