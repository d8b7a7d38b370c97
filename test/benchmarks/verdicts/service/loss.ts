import { type Behaviour, healthy } from '../../../../infra/ecs-simulator/src/ecs-simulator';

/** A task as it starts, and what may decide over it. */
interface StartingTask {
  readonly id: string;
  /** Whether it is one of the judged rollout. */
  readonly isNew: boolean;
  /** While it is pending it can fail to start; as it runs, its exit and its health are chosen. */
  readonly step: 'pending' | 'running';
  readonly availabilityZone: string;
  /** Since the judged rollout began; negative before it. */
  readonly at: number;
}

/** What is to become of a task. */
export interface Loss {
  /** Whether the release is to blame. */
  readonly isOfTheRelease: boolean;
  readonly exit?: TaskExit;
  readonly startFailure?: StartFailing;
  /** Seconds after RUNNING from which its checks fail; 0: it never passes one. */
  readonly sickAfterSeconds?: number;
}
export interface TaskExit {
  readonly afterSeconds: number;
  readonly code: number;
  readonly reason: string | null;
  /** `app` when left out. */
  readonly container?: string;
}
type StartFailing = NonNullable<Behaviour['startFailure']>;

/** What the release, or the platform, does to tasks as they start; null for nothing. */
export type Trait = (task: StartingTask) => Loss | null;

/** How one container of a task behaves under its losses, of which the earliest exit counts. */
export function behaviourUnder(losses: readonly Loss[], container: string): Behaviour {
  const exit = firstExit(losses)?.exit;
  const sick = losses.find(({ sickAfterSeconds }) => sickAfterSeconds !== undefined)?.sickAfterSeconds;
  const isMain = container === 'app';
  const checks = sick === undefined || !isMain ? healthy.checks : failingChecks(sick);
  return {
    ...healthy,
    checks,
    startFailure: isMain
      ? (losses.find(({ startFailure }) => startFailure !== undefined)?.startFailure ?? null)
      : null,
    exit: exit !== undefined && (exit.container ?? 'app') === container ? exit : null,
  };
}

/** The loss that ends the task by an exit; undefined where none does. */
export function firstExit(losses: readonly Loss[]): Loss | undefined {
  const exits = losses.filter(({ exit }) => exit !== undefined);
  return exits.toSorted((a, b) => (a.exit?.afterSeconds ?? 0) - (b.exit?.afterSeconds ?? 0))[0];
}

function failingChecks(afterSeconds: number): Behaviour['checks'] {
  const health =
    afterSeconds === 0
      ? { passesAfterSeconds: null, failsAfterSeconds: 0 }
      : { passesAfterSeconds: 0, failsAfterSeconds: afterSeconds };
  return { container: health, loadBalancer: health };
}
