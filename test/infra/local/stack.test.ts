import { ListClustersCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { localEcsClient } from '../../../infra/local/ecs-client';
import { startStack } from '../../../infra/local/stack';
import { until } from './until';

describe('the local stack', () => {
  it('gives this process its environment back, and frees its port', async () => {
    process.env.AWS_PROFILE = 'mine';
    const before = { ...process.env };
    const stack = await startStack({ speed: 10 });
    expect(process.env.AWS_PROFILE).toBeUndefined();
    expect(process.env).toMatchObject({
      AWS_ACCESS_KEY_ID: 'rewind',
      AWS_ENDPOINT_URL: stack.ecs.endpoint,
      AWS_ENDPOINT_URL_ECS: stack.ecs.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: stack.dynamoDb.endpoint,
      REWIND_TABLE: stack.dynamoDb.tableName,
      REWIND_POLICY: '{"defaults":{"mode":"enforce"}}',
      REWIND_CLOCK: expect.stringMatching(/^\d{13}x10$/),
    });
    await stack.stop();
    await stack.stop();
    expect(process.env).toEqual(before);
    const client = localEcsClient(stack.ecs.endpoint, 'operator');
    await expect(client.send(new ListClustersCommand({}))).rejects.toThrow(/ECONNREFUSED/);
    delete process.env.AWS_PROFILE;
  });

  it('keeps a notification that cannot be understood as a dead letter', async () => {
    const stack = await startStack({ speed: 10 });
    try {
      stack.bus.put({ source: 'aws.ecs', 'detail-type': 'ECS Deployment State Change', detail: {} });
      await until(() => stack.bus.deadLetters.length === 1);
    } finally {
      await stack.stop();
    }
  });

  it.each([0, 1000])('is not there when its start is given up after %i ms', async (milliseconds) => {
    const reason = new Error('given up');
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(reason), milliseconds);
    const before = { ...process.env };
    const result = await startStack({ speed: 10, signal: giveUp.signal }).catch((error) => error);
    // A machine may be faster than the longest of these.
    if (result !== reason) await result.stop();
    expect(process.env).toEqual(before);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('refuses a policy that cannot be used, and leaves nothing', async () => {
    const before = { ...process.env };
    await expect(startStack({ speed: 10, policy: 'defaults: { mod: enforce }' })).rejects.toThrow(
      'the policy, line 1: defaults.mod is not a key that Rewind knows',
    );
    expect(process.env).toEqual(before);
  });
});
