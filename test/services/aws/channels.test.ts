import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsEventBus } from '../../../services/aws/event-bus';
import { awsTopic } from '../../../services/aws/topic';
import { instantFrom } from '../../../state-machines/log/instant';

import { type RecordingEventBus, startRecordingEventBus } from '../../fixtures/recording-event-bus';

let recordingBus: RecordingEventBus;
beforeEach(async () => {
  recordingBus = await startRecordingEventBus();
});
afterEach(() => recordingBus.stop());

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const client = () => ({ endpoint: recordingBus.endpoint, region: 'us-east-1', credentials });

describe('the event bus', () => {
  const event = {
    detailType: 'Rewind Verdict Reached',
    detail: { id: 'a' },
    resources: ['arn:aws:ecs:us-east-1:123456789012:service/prod/web'],
    at: instantFrom(1_700_000_000_000),
  };

  it('takes an event, which says that it comes from Rewind', async () => {
    await awsEventBus(new EventBridgeClient(client())).put(event);
    expect(recordingBus.events).toEqual([
      {
        Source: 'rewind',
        DetailType: 'Rewind Verdict Reached',
        Detail: { id: 'a' },
        Resources: event.resources,
        Time: event.at,
      },
    ]);
  });

  it('throws when it answers that it did not take the event', async () => {
    recordingBus.refuse('PutEvents', 1);
    await expect(awsEventBus(new EventBridgeClient(client())).put(event)).rejects.toMatchObject({
      name: 'EventNotTakenError',
      message: expect.stringContaining('InternalFailure'),
    });
    expect(recordingBus.events).toEqual([]);
  });
});

describe('the topic', () => {
  const topicArn = 'arn:aws:sns:us-east-1:123456789012:announcements';
  const message = {
    subject: 'Rewind: prod/web',
    text: 'one line\nand another: ü',
    attributes: { service: 'prod/web' },
  };

  it('gets the message whole, with what subscribers filter by', async () => {
    await awsTopic(new SNSClient(client()), topicArn).publish(message);
    expect(recordingBus.messages).toEqual([{ topic: topicArn, ...message }]);
  });

  it('throws when it may not be published to', async () => {
    recordingBus.refuse('Publish', 1);
    await expect(awsTopic(new SNSClient(client()), topicArn).publish(message)).rejects.toThrow(
      'may not publish',
    );
  });
});
