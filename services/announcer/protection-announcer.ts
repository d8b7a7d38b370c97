import type { EventBus } from '../aws/event-bus';
import type { Topic } from '../aws/topic';
import type { ProtectionLog } from '../event-log/protection-log';
import { announceProtection } from './protection-announcement';
import { type DecisionKey, MissingDecisionError } from './read-decision';

/**
 * Makes the function that announces one event of the guard, with the promises of createAnnouncer.
 * It answers with the detail type, or null when nobody else is concerned, and throws what the log,
 * the bus and the topic throw.
 */
export function createProtectionAnnouncer(parts: {
  readonly log: ProtectionLog;
  readonly bus: EventBus;
  readonly topic: Topic | null;
}): (key: DecisionKey) => Promise<string | null> {
  const { log, bus, topic } = parts;
  return async ({ service, position }) => {
    const recorded = await log.at(service, position);
    if (recorded === null)
      throw new MissingDecisionError(`${service} has no event of the guard at ${position}`);
    const announcement = announceProtection(recorded);
    if (announcement === null) return null;
    const { detailType, detail } = announcement;
    await bus.put({ detailType, detail, resources: [service], at: recorded.recordedAt });
    const { cluster, serviceName, subject, message } = detail;
    const attributes = { detailType, service: `${cluster}/${serviceName}`, decision: position };
    await topic?.publish({ subject, text: message, attributes });
    return detailType;
  };
}
