import {
  ClientException,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { sortedJson } from '../../../state-machines/log/foundation/json';
import { parseTaskDefinitionArn, type TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import { refusalOf } from './ecs';

/** All of a task definition that can be registered. */
export type Registration = RegisterTaskDefinitionCommandInput;

/** A task definition in ECS, and what would register another one like it. */
export interface DescribedRevision {
  readonly taskDefinition: TaskDefinitionArn;
  readonly registration: Registration;
  readonly isActive: boolean;
}

/** Throws what the SDK throws: ClientException where ECS does not know it. */
export async function describeRevision(client: ECSClient, named: string): Promise<DescribedRevision> {
  const command = new DescribeTaskDefinitionCommand({ taskDefinition: named, include: ['TAGS'] });
  const described = await client.send(command);
  const { taskDefinitionArn = '', status } = described.taskDefinition ?? {};
  return {
    taskDefinition: parseTaskDefinitionArn(taskDefinitionArn),
    registration: registrable(described),
    isActive: status === 'ACTIVE',
  };
}

/** Whether ECS says that there is no such revision: a deleted one is refused like any mistake. */
export function isUnknownRevision(error: unknown): boolean {
  return error instanceof ClientException;
}

/** The description without what ECS itself adds to it. */
function registrable({
  taskDefinition = {},
  tags = [],
}: {
  readonly taskDefinition?: TaskDefinition | undefined;
  readonly tags?: Registration['tags'];
}): Registration {
  const {
    taskDefinitionArn: _arn,
    revision: _revision,
    status: _status,
    requiresAttributes: _requiresAttributes,
    compatibilities: _compatibilities,
    registeredAt: _registeredAt,
    deregisteredAt: _deregisteredAt,
    deleteRequestedAt: _deleteRequestedAt,
    registeredBy: _registeredBy,
    family,
    containerDefinitions,
    ...others
  } = taskDefinition;
  // ECS keeps tags of its own under `aws:`, and lets nobody give them.
  const own = tags.filter(({ key }) => key?.startsWith('aws:') !== true);
  return { family, containerDefinitions, ...others, ...(own.length === 0 ? {} : { tags: own }) };
}

/**
 * The newest ACTIVE revision of the family, if it is what would be registered, tags apart: whoever
 * registered it did not live to deploy it. Null where it is another, or none.
 */
export async function standingRevision(
  client: ECSClient,
  wanted: Registration,
): Promise<TaskDefinitionArn | null> {
  try {
    const newest = await describeRevision(client, wanted.family ?? '');
    return comparable(newest.registration) === comparable(wanted) ? newest.taskDefinition : null;
  } catch (error) {
    // No revision of the family is ACTIVE.
    if (isUnknownRevision(error)) return null;
    throw error;
  }
}

function comparable({ family: _family, tags: _tags, ...registration }: Registration): string {
  return sortedJson(registration);
}

/** ECS registered something else than it was given: an SDK may leave out what it does not know. */
export class RegistrationDiffersError extends Error {
  override readonly name = 'RegistrationDiffersError';
  readonly taskDefinition: TaskDefinitionArn;
  readonly members: readonly string[];

  constructor(taskDefinition: TaskDefinitionArn, members: readonly string[]) {
    super(`${taskDefinition} was registered otherwise than it was given: ${members.join(', ')}`);
    this.taskDefinition = taskDefinition;
    this.members = members;
  }
}

interface RegisteringClients {
  readonly client: ECSClient;
  /** One that repeats no call: to register twice makes two revisions. */
  readonly once: ECSClient;
}

const triesAtMost = 3;

/**
 * Registers a revision once, also where ECS registers it and its answer is lost, and reads it back.
 * Throws RegistrationDiffersError where it is not what was given, and what the SDK throws.
 */
export async function registerRevision(
  { client, once }: RegisteringClients,
  registration: Registration,
): Promise<TaskDefinitionArn> {
  const registered = await registerOrFind({ client, once }, registration);
  const readBack = await describeRevision(client, registered);
  const members = differingMembers(registration, readBack.registration);
  if (members.length > 0) throw new RegistrationDiffersError(registered, members);
  return registered;
}

async function registerOrFind(
  { client, once }: RegisteringClients,
  registration: Registration,
): Promise<TaskDefinitionArn> {
  for (let tries = 1; ; tries += 1) {
    const standing = await standingRevision(client, registration);
    if (standing !== null) return standing;
    try {
      const { taskDefinition } = await once.send(new RegisterTaskDefinitionCommand(registration));
      return parseTaskDefinitionArn(taskDefinition?.taskDefinitionArn ?? '');
    } catch (error) {
      if (tries === triesAtMost || refusalOf(error) !== 'retryable') throw error;
    }
  }
}

/** The members of two registrations that differ, the tags in any order. */
export function differingMembers(wanted: Registration, other: Registration): string[] {
  const [one, two] = [wanted, other].map(withSortedTags);
  return differences(one, two, '');
}

function withSortedTags({ tags = [], ...registration }: Registration): object {
  return { ...registration, tags: Object.fromEntries(tags.map(({ key = '', value }) => [key, value])) };
}

function differences(one: unknown, other: unknown, name: string): string[] {
  if (sortedJson(one ?? null) === sortedJson(other ?? null)) return [];
  if (!isObject(one) || !isObject(other)) return [name];
  const members = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return members.flatMap((member) =>
    differences(one[member], other[member], name === '' ? member : `${name}.${member}`),
  );
}

function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
