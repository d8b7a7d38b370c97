import * as cloudWatchSchemas from '@aws-sdk/client-cloudwatch';
import * as logSchemas from '@aws-sdk/client-cloudwatch-logs';
import * as registrySchemas from '@aws-sdk/client-ecr';
import * as ecsSchemas from '@aws-sdk/client-ecs';
import * as loadBalancingSchemas from '@aws-sdk/client-elastic-load-balancing-v2';
import * as eventSchemas from '@aws-sdk/client-eventbridge';
import * as parameterSchemas from '@aws-sdk/client-ssm';

/**
 * Checks answers against the API model that the SDK ships: static schemas, arrays whose first
 * element is the kind of shape (3 structure, 1 list, 2 map, 9 operation, -3 error, 0 a simple one).
 * https://smithy.io/2.0/spec/model.html
 */
export function problemsInOutput(operation: string, output: unknown): string[] {
  const [name = '', service] = operation.split('.').reverse();
  const schema = schemaNamed(`${name}$`, service);
  if (schema === null) return [`${operation} is not in the model`];
  return problemsIn(resolve(schema[5]), output, operation);
}

/** Whether the model has an error of that name. */
export function isModelledError(name: string): boolean {
  return schemaNamed(`${name}$`)?.[0] === -3;
}

/** A value of a structure of ECS's with all of its members, each with some value. */
export function sampleOf(structure: string): unknown {
  return sampleFrom(schemaNamed(`${structure}$`));
}

function sampleFrom(schema: unknown): unknown {
  if (typeof schema === 'number') return sampleOfSimple(schema);
  const [kind, , , , first, second] = schema as Schema;
  if (kind === 0) return sampleOfSimple(Number(first));
  if (kind === 1) return [sampleFrom(resolve(first))];
  if (kind === 2) return { key: sampleFrom(resolve(second)) };
  const members = (first as string[]).map(
    (name, index) => [name, sampleFrom(resolve((second as unknown[])[index]))] as const,
  );
  return Object.fromEntries(members);
}

function sampleOfSimple(kind: number): unknown {
  if (kind & listOf) return [sampleOfSimple(kind & ~listOf)];
  if (kind & mapOf) return { key: sampleOfSimple(kind & ~mapOf) };
  const samples: Readonly<Record<string, unknown>> = { string: 'text', number: 5, boolean: true };
  return samples[simple[kind] ?? ''] ?? null;
}

type Schema = readonly unknown[];

/** ECS's, where several services have a shape of that name. */
const ofAllServices: Readonly<Record<string, unknown>> = {
  ...logSchemas,
  ...parameterSchemas,
  ...registrySchemas,
  ...loadBalancingSchemas,
  ...cloudWatchSchemas,
  ...eventSchemas,
  ...ecsSchemas,
};
const ofCloudWatch: Readonly<Record<string, unknown>> = { ...cloudWatchSchemas };

function schemaNamed(name: string, service?: string): Schema | null {
  const schema = (service === 'CloudWatch' ? ofCloudWatch : ofAllServices)[name];
  return Array.isArray(schema) ? schema : null;
}

/** A reference may be a function, and a member may be a pair of it and its traits. */
function resolve(reference: unknown): unknown {
  if (typeof reference === 'function') return resolve(reference());
  const isMember = Array.isArray(reference) && reference.length === 2;
  return isMember ? resolve(reference[0]) : reference;
}

function problemsIn(schema: unknown, value: unknown, path: string): string[] {
  if (value === undefined) return [];
  if (typeof schema === 'number') return problemsInSimple(schema, value, path);
  // An operation that answers nothing.
  if (schema === 'unit')
    return Object.keys(value as object).map((name) => `${path}.${name} is not in the model`);
  const [kind, , , , first, second] = schema as Schema;
  if (kind === 0) return problemsInSimple(Number(first), value, path);
  if (kind === 1) return problemsInList(resolve(first), value, path);
  if (kind === 2) return problemsInMap(resolve(second), value, path);
  const members = new Map((first as string[]).map((name, index) => [name, (second as unknown[])[index]]));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path} is not a structure`];
  return Object.entries(value).flatMap(([name, member]) =>
    members.has(name)
      ? problemsIn(resolve(members.get(name)), member, `${path}.${name}`)
      : [`${path}.${name} is not in the model`],
  );
}

function problemsInList(schema: unknown, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [`${path} is not a list`];
  return value.flatMap((item, index) => problemsIn(schema, item, `${path}[${index}]`));
}

function problemsInMap(schema: unknown, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${path} is not a map`];
  return Object.entries(value).flatMap(([key, item]) => problemsIn(schema, item, `${path}.${key}`));
}

/** The kinds of simple shapes that these models use; an instant is a number on the wire. */
const simple: Readonly<Record<number, string>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'number',
  7: 'number',
};
const document = 15;
const [listOf, mapOf] = [64, 128];

function problemsInSimple(kind: number, value: unknown, path: string): string[] {
  if (kind & listOf) return problemsInList(kind & ~listOf, value, path);
  if (kind & mapOf) return problemsInMap(kind & ~mapOf, value, path);
  if (kind === document) return [];
  const expected = simple[kind];
  if (expected === undefined) return [`${path} is of a kind (${kind}) that this check does not know`];
  return typeof value === expected ? [] : [`${path} is ${JSON.stringify(value)}, not a ${expected}`];
}
