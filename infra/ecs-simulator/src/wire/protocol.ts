import { cbor as codec, tag, tagSymbol } from '@smithy/core/cbor';
import { EcsError } from '../foundation/ecs-error';
import { formatQueryError, formatResult, parseForm } from './query';

/** How a request is written, and its answer in turn. */
export interface Protocol {
  readonly headers: Readonly<Record<string, string>>;
  /** Throws EcsError for what is not written so. */
  parse(body: Buffer): unknown;
  format(output: unknown): Buffer;
  formatError(error: EcsError): Buffer;
}

/** One HTTP request of a client, as far as the protocols look at it. */
export interface WireRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  /** The header `x-amz-target`. */
  readonly target: string | undefined;
  readonly body: Buffer;
}

/** What a request asks for, before its body is read. */
interface RequestAddress {
  readonly service: string;
  readonly operation: string;
  readonly protocol: Protocol;
}

/**
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html; 1.0, which CloudWatch speaks,
 * differs in its content type.
 */
function json(version: '1.0' | '1.1'): Protocol {
  return {
    headers: { 'content-type': `application/x-amz-json-${version}` },
    parse(body) {
      try {
        return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
      } catch (error) {
        throw new EcsError('SerializationException', 'The request is not valid JSON.', { cause: error });
      }
    },
    format: (output) => Buffer.from(JSON.stringify(output)),
    formatError: (error) => Buffer.from(JSON.stringify(bodyOf(error))),
  };
}

function bodyOf({ name, message }: EcsError): { __type: string; message: string } {
  return { __type: name, message };
}

/** What CloudWatch's clients for Python and the command line speak. */
const cbor: Protocol = {
  headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
  parse(body) {
    try {
      return body.length === 0 ? {} : withoutTags(codec.deserialize(body));
    } catch (error) {
      throw new EcsError('SerializationException', 'The request is not valid CBOR.', { cause: error });
    }
  },
  format: (output) => Buffer.from(codec.serialize(withTimes(output))),
  formatError: (error) => Buffer.from(codec.serialize(bodyOf(error))),
};

/**
 * What Elastic Load Balancing speaks: the operation stands in the form, and its name in the answer.
 */
function query(operation: string): Protocol {
  return {
    headers: { 'content-type': 'text/xml' },
    parse: (body) => parseForm(body.toString('utf8')),
    format: (output) => Buffer.from(formatResult(operation, output)),
    formatError: (error) =>
      Buffer.from(formatQueryError({ ...error, message: error.message, isSenders: error.httpStatus < 500 })),
  };
}

const json10 = json('1.0');
const json11 = json('1.1');

/**
 * Finds which operation of which service a request asks for, and how it is written; null when it
 * says neither. Pure.
 */
export function addressOf(request: WireRequest): RequestAddress | null {
  if (request.method !== 'POST') return null;
  const [, rpcService, rpcOperation] = /^\/service\/(\w+)\/operation\/(\w+)$/.exec(request.url ?? '') ?? [];
  if (rpcService !== undefined && rpcOperation !== undefined) {
    return { service: rpcService, operation: rpcOperation, protocol: cbor };
  }
  if (request.target === undefined) return addressInForm(request.body);
  const [, service, operation] = /^(\w+)\.(\w+)$/.exec(request.target) ?? [];
  if (service === undefined || operation === undefined) return null;
  return { service, operation, protocol: service.startsWith('Granite') ? json10 : json11 };
}

/** A version of an API is a service of its own: this is version 2's. */
const loadBalancingVersion = '2015-12-01';

function addressInForm(body: Buffer): RequestAddress | null {
  const form = new URLSearchParams(body.toString('utf8'));
  const operation = form.get('Action');
  if (operation === null || form.get('Version') !== loadBalancingVersion) return null;
  return { service: 'ElasticLoadBalancingV2', operation, protocol: query(operation) };
}

/** The protocol of an answer to a request that cannot be told. */
export const defaultProtocol = json11;

/**
 * The tag of an instant, in epoch seconds:
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
const timeTag = 1;

/** An instant is read as a number. */
function withoutTags(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTags);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (tagSymbol in value) return withoutTags((value as { readonly value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutTags(member)]));
}

/**
 * In CloudWatch's answers the names of members tell which numbers are instants. Members that are
 * undefined are left out.
 */
function withTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTimes);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, /Timestamps?$/.test(name) ? timesIn(member) : withTimes(member)]);
  return Object.fromEntries(members);
}

function timesIn(value: unknown): unknown {
  if (typeof value === 'number') return tag({ tag: timeTag, value });
  return Array.isArray(value) ? value.map(timesIn) : value;
}
