import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An entry that was put on the event bus. */
export interface HeardEvent {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: unknown;
  readonly Resources: readonly string[];
  /** Milliseconds since the epoch. */
  readonly Time: number;
}

/** A message that was published to a topic. */
export interface HeardMessage {
  readonly topic: string;
  readonly subject: string;
  readonly text: string;
  readonly attributes: { readonly [name: string]: string };
}

/** EventBridge's PutEvents and SNS's Publish on one machine: whoever they would reach, it hears what they were told. */
export interface Audience {
  readonly endpoint: string;
  /** What makes the AWS SDKs of this process talk to it. */
  readonly environment: { readonly [name: string]: string };
  readonly events: readonly HeardEvent[];
  readonly messages: readonly HeardMessage[];
  /** Answers the next calls of the operation with an error that is not worth a retry; nothing is heard then. */
  refuse(operation: Operation, times: number): void;
  stop(): Promise<void>;
}

type Operation = 'PutEvents' | 'Publish';

/** Starts to listen on a free port of this machine alone. */
export async function startAudience(): Promise<Audience> {
  const hearing = new Hearing();
  const server = createServer((request, response) => void hearing.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    environment: { AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint, AWS_ENDPOINT_URL_SNS: endpoint },
    events: hearing.events,
    messages: hearing.messages,
    refuse: (operation, times) => hearing.refuse(operation, times),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Hearing {
  readonly events: HeardEvent[] = [];
  readonly messages: HeardMessage[] = [];
  readonly #refusals = new Map<Operation, number>();

  refuse(operation: Operation, times: number): void {
    this.#refusals.set(operation, times);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    // EventBridge speaks JSON and names the operation in a header, SNS a form that names it in a field.
    const isJson = request.headers['x-amz-target'] === 'AWSEvents.PutEvents';
    const operation: Operation = isJson ? 'PutEvents' : 'Publish';
    const refusals = this.#refusals.get(operation) ?? 0;
    this.#refusals.set(operation, refusals - 1);
    const [status, answer] =
      refusals > 0 ? refusal(operation) : isJson ? this.#putEvents(body) : this.#publish(body);
    response.writeHead(status, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml' });
    response.end(answer);
  }

  #putEvents(body: string): Answer {
    const { Entries: entries } = JSON.parse(body) as { Entries: (HeardEvent & { Detail: string })[] };
    this.events.push(
      ...entries.map((entry) => ({
        ...entry,
        Detail: JSON.parse(entry.Detail) as unknown,
        Time: Math.round(entry.Time * 1000),
      })),
    );
    return [200, JSON.stringify({ FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: 'local' })) })];
  }

  /** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html says what a subject may be. */
  #publish(body: string): Answer {
    const form = new URLSearchParams(body);
    const subject = form.get('Subject') ?? '';
    if (!/^[!-~][ -~]{0,98}$/.test(subject)) return failure('InvalidParameter', 'Invalid parameter: Subject');
    this.messages.push({
      topic: form.get('TopicArn') ?? '',
      subject,
      text: form.get('Message') ?? '',
      attributes: attributesOf(form),
    });
    return [
      200,
      `<PublishResponse ${namespace}><PublishResult><MessageId>local</MessageId></PublishResult></PublishResponse>`,
    ];
  }
}

type Answer = readonly [status: number, body: string];

const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

function attributesOf(form: URLSearchParams): { readonly [name: string]: string } {
  const attributes: Record<string, string> = {};
  for (let index = 1; form.has(`MessageAttributes.entry.${index}.Name`); index += 1) {
    const entry = `MessageAttributes.entry.${index}`;
    attributes[form.get(`${entry}.Name`) ?? ''] = form.get(`${entry}.Value.StringValue`) ?? '';
  }
  return attributes;
}

/** The bus takes a call and refuses its entries; the topic refuses the call. */
function refusal(operation: Operation): Answer {
  if (operation === 'Publish') return failure('AuthorizationError', 'the role may not publish');
  const entry = { ErrorCode: 'InternalFailure', ErrorMessage: 'the bus could not take the event' };
  return [200, JSON.stringify({ FailedEntryCount: 1, Entries: [entry] })];
}

function failure(code: string, message: string): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return [400, `<ErrorResponse ${namespace}>${error}<RequestId>local</RequestId></ErrorResponse>`];
}
