import { positionOf } from '../../state-machines/log/position';
import type { EventBus } from '../aws/event-bus';
import type { Topic } from '../aws/topic';
import type { EventLog } from '../event-log/event-log';
import type { PolicyFile } from '../policy/policy-file';
import { type Announcement, announce } from './announcement';
import { type DecisionKey, readDecision } from './read-decision';
import type { Telling } from './telling';

export interface AnnouncerParts {
  readonly eventLog: EventLog;
  readonly policies: PolicyFile;
  readonly bus: EventBus;
  /** Null: only the bus is told. */
  readonly topic: Topic | null;
}

/** Tells one decision; answers with the detail type, or null when there was nothing to tell. */
export type Announcer = (key: DecisionKey) => Promise<string | null>;

/**
 * Tells others of decisions. A decision is appended to the log once, so it is in the table's stream once; when telling it
 * fails halfway it is told again, to the bus under the same id. Throws what the log, the bus and the topic throw: then the
 * decision is to be told again.
 */
export function createAnnouncer({ eventLog, policies, bus, topic }: AnnouncerParts): Announcer {
  return async (key) => {
    const policy = policies.policyFor(key.service);
    const telling = await readDecision({ eventLog, policy }, key);
    const announcement = announce(telling);
    if (announcement === null) return null;
    await tellBus(bus, telling, announcement);
    // Last: people cannot drop what they have read already, so nothing that could still fail may follow.
    if (announcement.isForPeople && topic !== null) await tellPeople(topic, telling, announcement);
    return announcement.detailType;
  };
}

function tellBus(bus: EventBus, { event, recordedAt, rollout }: Telling, announcement: Announcement) {
  const { detailType, detail } = announcement;
  const taskDefinition = rollout?.taskDefinition ?? null;
  const resources = taskDefinition === null ? [event.service] : [event.service, taskDefinition];
  return bus.put({ detailType, detail, resources, at: recordedAt });
}

function tellPeople(topic: Topic, { event }: Telling, { detailType, detail }: Announcement) {
  const { cluster, serviceName, subject, message } = detail;
  const service = `${cluster}/${serviceName}`;
  const attributes = { detailType, service, decision: positionOf(event) };
  return topic.publish({ subject, text: message, attributes });
}
