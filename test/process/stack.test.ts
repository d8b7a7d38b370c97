import { PassThrough } from 'node:stream';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localEcsClient } from '../../infra/local/ecs-client';
import { type Stack, startStack } from '../../infra/local/stack';
import { rewind } from '../services/cli/rewind';
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

describe('rewind doctor on the local stack', () => {
  let stack: Stack;
  const functionOutput = new PassThrough();
  beforeAll(async () => {
    const policy = 'defaults: { mode: enforce, native: fast }';
    stack = await startStack({ speed: 100, policy, functionOutput });
  });
  afterAll(() => stack?.stop());

  const doctor = (...parameters: string[]) =>
    rewind(['doctor', '--endpoint', stack.account.endpoint, ...parameters]);

  it('finds no fault, and sees a probe go all the way', async () => {
    const { code, stdout, stderr } = await doctor();
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^✓ stack {6}CREATE_COMPLETE, \d+ resources\n✓ version/);
    expect(stdout).toMatch(/✓ flow {7}a probe was in the log after [\d.]+ s, and folded by the reconciler/);
    expect(stdout).toMatch(/\nNo fault was found; 1 to be known\.\n$/);
    expect(code).toBe(0);
  });

  it('is shown a notification that cannot be understood, which the stack keeps as a dead letter', async () => {
    stack.bus.put({ source: 'aws.ecs', 'detail-type': 'ECS Deployment State Change', detail: {} });
    await until(() => stack.bus.deadLetters.length === 1);
  });

  it('finds what could not be recorded, why, and says what to do: exit code 1', async () => {
    const { code, stdout } = await doctor('--no-probe', '--format', 'json');
    const { stack: name, findings } = JSON.parse(stdout);
    expect(name).toBe('rewind-local');
    const faults = findings.filter(({ result }: { result: string }) => result === 'failed');
    expect(faults).toEqual([
      {
        check: 'queues',
        result: 'failed',
        message: 'NotificationDeadLetterQueue holds 1: nobody looked at what was given up',
        hint: expect.stringContaining('redrive'),
      },
      {
        check: 'errors',
        result: 'failed',
        message: expect.stringMatching(
          /^rewind-local-ingest, \d+ min ago: a notification could not be recorded: /,
        ),
        hint: 'see the log group /aws/lambda/rewind-local-ingest',
      },
    ]);
    expect(code).toBe(1);
  });

  it('has its alarms tell people of its own trouble, as they are deployed', async () => {
    const isTold = () => stack.told.some(({ subject }) => subject.includes('notifications-given-up'));
    await until(isTold);
    expect(stack.told.map(({ subject }) => subject)).toEqual([
      'ALARM: "rewind-local-notifications-given-up"',
    ]);
  });

  it('has the guard protect a service when it is made, and the discovery look at it', async () => {
    const client = localEcsClient(stack.ecs.endpoint, 'operator');
    const image = 'example/web:1';
    await client.send(new CreateClusterCommand({ clusterName: 'prod' }));
    const containerDefinitions = [{ name: 'app', image }];
    await client.send(new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions }));
    const service = { cluster: 'prod', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 };
    await client.send(new CreateServiceCommand(service));
    const breaker = async () => {
      const question = new DescribeServicesCommand({ cluster: 'prod', services: ['web'] });
      const { services: [described] = [] } = await client.send(question);
      return described?.deploymentConfiguration?.deploymentCircuitBreaker;
    };
    await until(async () => (await breaker())?.enable === true);
    expect(await breaker()).toMatchObject({ rollback: true, resetOnHealthyTask: false });
    const isDiscovered = () => functionOutput.read()?.toString().includes('"message":"discovered"') === true;
    await until(isDiscovered);
    client.destroy();
  });

  it('is told apart from a stack that is not there, and from AWS that is not there', async () => {
    const elsewhere = await doctor('--stack', 'rewind-prod');
    expect(elsewhere).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('✗ stack      there is no stack rewind-prod'),
    });
    const nobody = await rewind(['doctor', '--endpoint', 'http://127.0.0.1:9']);
    expect(nobody).toMatchObject({
      code: 69,
      stdout: '',
      stderr: expect.stringMatching(
        /^the stacks of CloudFormation cannot be read: nobody listens there [^\n]+\n$/,
      ),
    });
  });

  it('refuses a command line that is wrong', async () => {
    const { code, stderr } = await doctor('--wait', 'long');
    expect([code, stderr]).toEqual([64, expect.stringContaining('It is a number of seconds above 0.')]);
  });
});
