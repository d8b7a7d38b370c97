import { positionOf } from '../../state-machines/log/position';
import type { EventBus } from '../aws/event-bus';
import type { Topic } from '../aws/topic';
import type { EventLog } from '../event-log/event-log';
import type { PolicyFile } from '../policy/policy-file';
import { type Announcement, announce } from './announcement';
import type { DecisionInContext } from './decision-in-context';
import { type DecisionKey, readDecision } from './read-decision';

interface AnnouncerParts {
  readonly eventLog: EventLog;
  readonly policies: PolicyFile;
  readonly bus: EventBus;
  /** Null: announcements go to the bus only. */
  readonly topic: Topic | null;
}

/**
 * Makes the function that announces one decision and answers with its detail type, or null when
 * nobody else is concerned. A decision is appended to the log once, so it is in the table's stream
 * once. When announcing it fails halfway it is announced again, to the bus under the same id.
 * Throws what the log, the bus and the topic throw: then the decision has to be announced again.
 */
export function createAnnouncer({ eventLog, policies, bus, topic }: AnnouncerParts) {
  return async (key: DecisionKey): Promise<string | null> => {
    const policy = policies.policyFor(key.service);
    const decision = await readDecision({ eventLog, policy }, key);
    const announcement = announce(decision);
    if (announcement === null) return null;
    await putOnBus(bus, decision, announcement);
    // Last, because people cannot ignore a second copy: nothing that could fail may follow.
    if (announcement.isForPeople && topic !== null) await publish(topic, decision, announcement);
    return announcement.detailType;
  };
}

function putOnBus(bus: EventBus, decision: DecisionInContext, { detailType, detail }: Announcement) {
  const { event, recordedAt, rollout } = decision;
  const taskDefinition = rollout?.taskDefinition ?? null;
  const resources = taskDefinition === null ? [event.service] : [event.service, taskDefinition];
  return bus.put({ detailType, detail, resources, at: recordedAt });
}

function publish(topic: Topic, { event }: DecisionInContext, { detailType, detail }: Announcement) {
  const { cluster, serviceName, subject, message } = detail;
  const service = `${cluster}/${serviceName}`;
  const attributes = { detailType, service, decision: positionOf(event) };
  return topic.publish({ subject, text: message, attributes });
}
