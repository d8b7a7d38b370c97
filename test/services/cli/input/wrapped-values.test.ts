import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { History } from '../../../../services/cli/input/history';
import { HistoryReader } from '../../../../services/cli/input/history-reader';
import { noPolicyFile } from '../../../../services/policy/policy-file';
import { deployment } from '../../notifications/envelopes';
import { temporaryFiles } from '../rewind';

const files = temporaryFiles();
const started = (number: number) => ({
  ...deployment({
    eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS',
    deploymentId: `ecs-svc/${number}`,
    updatedAt: `2026-01-01T12:00:0${number}.000Z`,
  }),
  id: `e-${number}`,
});
const notifications = [started(1), started(2), started(3)];
const texts = notifications.map((notification) => JSON.stringify(notification));

async function read(content: string | Buffer) {
  const history = new History({ policyFile: noPolicyFile, leavesOutDecisions: false, asOf: null });
  const sentences: string[] = [];
  const reader = new HistoryReader(history, { report: (said) => sentences.push(said), progress() {} });
  const file = files.write('history', content);
  await reader.readAll([file]);
  const said = sentences.map((sentence) => sentence.replace(`${file}, `, ''));
  return { ...history.inputCounts(), said };
}

const field = (name: string, value: unknown) => ({ field: name, value });
const row = (message: unknown) => [
  field('@timestamp', '2026-01-01 12:00:00.000'),
  field('@message', message),
  field('@ptr', 'CmEK'),
];
const sns = (Message: string) => ({
  Type: 'Notification',
  MessageId: 'm',
  TopicArn: 'arn:aws:sns:…',
  Message,
});
const sqs = (Body: string) => ({ MessageId: 'm', ReceiptHandle: 'r', Body });

const wraps: readonly [string, unknown][] = [
  ['an answer of Logs Insights', { results: texts.map(row), statistics: {}, status: 'Complete' }],
  ['the results of Logs Insights alone', texts.map(row)],
  ['rows that the console of Logs Insights exported', notifications.map((value) => ({ '@message': value }))],
  ['messages received from SQS', { Messages: texts.map(sqs) }],
  ['messages of SQS in a list', texts.map(sqs)],
  [
    'notifications of SNS in messages of SQS',
    { Messages: texts.map((text) => sqs(JSON.stringify(sns(text)))) },
  ],
  ['notifications of SNS', texts.map(sns)],
  ['what a function gets from SQS', { Records: texts.map((body) => ({ messageId: 'm', body })) }],
  [
    'what a function gets from SNS',
    { Records: texts.map((text) => ({ EventSource: 'aws:sns', Sns: sns(text) })) },
  ],
  ['lists in a list', [notifications.slice(0, 1), notifications.slice(1)]],
];

describe('notifications in the wraps of other services', () => {
  it.each(wraps)('are read out of %s, on one line or many, plain or packed', async (_name, wrapped) => {
    const wanted = { read: 3, folded: 3, duplicates: 0, ignored: 0, invalid: 0, said: [] };
    const onOneLine = JSON.stringify(wrapped);
    expect(await read(onOneLine)).toEqual(wanted);
    expect(await read(`${onOneLine}\n`)).toEqual(wanted);
    expect(await read(JSON.stringify(wrapped, null, 2))).toEqual(wanted);
    expect(await read(gzipSync(onOneLine))).toEqual(wanted);
  });

  it('are read line by line too', async () => {
    const lines = [texts[0], JSON.stringify(sqs(texts[1] ?? '')), JSON.stringify(row(texts[2]))];
    expect(await read(lines.join('\n'))).toMatchObject({ folded: 3, invalid: 0, said: [] });
  });

  it('are named by line and value where they are damaged, and the others are read', async () => {
    const messages = [sqs('hello'), sqs(texts[0] ?? ''), sqs(JSON.stringify(sns('{"cut')))];
    const { folded, invalid, said } = await read(JSON.stringify({ Messages: messages }));
    expect({ folded, invalid }).toEqual({ folded: 1, invalid: 2 });
    expect(said).toEqual(['line 1: Body is not JSON', 'line 1, value 3: Message is not JSON']);
    const pretty = await read(JSON.stringify({ results: [row(texts[0]), row('{"cut')] }, null, 1));
    expect(pretty).toMatchObject({ folded: 1, invalid: 1, said: ['line 17: @message is not JSON'] });
  });

  it('are asked for where a query left the message out', async () => {
    const { said, invalid } = await read(JSON.stringify({ results: [[field('@ptr', 'CmEK')]] }));
    expect(invalid).toBe(1);
    expect(said).toEqual(['line 1: this result of Logs Insights has no @message: let the query ask for it']);
  });

  it('are not looked for in what confirms a subscription', async () => {
    const confirmation = { Type: 'SubscriptionConfirmation', TopicArn: 'arn', Message: 'You have chosen' };
    const lines = [JSON.stringify(confirmation), texts[0]].join('\n');
    expect(await read(lines)).toMatchObject({ read: 1, folded: 1, said: [] });
  });
});
