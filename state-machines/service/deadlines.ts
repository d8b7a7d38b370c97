import type { BakeElapsed, DeadlineElapsed } from '../log/decided-events';
import type { EventId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { comparePositions, positionOf } from '../log/position';
import { isLive, type LiveRollout } from '../rollout/live-rollout';
import { madeWith } from './made-with';
import type { ServiceState } from './service-state';

export type Elapsed = BakeElapsed | DeadlineElapsed;

/** When the next phase of a live rollout ends by time alone; null when none does. */
export function nextDueAt(state: ServiceState): Instant | null {
  const due = state.rollouts.filter(isLive).flatMap(({ context }) => context.dueAt ?? []);
  return due.length === 0 ? null : (Math.min(...due) as Instant);
}

/**
 * The events that time alone has brought up to the instant: bakes and deadlines that passed, in
 * order of position. Their keys come from the deadline, so that whoever writes one, and however
 * often, it is one event.
 */
export function elapsedBy(state: ServiceState, until: Instant): Elapsed[] {
  return state.rollouts
    .filter((live) => isDue(live, until))
    .map((live) => elapsedOf(state, live))
    .sort((a, b) => comparePositions(positionOf(a), positionOf(b)));
}

/**
 * Whether time has brought anything up to the instant; cheap, for it is asked before every event.
 */
export function hasElapsed({ rollouts }: ServiceState, until: Instant): boolean {
  return rollouts.some((live) => isDue(live, until));
}

function isDue(live: LiveRollout, until: Instant): boolean {
  const { dueAt } = live.context;
  return isLive(live) && dueAt !== null && dueAt <= until;
}

function elapsedOf(state: ServiceState, { phase, context }: LiveRollout): Elapsed {
  const { deployment, startedAt, policy, dueAt } = context;
  const type = phase === 'baking' ? 'BakeElapsed' : 'DeadlineElapsed';
  return {
    type,
    id: `${type}~${deployment}` as EventId,
    service: state.service,
    occurredAt: dueAt ?? startedAt,
    deployment,
    startedAt,
    madeWith: madeWith(state, policy),
  };
}
