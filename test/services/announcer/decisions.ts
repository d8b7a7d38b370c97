import { expect } from 'vitest';
import { type Announcement, announce } from '../../../services/announcer/announcement';
import { detailSchemas } from '../../../services/announcer/announcement-schema';
import type { DecisionInContext } from '../../../services/announcer/decision-in-context';
import type { DecidedEvent } from '../../../state-machines/log/decided-events';
import type { EventId } from '../../../state-machines/log/identifiers';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { defaultPolicy, type Policy } from '../../../state-machines/log/policy';
import { replay } from '../../../state-machines/replay/replay';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import {
  deploymentId,
  provenFirst,
  running,
  second,
  service,
  started,
  stopped,
} from '../../state-machines/story';

/**
 * Deployment 1 of revision 1 has proven itself; deployment 2 of revision 2 starts at second 1000,
 * and its tasks crash.
 */
export const crashLoop: readonly ObservedEvent[] = [
  ...provenFirst,
  started(2, 1000),
  running('b1', 1020, { deployment: 2 }),
  stopped('b1', 1025, { deployment: 2 }),
  running('b2', 1040, { deployment: 2 }),
  stopped('b2', 1045, { deployment: 2 }),
];

/** The newest rollout of the story, as far as it goes. */
export function rolloutIn(events: readonly ObservedEvent[], policy: Partial<Policy> = {}): Rollout {
  const until = events.at(-1)?.occurredAt ?? second(0);
  const rollout = replay(events, { policy: { ...defaultPolicy, ...policy }, until }).at(-1);
  if (rollout === undefined) throw new Error('the story has no rollout');
  return rollout;
}

type Given<Event> = Event extends DecidedEvent
  ? Omit<Event, 'id' | 'service' | 'occurredAt' | 'deployment' | 'startedAt' | 'madeWith'>
  : never;

/** A decision on the rollout, made a second after the story's last event. */
export function makeDecision<Type extends DecidedEvent['type']>(
  rollout: Rollout,
  given: Given<Extract<DecidedEvent, { type: Type }>> & { type: Type },
): DecisionInContext {
  const event = {
    ...given,
    id: `cause~${given.type}` as EventId,
    service,
    occurredAt: second(1045),
    deployment: rollout.deployment,
    startedAt: rollout.startedAt,
    madeWith: { reducerVersion: 1, policyVersion: '00000000', eventsSeen: 9 },
  } as DecidedEvent;
  return { event, recordedAt: second(1046), rollout, wait: { plannedSeconds: 0, hooks: [] } };
}

/** The verdict on a rollout that has one. */
export function makeVerdict(rollout: Rollout): DecisionInContext {
  const { verdict } = rollout;
  if (verdict === null) throw new Error('the story tips no verdict');
  return makeDecision<'VerdictReached'>(rollout, { type: 'VerdictReached', verdict });
}

export const rollbackDeployment = deploymentId(3);

/** What is announced, held to its schema. */
export function announced(decision: DecisionInContext): Announcement {
  const announcement = announce(decision);
  if (announcement === null) throw new Error('nothing is told');
  const { detailType, detail } = announcement;
  expect(detailSchemas[detailType].parse(detail)).toEqual(detail);
  return announcement;
}
