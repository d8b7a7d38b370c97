import type { SeededRandom } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { Trait } from './loss';
import type { ServiceSetting } from './service-setting';
import type { SimulatedService } from './simulated-service';
import type { RunningTask } from './task-book';

/** Whose fault something is, and over how many seconds it spreads. */
interface Blow {
  readonly isOfTheRelease?: true;
  readonly within?: number;
}
interface SceneParts {
  readonly random: SeededRandom;
  readonly size: number;
  readonly setting: ServiceSetting;
  readonly service: SimulatedService;
}

/**
 * What a kind says of its rollout with: traits of tasks as they start, and blows at instants.
 * Seconds count from the start of the judged rollout; negative ones are before it.
 */
export class Scene {
  readonly random: SeededRandom;
  readonly size: number;
  readonly setting: ServiceSetting;
  readonly #service: SimulatedService;

  constructor({ random, size, setting, service }: SceneParts) {
    this.random = random;
    this.size = size;
    this.setting = setting;
    this.#service = service;
  }

  /** Decides over every task as it starts, beside what other traits decide. */
  give(trait: Trait): void {
    this.#service.traits.push(trait);
  }

  at(seconds: number, run: () => void): void {
    this.#service.at(seconds, run);
  }

  /** So many seconds from now. */
  in(seconds: number, run: () => void): void {
    this.#service.in(seconds, run);
  }

  /** Once, so many seconds after the first task of the judged rollout runs. */
  afterFirstNew(seconds: number, run: () => void): void {
    let isDue = true;
    this.give(({ isNew, step }) => {
      if (isNew && step === 'running' && isDue) {
        isDue = false;
        this.in(seconds, run);
      }
      return null;
    });
  }

  /** In the order in which they reached RUNNING. */
  running(): readonly RunningTask[] {
    return this.#service.book.running();
  }

  /** A share of the running tasks, at least one, in the order of chance. */
  some(share: number, of: readonly RunningTask[] = this.running()): readonly RunningTask[] {
    const drawn = of.map((task) => ({ task, order: this.random.next() }));
    const count = Math.max(1, Math.round(share * of.length));
    return drawn
      .sort((a, b) => a.order - b.order)
      .slice(0, count)
      .map(({ task }) => task);
  }

  exit(
    tasks: readonly RunningTask[],
    cause: { readonly code: number; readonly reason: string | null },
    blow: Blow = {},
  ): void {
    this.#each(tasks, blow, (affected) => this.#service.exitContainers(affected, { cause, ...blow }));
  }

  sicken(tasks: readonly RunningTask[], blow: Blow = {}): void {
    this.#each(tasks, blow, (affected) => this.#service.failHealthCheck(affected, blow));
  }

  interruptSpot(tasks: readonly RunningTask[], blow: Blow = {}): void {
    this.#each(tasks, blow, (affected) => this.#service.interruptSpot(affected));
  }

  loseHost(tasks: readonly RunningTask[]): void {
    this.#service.loseHost(new Set(tasks.map(({ id }) => id)));
  }

  setAlarm(state: 'OK' | 'ALARM'): void {
    this.#service.setAlarm(state);
  }

  scaleTo(desiredCount: number): void {
    this.#service.scaleTo(desiredCount);
  }

  setCapacity(hasCapacity: boolean): void {
    this.#service.setCapacity(hasCapacity);
  }

  #each(tasks: readonly RunningTask[], { within = 0 }: Blow, run: (ids: ReadonlySet<string>) => void): void {
    if (within === 0) {
      run(new Set(tasks.map(({ id }) => id)));
      return;
    }
    for (const { id } of tasks) this.in(this.random.between(0, within), () => run(new Set([id])));
  }
}
