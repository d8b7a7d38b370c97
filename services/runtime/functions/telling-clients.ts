import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { awsEventBus, type EventBus } from '../../aws/event-bus';
import { awsTopic, type Topic } from '../../aws/topic';
import type { Config } from '../config';

export function eventBusOfAccount(): EventBus {
  return awsEventBus(new EventBridgeClient({}));
}

export function topicOf({ topic }: Config): Topic | null {
  return topic === null ? null : awsTopic(new SNSClient({}), topic);
}
