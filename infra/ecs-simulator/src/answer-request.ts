import type { Caller } from './foundation/caller';
import { EcsError } from './foundation/ecs-error';
import { operationName } from './operations/operation-table';
import type { EcsSimulator } from './simulator';
import { addressOf, defaultProtocol, type Protocol, type WireRequest } from './wire/protocol';

/** What a client gets back over HTTP. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Answers one request of an SDK or the AWS CLI in the protocol that it is written in, errors too.
 * Never throws: a mistake of the simulator's own is a ServerException.
 */
export function answerRequest(
  simulator: Pick<EcsSimulator, 'call'>,
  request: WireRequest,
  caller: Caller,
): WireAnswer {
  const addressed = addressOf(request);
  const protocol = addressed?.protocol ?? defaultProtocol;
  try {
    const operation = addressed && operationName(addressed.service, addressed.operation);
    if (operation === null) throw unknownOperation();
    const input = withoutNulls(protocol.parse(request.body));
    const output = simulator.call(operation, input, caller);
    return { status: 200, headers: protocol.headers, body: protocol.format(output) };
  } catch (error) {
    return answerError(error, protocol);
  }
}

function unknownOperation(): EcsError {
  return new EcsError(
    'UnknownOperationException',
    'The request names no operation of Amazon ECS, CloudWatch, its Logs, EventBridge or Elastic Load Balancing.',
  );
}

/** The answer to a call that is refused, or that cannot be read at all. */
export function answerError(error: unknown, protocol: Protocol = defaultProtocol): WireAnswer {
  const known =
    error instanceof EcsError
      ? error
      : new EcsError('ServerException', `The simulator failed: ${String(error)}`);
  const status = known.httpStatus;
  // By which clients of CloudWatch know the errors of its older protocol.
  const queryError = { 'x-amzn-query-error': `${known.name};${status < 500 ? 'Sender' : 'Receiver'}` };
  return { status, headers: { ...protocol.headers, ...queryError }, body: protocol.formatError(known) };
}

/**
 * In AWS JSON a null member is a member that was not given.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)]));
}
