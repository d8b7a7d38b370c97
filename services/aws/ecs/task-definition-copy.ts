import { type ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { parseTaskDefinitionArn, type TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { Images } from '../../../state-machines/log/way-back';
import { pinnedImage } from '../registry/image-name';
import type { CopyRequest } from './ecs';
import { describeRevision, type Registration, standingRevision } from './registration';

/** See Ecs.copyOf. A copy that stands already as the newest ACTIVE revision is taken. */
export async function copyOf(
  client: ECSClient,
  { taskDefinition, images }: CopyRequest,
): Promise<TaskDefinitionArn> {
  const { registration } = await describeRevision(client, taskDefinition);
  const wanted = pinned(registration, images);
  const standing = await standingRevision(client, wanted);
  if (standing !== null) return standing;
  const { taskDefinition: copy } = await client.send(new RegisterTaskDefinitionCommand(wanted));
  return parseTaskDefinitionArn(copy?.taskDefinitionArn ?? '');
}

/** With the digests that ran in place of tags, as far as they are known. */
function pinned(registration: Registration, images: Images | null): Registration {
  const containerDefinitions = registration.containerDefinitions?.map((container) => {
    const digest = images?.[container.name ?? ''];
    return digest === undefined || container.image === undefined
      ? container
      : { ...container, image: pinnedImage(container.image, digest) };
  });
  return { ...registration, containerDefinitions };
}
