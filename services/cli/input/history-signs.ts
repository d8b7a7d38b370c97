import type { RewindEvent } from '../../../state-machines/log/events';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { builtDeployments } from '../../../state-machines/replay/built-deployments';
import type { IgnoredNotification } from '../../notifications/translation';

const missing = 'ECS Deployment State Change';
const namesTold = 5;

/**
 * What a history's ignored notifications say of its services, and the deployments that are built by
 * it where no notification tells of any.
 */
export class HistorySigns {
  readonly #steadyAt = new Map<ServiceArn, Instant[]>();
  readonly #withTaskSets = new Set<ServiceArn>();
  readonly #built: ServiceArn[] = [];
  readonly #asOf: Instant | null;

  constructor(asOf: Instant | null) {
    this.#asOf = asOf;
  }

  take({ sign, occurredAt }: IgnoredNotification): void {
    if (sign === undefined || occurredAt === null) return;
    if (this.#asOf !== null && occurredAt > this.#asOf) return;
    if (sign.shows === 'taskSets') this.#withTaskSets.add(sign.service);
    else {
      const instants = this.#steadyAt.get(sign.service);
      if (instants === undefined) this.#steadyAt.set(sign.service, [occurredAt]);
      else instants.push(occurredAt);
    }
  }

  /** The events of a service, and the deployments built from them where they tell of none. */
  withDeployments(service: ServiceArn, events: RewindEvent[]): RewindEvent[] {
    const built = builtDeployments(service, events, {
      steadyAt: this.#steadyAt.get(service) ?? [],
      hasTaskSets: this.#withTaskSets.has(service),
    });
    if (built.length === 0) return events;
    this.#built.push(service);
    return [...events, ...built];
  }

  /** Sentences for the person who gave the history, once its events have been judged. */
  remarks(rollouts: number): string[] {
    if (this.#built.length > 0) {
      return [
        `there is no "${missing}" of ${namesOf(this.#built)}: the rollouts are built from the startedBy of tasks`,
      ];
    }
    if (rollouts > 0) return [];
    const others = [...this.#withTaskSets];
    return others.length > 0
      ? [
          `no rollout was found: there is no "${missing}", and ${namesOf(others)} has task sets of another controller, which Rewind does not judge`,
        ]
      : [
          `no rollout was found: there is no "${missing}", nor an "ECS Task State Change" with a deployment in startedBy`,
        ];
  }
}

function namesOf(services: readonly ServiceArn[]): string {
  const names = services.map((service) => partsOfService(service).path);
  const rest = names.length - namesTold;
  return rest > 0 ? `${names.slice(0, namesTold).join(', ')} and ${rest} more` : names.join(', ');
}
