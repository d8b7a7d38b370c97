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
import type { Images } from '../../../state-machines/log/way-back';
import type { CopyRequest } from './ecs';

/**
 * See Ecs.copyOf. A copy that stands already as the newest ACTIVE revision of the family is taken:
 * whoever registered it did not live to deploy it.
 */
export async function copyOf(
  client: ECSClient,
  { taskDefinition, images }: CopyRequest,
): Promise<TaskDefinitionArn> {
  const registration = pinned(await registrationOf(client, taskDefinition), images);
  const { family = '', tags: _tags, ...wanted } = registration;
  const newest = await newestOf(client, family);
  if (newest !== null) {
    const { family: _family, tags: _itsTags, ...standing } = newest.registration;
    if (sortedJson(standing) === sortedJson(wanted)) return newest.arn;
  }
  const { taskDefinition: copy } = await client.send(new RegisterTaskDefinitionCommand(registration));
  return parseTaskDefinitionArn(copy?.taskDefinitionArn ?? '');
}

async function newestOf(client: ECSClient, family: string) {
  try {
    const described = await describeToCopy(client, family);
    const arn = parseTaskDefinitionArn(described.taskDefinition?.taskDefinitionArn ?? '');
    return { arn, registration: registrable(described) };
  } catch (error) {
    // No revision of the family is ACTIVE.
    if (error instanceof ClientException) return null;
    throw error;
  }
}

async function registrationOf(client: ECSClient, taskDefinition: TaskDefinitionArn) {
  return registrable(await describeToCopy(client, taskDefinition));
}

function describeToCopy(client: ECSClient, taskDefinition: string) {
  return client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
}

/** All that was registered once: the description without what ECS itself adds to it. */
function registrable({
  taskDefinition = {},
  tags = [],
}: {
  readonly taskDefinition?: TaskDefinition | undefined;
  readonly tags?: RegisterTaskDefinitionCommandInput['tags'];
}): RegisterTaskDefinitionCommandInput {
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

/** With the digests that ran in place of tags, as far as they are known. */
function pinned(
  registration: RegisterTaskDefinitionCommandInput,
  images: Images | null,
): RegisterTaskDefinitionCommandInput {
  const containerDefinitions = registration.containerDefinitions?.map((container) => {
    const digest = images?.[container.name ?? ''];
    return digest === undefined || container.image === undefined
      ? container
      : { ...container, image: pinnedImage(container.image, digest) };
  });
  return { ...registration, containerDefinitions };
}

/**
 * `repository:tag` and `repository@digest` become `repository@digest`; a registry may name a port.
 */
function pinnedImage(image: string, digest: string): string {
  const [name = image] = image.split('@');
  return `${name.replace(/:[^:/]*$/, '')}@${digest}`;
}
