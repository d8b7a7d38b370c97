import { AsyncLocalStorage } from 'node:async_hooks';
import { ECSClient } from '@aws-sdk/client-ecs';

/** What every client of the SDK is made of. */
interface Client {
  send(
    this: { readonly config: { readonly serviceId: string } },
    command: Command,
    ...rest: unknown[]
  ): unknown;
}
interface Command {
  readonly input: { readonly IndexName?: string };
}

const prefixes: Readonly<Record<string, string>> = {
  CloudFormation: 'cloudformation',
  CloudWatch: 'cloudwatch',
  'CloudWatch Logs': 'logs',
  DynamoDB: 'dynamodb',
  ECR: 'ecr',
  ECS: 'ecs',
  'Elastic Load Balancing v2': 'elasticloadbalancing',
  EventBridge: 'events',
  Lambda: 'lambda',
  SNS: 'sns',
  SSM: 'ssm',
  STS: 'sts',
};
/** The document client's commands have names of their own, and so has one of Lambda. */
const documentCommands: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Invoke: 'InvokeFunction',
  Put: 'PutItem',
  // IAM asks for the rights of what is in it.
  TransactWrite: 'PutItem',
};

/**
 * Notes each call that the SDK's clients are asked for, by the function on whose behalf it is made.
 * Nothing is replaced.
 */
export class RecordedCalls {
  readonly #byFunction = new Map<string, Set<string>>();
  readonly #running = new AsyncLocalStorage<string>();
  readonly #client: Client = Object.getPrototypeOf(ECSClient.prototype);
  readonly #send = this.#client.send;

  constructor() {
    const [running, note, send] = [this.#running, this.#note.bind(this), this.#send];
    this.#client.send = function (command, ...rest) {
      const functionName = running.getStore();
      if (functionName !== undefined) note(functionName, this.config.serviceId, command);
      return send.call(this, command, ...rest);
    };
  }

  /** Runs something as the function of that name. */
  as<Result>(functionName: string, run: () => Promise<Result>): Promise<Result> {
    return this.#running.run(functionName, run);
  }

  /** As IAM names them, sorted. */
  of(functionName: string): string[] {
    return [...(this.#byFunction.get(functionName) ?? [])].sort();
  }

  stop(): void {
    this.#client.send = this.#send;
  }

  #note(functionName: string, service: string, command: Command): void {
    const name = command.constructor.name.replace(/Command$/, '');
    const action = `${prefixes[service] ?? service}:${documentCommands[name] ?? name}`;
    const calls = this.#byFunction.get(functionName) ?? new Set();
    calls.add(command.input.IndexName === undefined ? action : `${action} on index`);
    this.#byFunction.set(functionName, calls);
  }
}
