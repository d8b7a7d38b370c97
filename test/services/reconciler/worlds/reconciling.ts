import type { SeededRandom } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { callSeconds } from '../../../../state-machines/decisions/rollback-lease';
import type { Instant } from '../../../../state-machines/log/instant';
import type { Effect, Gate } from './gated-effects';

/**
 * One reconciler of several: it stands still before and behind each of its effects until it is let
 * go on.
 */
export class Reconciling implements Gate {
  /** Null while it runs, and once it has ended. */
  #waiting: {
    readonly go: () => void;
    readonly fail: (error: Error) => void;
    readonly isCallDue: boolean;
  } | null = null;
  #arrived: () => void = () => {};
  #begunAt: Instant;
  hasEnded = false;

  constructor(readonly now: () => Instant) {
    this.#begunAt = now();
  }

  before(effect: Effect): Promise<void> {
    this.#begunAt = this.now();
    return this.#stand(effect);
  }

  after(effect: Effect): Promise<void> {
    return this.#stand(effect);
  }

  #stand({ isRollback }: Effect): Promise<void> {
    return new Promise((go, fail) => {
      this.#waiting = { go, fail, isCallDue: isRollback };
      this.#arrived();
    });
  }

  /** Runs until it stands somewhere, or ends. */
  async start(reconcile: () => Promise<unknown>): Promise<void> {
    const standing = this.#nextStand();
    const end = () => {
      this.hasEnded = true;
      this.#arrived();
    };
    // The platform wakes one that failed again; here the next one is another reconciler.
    reconcile().then(end, end);
    await standing;
  }

  async goOn(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    const standing = this.#nextStand();
    // The client gives a call up after its time: before it reached ECS, or after.
    const isLate = waiting.isCallDue && this.now() - this.#begunAt > callSeconds * 1000;
    if (isLate) waiting.fail(Object.assign(new Error('no answer in time'), { name: 'TimeoutError' }));
    else waiting.go();
    await standing;
  }

  #nextStand(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }
}

/** Lets each go on to its end. */
export async function finishAll(running: readonly Reconciling[]): Promise<void> {
  for (const reconciling of running) while (!reconciling.hasEnded) await reconciling.goOn();
}

/** One of several, as the seed decides. */
export function pick<Item>(random: SeededRandom, items: readonly Item[]): Item {
  const item = items[random.integer(0, items.length - 1)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}
