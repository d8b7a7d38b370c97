import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { cloudWatchAlarms, routedAlarms } from '../../../services/aws/alarms/cloudwatch-alarms';
import { AccountNotConfiguredError } from '../../../services/aws/ecs/ecs';
import { parseServiceArn } from '../../../state-machines/log/identifiers';

const service = parseServiceArn('arn:aws:ecs:eu-west-1:111122223333:service/prod/web');
const unreadable = [{ alarm: 'web-5xx', state: 'unreadable', since: null }];

function clientAt(port: number): CloudWatchClient {
  return new CloudWatchClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

/** Reads one alarm, and the names of the errors that were reported for it. */
async function readWith(client: CloudWatchClient) {
  const reasons: string[] = [];
  const alarms = cloudWatchAlarms(client, (names, { name }) => reasons.push(`${names}: ${name}`));
  const readings = await alarms.read(['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web-5xx'], service);
  return { readings, reasons };
}

describe('an alarm', () => {
  it('is unreadable where CloudWatch refuses the call, and why is reported', async () => {
    const server = createServer((_request, response) => response.writeHead(403).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { readings, reasons } = await readWith(clientAt((server.address() as AddressInfo).port));
      expect(readings).toEqual(unreadable);
      expect(reasons).toHaveLength(1);
    } finally {
      server.close();
    }
  });

  it('is unreadable where CloudWatch is out of reach', async () => {
    const { readings, reasons } = await readWith(clientAt(1));
    expect(readings).toEqual(unreadable);
    expect(reasons).toHaveLength(1);
  });

  it('is unreadable where the credentials cannot be had', async () => {
    const denied = Object.assign(new Error('no credentials'), { name: 'CredentialsProviderError' });
    const credentials = () => Promise.reject(denied);
    const { readings } = await readWith(new CloudWatchClient({ region: 'eu-west-1', credentials }));
    expect(readings).toEqual(unreadable);
  });

  it('is unreadable in an account that is not configured', async () => {
    const error = new AccountNotConfiguredError({ account: '1', region: 'eu-west-1' });
    const reported: Error[] = [];
    const alarms = routedAlarms(
      () => {
        throw error;
      },
      (_, reason) => reported.push(reason),
    );
    expect(await alarms.read(['web-5xx'], service)).toEqual(unreadable);
    expect(reported).toEqual([error]);
  });

  it('is never unreadable for a fault of our own: that is thrown', async () => {
    const client = clientAt(1);
    const fault = new TypeError('a fault of ours');
    client.middlewareStack.add(() => () => Promise.reject(fault), { step: 'initialize' });
    await expect(readWith(client)).rejects.toBe(fault);
  });
});
