import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  type Image,
  type ImageDetail,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import { type EcrRepository, parseImageName } from './image-name';

/** An image in its registry. */
interface RegistryImage {
  readonly digest: string;
  /** All tags that point to it now. */
  readonly tags: readonly string[];
  readonly pushedAt: Date | null;
  /** ECR keeps it where no task can pull it. */
  readonly isArchived: boolean;
  /** The commit that it was built from, as its manifest says; null where that says nothing. */
  readonly revision: string | null;
}

/** What a registry says of an image; `unknown` where it was not, or could not be, asked. */
export type RegistryAnswer = RegistryImage | 'missing' | 'unknown';

/** As many as one call takes. */
const imagesAtOnce = 100;

/** https://github.com/opencontainers/image-spec/blob/main/annotations.md */
export const revisionLabel = 'org.opencontainers.image.revision';

/**
 * Looks at images, by their names, two calls a repository and one for each that nobody can pull.
 * What lies elsewhere than in ECR, or may not be looked at, is unknown: whoever asks goes on
 * without. Never throws what AWS answers.
 */
export async function lookAtImages(
  registryIn: (region: string) => Promise<ECRClient>,
  images: readonly string[],
): Promise<ReadonlyMap<string, RegistryAnswer>> {
  const answers = new Map<string, RegistryAnswer>();
  for (const { ecr, names } of byRepository(images)) {
    const registry = await registryIn(ecr.region);
    for (let start = 0; start < names.length; start += imagesAtOnce) {
      const some = names.slice(start, start + imagesAtOnce);
      for (const [name, answer] of await answersOf(registry, ecr, some)) answers.set(name, answer);
    }
  }
  return answers;
}

function byRepository(images: readonly string[]): { ecr: EcrRepository; names: string[] }[] {
  const found = new Map<string, { ecr: EcrRepository; names: string[] }>();
  for (const image of new Set(images)) {
    const { repository, ecr } = parseImageName(image);
    if (ecr === null) continue;
    const known = found.get(repository) ?? { ecr, names: [] };
    known.names.push(image);
    found.set(repository, known);
  }
  return [...found.values()];
}

async function answersOf(
  registry: ECRClient,
  { account, name }: EcrRepository,
  names: readonly string[],
): Promise<(readonly [string, RegistryAnswer])[]> {
  const place = { registryId: account, repositoryName: name };
  try {
    const imageIds = names.map(idOf);
    const { images = [] } = await registry.send(new BatchGetImageCommand({ ...place, imageIds }));
    const digests = [...new Set(images.flatMap(({ imageId }) => imageId?.imageDigest ?? []))];
    const details = digests.length === 0 ? [] : await detailsOf(registry, place, digests);
    return await Promise.all(
      names.map(async (image) => {
        const answer = answerFor(idOf(image), images, details);
        return [image, answer ?? (await archivedAnswer(registry, place, idOf(image)))] as const;
      }),
    );
  } catch (error) {
    if (!('$metadata' in (error as object))) throw error;
    return names.map((image) => [image, 'unknown'] as const);
  }
}

/**
 * What is archived can be pulled as little as what is not there, and BatchGetImage is a pull: only
 * its description tells the two apart. It fails whole for one that is missing, so each has its own.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html
 */
async function archivedAnswer(
  registry: ECRClient,
  place: RepositoryPlace,
  imageId: ImageIdentifier,
): Promise<RegistryAnswer> {
  const filter = { imageStatus: 'ANY' } as const;
  try {
    const { imageDetails = [] } = await registry.send(
      new DescribeImagesCommand({ ...place, imageIds: [imageId], filter }),
    );
    const [detail] = imageDetails;
    if (detail?.imageDigest === undefined) return 'missing';
    const { imageDigest: digest, imageTags: tags = [], imagePushedAt: pushedAt = null } = detail;
    return { digest, tags, pushedAt, isArchived: detail.imageStatus !== 'ACTIVE', revision: null };
  } catch (error) {
    if ((error as Error).name === 'ImageNotFoundException') return 'missing';
    throw error;
  }
}

interface RepositoryPlace {
  readonly registryId: string;
  readonly repositoryName: string;
}

async function detailsOf(
  registry: ECRClient,
  place: RepositoryPlace,
  digests: readonly string[],
): Promise<ImageDetail[]> {
  const imageIds = digests.map((imageDigest) => ({ imageDigest }));
  const { imageDetails = [] } = await registry.send(new DescribeImagesCommand({ ...place, imageIds }));
  return imageDetails;
}

function idOf(image: string): ImageIdentifier {
  const { tag, digest } = parseImageName(image);
  return digest === null ? { imageTag: tag ?? 'latest' } : { imageDigest: digest };
}

function answerFor(
  { imageDigest, imageTag }: ImageIdentifier,
  images: readonly Image[],
  details: readonly ImageDetail[],
): RegistryAnswer | null {
  const isIt = ({ imageId }: Image) =>
    imageDigest === undefined ? imageId?.imageTag === imageTag : imageId?.imageDigest === imageDigest;
  const found = images.find(isIt);
  const digest = found?.imageId?.imageDigest;
  if (found === undefined || digest === undefined) return null;
  const detail = details.find((one) => one.imageDigest === digest);
  return {
    digest,
    tags: detail?.imageTags ?? [],
    pushedAt: detail?.imagePushedAt ?? null,
    isArchived: detail?.imageStatus !== undefined && detail.imageStatus !== 'ACTIVE',
    revision: revisionIn(found.imageManifest ?? ''),
  };
}

/** Of a manifest or of an index of several: its annotations are those of whoever built it. */
function revisionIn(manifest: string): string | null {
  try {
    const { annotations } = JSON.parse(manifest) as { annotations?: Record<string, unknown> };
    const revision = annotations?.[revisionLabel];
    return typeof revision === 'string' ? revision : null;
  } catch {
    return null;
  }
}
