import type { Notification } from '../../../infra/ecs-simulator/src/ecs-simulator';
import { translate } from '../../../services/notifications/translate';
import type { RewindEvent } from '../../../state-machines/log/events';
import { positionOf } from '../../../state-machines/log/position';

/** What was sent to Rewind and when, and when ECS received its calls: by the wall. */
export class Witness {
  /** By the place that its event takes in the log. */
  readonly #sentAt = new Map<string, number>();
  /** By the ARN of the service. */
  readonly #calledAt = new Map<string, number>();
  readonly #running = new Map<string, Notification>();

  /** Of each service that has a task that runs, the last report of one. */
  get running(): readonly Notification[] {
    return [...this.#running.values()];
  }

  get sent(): ReadonlyMap<string, number> {
    return this.#sentAt;
  }

  /** ECS tells of a call while it answers it. */
  hear(envelope: Notification): void {
    const now = Date.now();
    const translation = translate(envelope);
    if (translation.kind !== 'event') return;
    const { event } = translation;
    this.#sentAt.set(placeOf(event), now);
    if (event.type === 'ServiceDeploymentStopped' && event.by?.endsWith('/rewind')) {
      this.#calledAt.set(event.service, now);
    }
    if (event.type === 'TaskChanged' && event.lastStatus === 'RUNNING') {
      this.#running.set(event.service, envelope);
    }
  }

  calledAt(service: string): number | undefined {
    return this.#calledAt.get(service);
  }
}

export function placeOf(event: RewindEvent): string {
  return `${event.service} ${positionOf(event)}`;
}
