import type { RewindEvent } from '../../state-machines/log/events';
import type { DeploymentId } from '../../state-machines/log/identifiers';
import type { TaskChanged } from '../../state-machines/log/observed-events';

/** What a deployment is called in a short sentence: the task definition that it brings. */
export type DeploymentName = (deployment: DeploymentId | null) => string;

/** How one kind of event is put into words. */
export interface Wording<Event extends RewindEvent> {
  /** For people who watch a rollout: they know the service, and follow what happens next. */
  readonly short: (event: Event, deploymentName: DeploymentName) => string;
  /**
   * For people who review it later: ids, callers, requests. `rewind audit --format json` quotes it.
   */
  readonly full: (event: Event) => string;
}

/**
 * A wording for every event of a union. Tasks have none: there are many of them, told in groups.
 */
export type Wordings<Event extends RewindEvent> = {
  readonly [Type in Exclude<Event, TaskChanged>['type']]: Wording<Extract<Event, { type: Type }>>;
};
