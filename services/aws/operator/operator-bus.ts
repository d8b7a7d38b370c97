import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  type OperatorActionDetail,
  operatorDetailType,
  operatorSource,
} from '../../notifications/own/operator-action';
import { EventNotTakenError } from '../event-bus';

/**
 * Tells the bus what somebody is about to do, and returns the id under which it will stand in the
 * log. Throws EventNotTakenError when the bus did not take it, and what the SDK throws.
 */
export async function putOperatorAction(
  client: EventBridgeClient,
  detail: OperatorActionDetail,
): Promise<string> {
  const entry = { Source: operatorSource, DetailType: operatorDetailType, Detail: JSON.stringify(detail) };
  const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  const [{ EventId, ErrorCode, ErrorMessage } = {}] = Entries;
  if (EventId !== undefined) return EventId;
  throw new EventNotTakenError(
    `${operatorDetailType} was not taken by the bus: ${ErrorCode}: ${ErrorMessage}`,
  );
}
