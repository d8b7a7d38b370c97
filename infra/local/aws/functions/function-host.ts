import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { projectFolder } from '../declared/cloudformation';
import { deployedFunction } from '../declared/deployed-functions';

/** A function of serverless.yml, loaded into this process. Invoking it throws what it throws. */
export interface HostedFunction {
  readonly name: string;
  invoke<Answer>(event: unknown): Promise<Answer>;
  /** Waits for the invocations in flight; none begins afterwards. */
  stop(): Promise<void>;
}

interface HostOptions {
  /** As serverless.yml names it. */
  readonly name: string;
  /**
   * Set for the whole process before the function is loaded: a handler reads it once, at its top.
   */
  readonly environment: { readonly [name: string]: string };
  /** Where the handler's path starts; the project itself if left out. */
  readonly folder?: string;
}

type Handler = (event: unknown, context: Context) => unknown;

/**
 * Loads what serverless.yml deploys under this name, anew each time. Throws when there is no such
 * module or handler.
 */
export async function loadFunction(options: HostOptions): Promise<HostedFunction> {
  const { handler, timeout } = deployedFunction(options.name);
  const { dir, name: moduleName, ext } = path.parse(handler);
  Object.assign(process.env, options.environment);
  const file = pathToFileURL(path.join(options.folder ?? projectFolder, dir, `${moduleName}.ts`));
  // A module is evaluated once for a URL: the query makes each load read its own environment.
  const module = await import(`${file.href}?load=${randomUUID()}`);
  const handle: Handler | undefined = module[ext.slice(1)];
  if (handle === undefined) throw new Error(`${handler} is not exported`);
  return hosted(handle, { name: options.name, timeout });
}

function hosted(handle: Handler, { name, timeout }: { name: string; timeout: number }): HostedFunction {
  const inFlight = new Set<Promise<unknown>>();
  let isStopped = false;
  return {
    name,
    async invoke<Answer>(event: unknown) {
      if (isStopped) throw new Error(`${name} is stopped`);
      const answer = Promise.resolve(contextFor(name, timeout)).then((context) => handle(event, context));
      inFlight.add(answer);
      return (await answer.finally(() => inFlight.delete(answer))) as Answer;
    },
    async stop() {
      isStopped = true;
      await Promise.allSettled(inFlight);
    },
  };
}

/** What Lambda tells a handler about its invocation. */
function contextFor(name: string, timeoutSeconds: number): Context {
  const deadline = performance.now() + timeoutSeconds * 1000;
  const unused = () => {
    throw new Error('handlers here return a promise');
  };
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    memoryLimitInMB: '256',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadline - performance.now()),
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
