import type { Instant } from '../../../state-machines/log/instant';
import type { EffectiveWrite, Starter, TrueRollout } from './run-record';

interface StartedRollout {
  readonly deployment: string;
  readonly taskDefinition: string;
  readonly at: Instant;
}

/**
 * What really happened to the service: who started which rollout, and which calls of Rewind's ended
 * one. The simulated ECS tells it, and nothing of Rewind's.
 */
export class AccountHistory {
  readonly rollouts: TrueRollout[] = [];
  readonly writes: EffectiveWrite[] = [];
  readonly #started = new Set<string>();
  /** Whose call is being made; null while ECS acts by itself. */
  #caller: Starter | null = null;
  /** The stop that ECS has accepted, until it is on its way back. */
  #stop: { readonly by: Starter; readonly write: Omit<EffectiveWrite, 'target'> | null } | null = null;

  /** Makes a call: what starts meanwhile was started by it. */
  during<Answer>(caller: Starter, call: () => Answer): Answer {
    this.#caller = caller;
    try {
      return call();
    } finally {
      this.#caller = null;
    }
  }

  noteWrite(write: EffectiveWrite): void {
    this.writes.push(write);
  }

  /** ECS goes back some seconds after it has accepted to stop what it works on. */
  noteStop(by: Starter, write: Omit<EffectiveWrite, 'target'> | null): void {
    this.#stop = { by, write };
  }

  noteStart({ deployment, taskDefinition, at }: StartedRollout): void {
    // Only ECS itself starts a deployment again; a call makes a new one.
    const isReturn = this.#started.has(deployment);
    const stop = isReturn ? this.#stop : null;
    const starter = this.#caller ?? stop?.by ?? 'ecs';
    if (stop?.write != null) this.noteWrite({ ...stop.write, target: taskDefinition });
    this.#stop = null;
    this.#started.add(deployment);
    const isBack = isReturn || starter !== 'people';
    this.rollouts.push({ deployment, taskDefinition, startedAt: at, starter, isBack });
  }
}
