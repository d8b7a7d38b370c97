import type { RecordedEvent } from '../../../services/event-log/event-log';
import type { Instant } from '../../../state-machines/log/instant';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { replay } from '../../../state-machines/replay/replay';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import type { Call } from '../../ecs-simulator/src/ecs-simulator';
import type { Director } from './scenario/director';
import type { ServiceNow } from './scenario/service-now';

/** What a story came to. */
export interface StoryResult {
  readonly recorded: readonly RecordedEvent[];
  /** The rollout of the last deployment, as the log tells it; null if the log tells of none. */
  readonly rollout: Rollout | null;
  readonly serviceNow: ServiceNow;
  /** The writes that Rewind asked ECS for. */
  readonly writes: readonly Call[];
  /** Notifications that could not be recorded. */
  readonly lost: number;
}

/** Collects what a story came to, from the log and from ECS itself. */
export function storyResult(
  director: Director,
  { recorded, until, lost }: Pick<StoryResult, 'recorded' | 'lost'> & { readonly until: Instant },
): StoryResult {
  const events = recorded.map(({ event }) => event);
  const rollouts = replay(events, { policy: defaultPolicy, until });
  const rollout = rollouts.find(({ deployment }) => deployment === director.lastDeployment) ?? null;
  return { recorded, rollout, serviceNow: director.look(), writes: director.writesOfRewind, lost };
}
