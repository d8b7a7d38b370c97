import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Instant } from '../../state-machines/log/instant';

/** What Rewind puts on the bus: detail types and their schemas are in docs/announcements.md. */
export interface BusEvent {
  readonly detailType: string;
  readonly detail: object;
  /** ARNs of what the event is about. */
  readonly resources: readonly string[];
  readonly at: Instant;
}

/** The account's event bus. */
export interface EventBus {
  /**
   * Throws EventNotTakenError when the bus did not take the event, and what the SDK throws after
   * its retries.
   */
  put(event: BusEvent): Promise<void>;
}

/**
 * The source of every event of Rewind; the rules that Rewind itself listens by name AWS's sources,
 * so it never hears itself.
 */
export const eventSource = 'rewind';

/**
 * The bus answers 200 to a call of which it took nothing:
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export class EventNotTakenError extends Error {
  override readonly name = 'EventNotTakenError';
}

/** Amazon EventBridge's default bus, on which the notifications of ECS arrive as well. */
export function awsEventBus(client: EventBridgeClient): EventBus {
  return {
    async put({ detailType, detail, resources, at }) {
      const entry = {
        Source: eventSource,
        DetailType: detailType,
        Detail: JSON.stringify(detail),
        Resources: [...resources],
        Time: new Date(at),
      };
      const answer = await client.send(new PutEventsCommand({ Entries: [entry] }));
      if ((answer.FailedEntryCount ?? 0) === 0) return;
      const { ErrorCode: code, ErrorMessage: message } = answer.Entries?.[0] ?? {};
      throw new EventNotTakenError(`${detailType} was not taken by the bus: ${code}: ${message}`);
    },
  };
}
