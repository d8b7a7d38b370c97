import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../../../infra/local/stack';
import { until } from '../../../infra/local/until';
import { rewind } from '../rewind';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ speed: 10 });
});
afterAll(() => stack?.stop());

const doctor = (...parameters: string[]) =>
  rewind(['doctor', '--endpoint', stack.account.endpoint, ...parameters]);

describe('rewind doctor on the local stack', () => {
  it('finds no fault, and sees a probe go all the way', async () => {
    const { code, stdout, stderr } = await doctor();
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^✓ stack {6}CREATE_COMPLETE, \d+ resources\n✓ version/);
    expect(stdout).toMatch(/✓ flow {7}a probe was in the log after [\d.]+ s, and folded by the reconciler/);
    expect(stdout).toMatch(/\nNo fault was found; 1 to be known\.\n$/);
    expect(code).toBe(0);
  });

  it('finds what could not be recorded, why, and says what to do: exit code 1', async () => {
    stack.bus.put({ source: 'aws.ecs', 'detail-type': 'ECS Deployment State Change', detail: {} });
    await until(() => stack.bus.deadLetters.length === 1);
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
      stderr: expect.stringMatching(/^rewind-local cannot be asked for: [^\n]+\n$/),
    });
  });

  it('refuses a command line that is wrong', async () => {
    const { code, stderr } = await doctor('--wait', 'long');
    expect([code, stderr]).toEqual([64, expect.stringContaining('It is a number of seconds above 0.')]);
  });
});
