import { BatchGetImageCommand, type ECRClient, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import { type EcrRepository, parseImageName } from './image-name';
import { revisionLabel } from './looked-at-images';

/** More than the configuration of any image that somebody builds. */
const bytesAtMost = 4 * 1024 * 1024;
const millisecondsAtMost = 10_000;
/** An index names manifests, and a manifest its configuration. */
const manifestsAtMost = 2;

/**
 * The commit that the labels of an image name, read from its configuration: a manifest or two, and
 * the blob, which ECR has S3 serve. The first platform of several answers for all. Null where it is
 * not in ECR, names none, or may not be read. Never throws what AWS or the network answers.
 */
export async function revisionInLabels(
  registryIn: (region: string) => Promise<ECRClient>,
  image: string,
): Promise<string | null> {
  const { ecr, digest } = parseImageName(image);
  if (ecr === null || digest === null) return null;
  try {
    const registry = await registryIn(ecr.region);
    const config = await configDigest(registry, ecr, digest);
    return config === null ? null : labelIn(await blobText(registry, ecr, config));
  } catch (error) {
    if (isOfOthers(error)) return null;
    throw error;
  }
}

/** What AWS refuses, the network loses, or somebody has built otherwise than JSON is written. */
function isOfOthers(error: unknown): boolean {
  const { name } = error as Error;
  return '$metadata' in (error as object) || /^(TypeError|SyntaxError|TimeoutError|AbortError)$/.test(name);
}

async function configDigest(registry: ECRClient, ecr: EcrRepository, digest: string): Promise<string | null> {
  let imageDigest: string | undefined = digest;
  for (let read = 0; read < manifestsAtMost && imageDigest !== undefined; read += 1) {
    const imageIds = [{ imageDigest }];
    const { images = [] } = await registry.send(
      new BatchGetImageCommand({ ...repositoryMembers(ecr), imageIds }),
    );
    const manifest = JSON.parse(images[0]?.imageManifest ?? '{}') as Manifest;
    if (manifest.config?.digest !== undefined) return manifest.config.digest;
    imageDigest = manifest.manifests?.[0]?.digest;
  }
  return null;
}

/** https://github.com/opencontainers/image-spec/blob/main/manifest.md, and image-index.md */
interface Manifest {
  readonly config?: { readonly digest?: string };
  readonly manifests?: readonly { readonly digest?: string }[];
}

function repositoryMembers({ account, name }: EcrRepository) {
  return { registryId: account, repositoryName: name };
}

async function blobText(registry: ECRClient, ecr: EcrRepository, layerDigest: string): Promise<string> {
  const command = new GetDownloadUrlForLayerCommand({ ...repositoryMembers(ecr), layerDigest });
  const { downloadUrl = '' } = await registry.send(command);
  const answer = await fetch(downloadUrl, { signal: AbortSignal.timeout(millisecondsAtMost) });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > bytesAtMost) return '{}';
  }
  return answer.ok ? text : '{}';
}

/** https://github.com/opencontainers/image-spec/blob/main/config.md */
function labelIn(configuration: string): string | null {
  const { config } = JSON.parse(configuration) as { config?: { Labels?: Record<string, unknown> } | null };
  const revision = config?.Labels?.[revisionLabel];
  return typeof revision === 'string' ? revision : null;
}
