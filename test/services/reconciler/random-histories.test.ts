import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../infra/ecs-simulator/src/ecs-simulator';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { shortestWaitSeconds } from '../../../services/reconciler/next-wake';
import type { RewindEvent } from '../../../state-machines/log/events';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { isLive } from '../../../state-machines/rollout/live-rollout';
import { emptyFold, foldOn, inOrder } from '../../../state-machines/service/fold';
import { service } from './worlds/rewind-at-work';
import { openGate, RollbackWorld } from './worlds/rollback-world';

const histories = Number(process.env.REWIND_HISTORIES ?? 5);
const behaviours = [
  {},
  {},
  { 'rewind.behaviour': 'crash', 'rewind.crash-after': '5' },
  { 'rewind.behaviour': 'crash', 'rewind.crash-after': '150' },
];

/**
 * Twenty rollouts of new and old revisions, good and bad, some cut short by the next; revisions are
 * deregistered between them.
 */
class History {
  readonly faults: string[] = [];
  readonly #revisions: string[] = [];
  readonly #gone = new Set<string>();
  #steps = 0;
  #rollbacks = 0;

  constructor(
    readonly world: RollbackWorld,
    readonly random: SeededRandom,
  ) {
    this.#revisions.push(world.stable);
  }

  async run(): Promise<void> {
    for (let rollout = 0; rollout < 20; rollout += 1) {
      this.#deregister();
      this.#deploy();
      const seconds = this.random.integer(30, 900);
      for (let second = 0; second < seconds; second += 10) await this.#pass(10);
    }
  }

  #deploy(): void {
    const isNew = this.random.next() < 0.6;
    const labels = this.#pick(behaviours) ?? {};
    const taskDefinition = isNew
      ? this.world.register(labels)
      : this.#pick(this.#revisions.filter((one) => !this.#gone.has(one)));
    if (taskDefinition === undefined) return;
    if (isNew) this.#revisions.push(taskDefinition);
    this.world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition });
  }

  #deregister(): void {
    const victim = this.random.next() < 0.25 ? this.#pick(this.#revisions) : undefined;
    if (victim === undefined || this.#gone.has(victim)) return;
    this.#gone.add(victim);
    this.world.call('DeregisterTaskDefinition', { taskDefinition: victim });
  }

  async #pass(seconds: number): Promise<void> {
    this.world.clock.advanceBy(seconds);
    await this.world.deliver();
    this.#steps += 1;
    if (!this.world.hasNews && this.#steps % 6 !== 0) return;
    const { nextWakeAt } = await this.world.reconcilerBehind(openGate)(this.world.wakeUp());
    await this.#checkWake(nextWakeAt);
    await this.#checkTargets();
  }

  async #checkWake(nextWakeAt: number | null): Promise<void> {
    const now = this.world.clock.now();
    if (nextWakeAt === null && (await this.#isLive()))
      this.faults.push(`${now}: a live rollout waits for nothing`);
    if (nextWakeAt !== null && nextWakeAt - now < shortestWaitSeconds * 1000)
      this.faults.push(`${now}: woken again after ${nextWakeAt - now} ms`);
  }

  /** By the log alone: the snapshot's own fold lies some events behind it. */
  async #isLive(): Promise<boolean> {
    const { state } = foldOn(emptyFold(service), inOrder(await this.world.events()), defaultPolicy);
    return state.rollouts.some(isLive);
  }

  /** Looked at when the rollback is first seen: what a target was later does not matter. */
  async #checkTargets(): Promise<void> {
    const events = await this.world.events();
    const issued = events.filter((event) => event.type === 'RollbackIssued');
    for (const { target, deployment, method, copy } of issued.slice(this.#rollbacks)) {
      const runs = runsOf(events);
      const ended = events.flatMap((event) =>
        event.type === 'VerdictReached' && runs.get(event.deployment) === target
          ? [event.verdict.result]
          : [],
      );
      if (!ended.includes('passed'))
        this.faults.push(`${deployment}: back to ${target}, which had proven nothing`);
      if (ended.includes('failed')) this.faults.push(`${deployment}: back to ${target}, which had failed`);
      if (this.#gone.has(target) && method === 'UpdateService' && copy === undefined)
        this.faults.push(`${deployment}: deploys ${target}, which is INACTIVE`);
    }
    this.#rollbacks = issued.length;
  }

  get rollbacks(): number {
    return this.#rollbacks;
  }

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.random.integer(0, items.length - 1)];
  }
}

function runsOf(events: readonly RewindEvent[]): Map<string, string | null> {
  return new Map(
    events.flatMap((event) =>
      event.type === 'RolloutOpened' ? [[event.deployment, event.taskDefinition]] : [],
    ),
  );
}

describe('a history of twenty rollouts', () => {
  it(`never goes back to what failed or proved nothing, and never stops or rushes (I4, I5) (seeds 1 to ${histories})`, async () => {
    let rollbacks = 0;
    for (let seed = 1; seed <= histories; seed += 1) {
      const world = await RollbackWorld.startStable({ log: memoryEventLog(), seed });
      const history = new History(world, new SeededRandom(seed));
      await history.run();
      expect(history.faults, `seed ${seed}`).toEqual([]);
      rollbacks += history.rollbacks;
    }
    expect(rollbacks).toBeGreaterThan(histories);
  }, 3_600_000);
});
