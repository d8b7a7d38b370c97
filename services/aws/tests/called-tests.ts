import type { LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { formatInstant } from '../../../state-machines/log/instant';
import type { HttpCheck, LambdaRun } from '../../../state-machines/log/traffic/release-test';
import { limitedText } from '../limited-text';
import { cutLines } from './evidence-lines';
import type { ReleaseTests, TestRequest } from './release-tests';

type TestEnd = Extract<Awaited<ReturnType<ReleaseTests['begin']>>, { kind: 'ended' }>;

const answerSchema = z.object({
  passed: z.boolean(),
  message: z.optional(z.string()),
  lines: z.optional(z.array(z.string())),
});

/**
 * A test that is a function of Lambda: it is told what it tests, and answers `{ passed, message,
 * lines }`. A function that fails, or answers anything else, has tested nothing.
 */
export async function invokeTest(
  client: LambdaClient,
  service: ServiceArn,
  { rollout, test, attempt, run }: TestRequest & { readonly run: LambdaRun },
): Promise<TestEnd> {
  const { deployment, startedAt } = rollout;
  const payload = { service, deployment, startedAt: formatInstant(startedAt), test: test.name, attempt };
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  const command = new InvokeCommand({ FunctionName: run.function, Payload: JSON.stringify(payload) });
  let body: string;
  try {
    const answer = await client.send(command, {
      abortSignal: AbortSignal.timeout(test.timeoutSeconds * 1000),
    });
    body = new TextDecoder().decode(answer.Payload);
    if (answer.FunctionError !== undefined) return notTested(`its function failed: ${body.slice(0, 200)}`);
  } catch (error) {
    const { name, message } = error as Error;
    return notTested(`its function was not called: ${name}: ${message}`);
  }
  const answer = answerSchema.safeParse(jsonIn(body));
  if (!answer.success) return notTested(`its function did not answer with passed: ${body.slice(0, 200)}`);
  const { passed, message, lines = [] } = answer.data;
  const said = message?.slice(0, 300) ?? 'its function says so';
  return { kind: 'ended', result: passed ? 'passed' : 'failed', message: said, evidence: cutLines(lines) };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const largestAnswerBytes = 2_000_000;

/**
 * A test that is an HTTP request, made again and again: the first answer that is not as it has to
 * be fails it. Where nothing answers, nothing has been tested.
 */
export async function checkOverHttp({
  test: { timeoutSeconds },
  run,
}: TestRequest & { readonly run: HttpCheck }): Promise<TestEnd> {
  const { url, count } = run;
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  for (let done = 0; done < count; done += 1) {
    let fault: string | null;
    try {
      const response = await fetch(url, { headers: run.headers, redirect: 'manual', signal });
      const { status, headers } = response;
      const body = await limitedText(response, largestAnswerBytes);
      if (body === null) return notTested(`${url} answers with more than ${largestAnswerBytes} bytes`);
      fault = faultIn(run, { status, headers, body });
    } catch (error) {
      if (signal.aborted && done > 0)
        return failed(`only ${done} of ${count} answers came in ${timeoutSeconds} s`);
      return notTested(`${url} did not answer: ${causeOf(error)}`);
    }
    if (fault !== null) return failed(`answer ${done + 1} of ${count}: ${fault}`);
  }
  return {
    kind: 'ended',
    result: 'passed',
    message: `${count} of ${count} answers were right`,
    evidence: [],
  };
}

interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

function faultIn({ status, contains, answerHeaders }: HttpCheck, answer: HttpAnswer): string | null {
  if (answer.status !== status) return `status ${answer.status}, not ${status}`;
  const wrong = Object.entries(answerHeaders).find(([name, value]) => answer.headers.get(name) !== value);
  if (wrong !== undefined) return `header ${wrong[0]} is ${answer.headers.get(wrong[0]) ?? 'missing'}`;
  if (contains === undefined || answer.body.includes(contains)) return null;
  return `its body does not hold ${JSON.stringify(contains)}: ${answer.body.slice(0, 100)}`;
}

/** Node says only in the cause why a request failed. */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

function failed(message: string): TestEnd {
  return { kind: 'ended', result: 'failed', message, evidence: [] };
}

function notTested(message: string): TestEnd {
  return { kind: 'ended', result: 'error', message, evidence: [] };
}
