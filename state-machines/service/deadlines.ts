import type { BakeElapsed, DeadlineElapsed, HoldElapsed, StallElapsed } from '../log/decided-events';
import type { EventId } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { comparePositions, positionOf } from '../log/position';
import { behindStart, postponedUntil } from '../rollout/bake-end';
import { isFollowed, type LiveRollout, mayBeRevoked } from '../rollout/live-rollout';
import { stallsAt } from '../rollout/progress';
import { madeWith } from './made-with';
import type { OperatorTraces } from './operator/operator-traces';
import { afterPause } from './operator/pause';
import type { ServiceState } from './service-state';

export type ElapsedEvent = BakeElapsed | DeadlineElapsed | StallElapsed | HoldElapsed;

/** What time alone brings next for a live rollout. */
interface Due {
  readonly type: ElapsedEvent['type'];
  readonly at: Instant;
}

/** Of what passes at the same instant, the first in this order comes first. */
function dueOf(live: LiveRollout, memory: OperatorTraces): Due | null {
  const { knownAt, stallAt, endsAt } = deadlinesOf(live, memory);
  const due = Math.min(knownAt ?? Infinity, stallAt ?? Infinity, endsAt ?? Infinity) as Instant;
  if (due === Infinity) return null;
  const at = behindStart(live.context, due);
  if (due === knownAt) return { type: 'HoldElapsed', at };
  if (due === stallAt) return { type: 'StallElapsed', at };
  return { type: live.phase === 'baking' ? 'BakeElapsed' : 'DeadlineElapsed', at };
}

/** When each deadline of a live rollout passes; null for those that do not run. */
function deadlinesOf(live: LiveRollout, memory: OperatorTraces) {
  const { phase, context } = live;
  const { dueAt, deployment } = context;
  const mayFail = phase === 'done' ? mayBeRevoked(live) : phase !== 'rollingBack';
  // People may hold a judgement open, and no way back.
  const mayPause = dueAt !== null && phase !== 'rollingBack';
  return {
    knownAt: mayFail ? postponedUntil(context) : null,
    stallAt: phase === 'watching' ? stallsAt(context) : null,
    endsAt: mayPause ? afterPause(memory, deployment, dueAt) : dueAt,
  };
}

/**
 * When time alone brings something for a rollout, or nothing is to be watched for any more; null
 * when it never does.
 */
export function nextDueAt(state: ServiceState, now: Instant): Instant | null {
  const followed = state.rollouts.filter(isFollowed);
  const due = followed.flatMap((live) =>
    [dueOf(live, state.memory)?.at ?? [], watchedUntil(live, now) ?? []].flat(),
  );
  return due.length === 0 ? null : (Math.min(...due) as Instant);
}

/**
 * An alarm is told to the services that wait for something: for as long as it may revoke a pass,
 * the service waits for the end of that.
 */
function watchedUntil({ context }: LiveRollout, now: Instant): Instant | null {
  const { probationUntil, policy } = context;
  const isWatching = probationUntil !== null && probationUntil > now && policy.alarms.length > 0;
  return isWatching ? probationUntil : null;
}

/**
 * The events that time alone has brought up to the instant: bakes, stalls and deadlines that
 * passed, in order of position. Their keys come from the deadline, so that whoever writes one, and
 * however often, it is one event.
 */
export function elapsedBy(state: ServiceState, until: Instant): ElapsedEvent[] {
  return state.rollouts
    .flatMap((live) => elapsedOf(state, live, until))
    .sort((a, b) => comparePositions(positionOf(a), positionOf(b)));
}

/**
 * Whether time has brought anything up to the instant; cheap, for it is asked before every event.
 */
export function hasElapsed({ rollouts, memory }: ServiceState, until: Instant): boolean {
  return rollouts.some((live) => isFollowed(live) && (dueOf(live, memory)?.at ?? Infinity) <= until);
}

function elapsedOf(state: ServiceState, live: LiveRollout, until: Instant): ElapsedEvent[] {
  const due = isFollowed(live) ? dueOf(live, state.memory) : null;
  if (due === null || due.at > until) return [];
  const { deployment, startedAt, policy } = live.context;
  // What people are told ends as the filters of the announcer's stream expect.
  const isOverdue = due.type === 'DeadlineElapsed' && live.phase === 'watching';
  const event: ElapsedEvent = {
    type: due.type,
    id: `${due.type}~${deployment}${isOverdue ? '.Overdue' : ''}` as EventId,
    service: state.service,
    occurredAt: due.at,
    deployment,
    startedAt,
    madeWith: madeWith(state, policy),
  };
  return [event];
}
