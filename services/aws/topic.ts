import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

/** A message for people. */
export interface Message {
  /** At most 99 printable ASCII characters: the subject of an e-mail. */
  readonly subject: string;
  readonly text: string;
  /** What subscribers can filter by. */
  readonly attributes: { readonly [name: string]: string };
}

/** Where people subscribe. */
export interface Topic {
  /** Throws what the SDK throws after its retries. */
  publish(message: Message): Promise<void>;
}

/** An Amazon SNS topic: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function awsTopic(client: SNSClient, topicArn: string): Topic {
  return {
    async publish({ subject, text, attributes }) {
      const named = Object.entries(attributes).map(
        ([name, value]) => [name, { DataType: 'String', StringValue: value }] as const,
      );
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: subject,
          Message: text,
          MessageAttributes: Object.fromEntries(named),
        }),
      );
    },
  };
}
