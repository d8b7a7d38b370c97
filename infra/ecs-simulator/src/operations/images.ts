import { z } from 'zod';
import { read, write } from '../api/operation';
import { EcsError } from '../foundation/ecs-error';
import { epochSeconds, type World } from '../model/world';

const imageIdSchema = z.looseObject({ imageDigest: z.string().optional(), imageTag: z.string().optional() });
const imageIdsSchema = z.looseObject({
  repositoryName: z.string().min(1),
  imageIds: z.array(imageIdSchema).min(1).max(100),
});
const filteredImagesSchema = imageIdsSchema.extend({
  filter: z
    .looseObject({ imageStatus: z.enum(['ACTIVE', 'ARCHIVED', 'ACTIVATING', 'ANY']).optional() })
    .optional(),
});
type ImageId = z.infer<typeof imageIdSchema>;

/** As much of Amazon ECR as whoever deploys looks at. Every repository of the account is there. */
export const imageOperations = {
  PutImage: write(
    z.looseObject({
      repositoryName: z.string().min(1),
      imageManifest: z.string().refine(isJson, 'it is no manifest'),
      imageTag: z.string().optional(),
    }),
    ({ world, input: { repositoryName, imageManifest: manifest, imageTag } }) => {
      const name = imageTag === undefined ? null : nameOf(world, repositoryName, imageTag);
      const imageDigest = world.images.put(name, { manifest, pushedAt: world.clock.now() });
      return {
        output: { image: imageView(world, repositoryName, { imageDigest, imageTag }) },
        resource: repositoryName,
      };
    },
  ),

  /** What is not there is told beside what is. */
  BatchGetImage: read(imageIdsSchema, ({ world, input: { repositoryName, imageIds } }) => {
    const found = imageIds.filter((id) => isThere(world, repositoryName, id));
    return {
      images: found.map((id) => imageView(world, repositoryName, id)),
      failures: imageIds
        .filter((id) => !found.includes(id))
        .map((imageId) => ({
          imageId,
          failureCode: 'ImageNotFound',
          failureReason: 'Requested image not found',
        })),
    };
  }),

  /**
   * One image that is not there fails the whole call, and so does an archived one without a filter:
   * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImagesFilter.html
   */
  DescribeImages: read(filteredImagesSchema, ({ world, input }) => {
    const { repositoryName, imageIds, filter: { imageStatus = 'ACTIVE' } = {} } = input;
    const isShown = (id: ImageId) => {
      const digest = digestOf(world, repositoryName, id);
      return (
        world.images.isKnown(digest) && (imageStatus === 'ANY' || statusOf(world, digest) === imageStatus)
      );
    };
    const missing = imageIds.find((id) => !isShown(id));
    if (missing !== undefined) {
      const message = `The image with imageId ${JSON.stringify(missing)} does not exist within the repository with name '${repositoryName}'`;
      throw new EcsError('ImageNotFoundException', message);
    }
    return { imageDetails: imageIds.map((id) => imageDetail(world, repositoryName, id)) };
  }),

  /** The blob is there at once, without the calls that begin and complete an upload. */
  UploadLayerPart: write(
    z.looseObject({ repositoryName: z.string().min(1), layerPartBlob: z.string() }),
    ({ world, input: { repositoryName, layerPartBlob } }) => {
      const uploadId = world.images.putLayer(Buffer.from(layerPartBlob, 'base64'));
      return {
        output: { registryId: world.accountId, repositoryName, uploadId },
        resource: repositoryName,
      };
    },
  ),

  /** ECR names an address in S3; here the address is the blob itself. */
  GetDownloadUrlForLayer: read(
    z.looseObject({ repositoryName: z.string().min(1), layerDigest: z.string() }),
    ({ world, input: { repositoryName, layerDigest } }) => {
      const blob = world.images.layer(layerDigest);
      if (blob === null) {
        const message = `The layer with digest '${layerDigest}' does not exist within the repository with name '${repositoryName}'`;
        throw new EcsError('LayersNotFoundException', message);
      }
      return { layerDigest, downloadUrl: `data:application/octet-stream;base64,${blob.toString('base64')}` };
    },
  ),

  /**
   * What is archived is known, and no task can pull it. What is taken out again is there at once:
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive_restore_image.html
   */
  UpdateImageStorageClass: write(
    z.looseObject({
      repositoryName: z.string().min(1),
      imageId: imageIdSchema,
      targetStorageClass: z.enum(['STANDARD', 'ARCHIVE']),
    }),
    ({ world, input: { repositoryName, imageId, targetStorageClass } }) => {
      const digest = digestOf(world, repositoryName, imageId);
      world.images.archive(digest, targetStorageClass === 'ARCHIVE');
      const imageStatus = statusOf(world, digest);
      const output = { registryId: world.accountId, repositoryName, imageId, imageStatus };
      return { output, resource: repositoryName };
    },
  ),

  BatchDeleteImage: write(imageIdsSchema, ({ world, input: { repositoryName, imageIds } }) => {
    for (const id of imageIds) world.images.remove(digestOf(world, repositoryName, id));
    return { output: { imageIds, failures: [] }, resource: repositoryName };
  }),
};

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

function registryOf({ accountId, region }: World): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com`;
}

function nameOf(world: World, repositoryName: string, tag: string): string {
  return `${registryOf(world)}/${repositoryName}:${tag}`;
}

function digestOf(
  world: World,
  repositoryName: string,
  { imageDigest, imageTag = 'latest' }: ImageId,
): string {
  return imageDigest ?? world.images.digestOf(nameOf(world, repositoryName, imageTag));
}

function isThere(world: World, repositoryName: string, id: ImageId): boolean {
  return world.images.has(digestOf(world, repositoryName, id));
}

function statusOf(world: World, digest: string): 'ACTIVE' | 'ARCHIVED' {
  return world.images.has(digest) ? 'ACTIVE' : 'ARCHIVED';
}

function imageView(world: World, repositoryName: string, id: ImageId) {
  const imageDigest = digestOf(world, repositoryName, id);
  return {
    registryId: world.accountId,
    repositoryName,
    imageId: { imageDigest, imageTag: id.imageTag },
    imageManifest: world.images.pushed(imageDigest)?.manifest ?? '{"schemaVersion":2}',
  };
}

function imageDetail(world: World, repositoryName: string, id: ImageId) {
  const imageDigest = digestOf(world, repositoryName, id);
  const prefix = nameOf(world, repositoryName, '');
  const names = world.images.namesOf(imageDigest).filter((name) => name.startsWith(prefix));
  const tags = names.map((name) => name.slice(prefix.length));
  return {
    registryId: world.accountId,
    repositoryName,
    imageDigest,
    imageTags: [...new Set([...tags, ...(id.imageTag === undefined ? [] : [id.imageTag])])],
    imagePushedAt: epochSeconds(world.images.pushed(imageDigest)?.pushedAt ?? null),
    imageStatus: statusOf(world, imageDigest),
  };
}
