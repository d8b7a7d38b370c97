/** The name of an image, as a task definition has it. */
interface ImageName {
  /** With the host of its registry, if it names one. */
  readonly repository: string;
  /** Null where it names none; then Docker takes `latest`. */
  readonly tag: string | null;
  readonly digest: string | null;
  /** Where Amazon ECR keeps it; null for another registry. */
  readonly ecr: EcrRepository | null;
}

export interface EcrRepository {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** Reads `host:port/repository:tag@digest`, of which most may be left out. Pure. */
export function parseImageName(image: string): ImageName {
  const [named = image, digest = null] = image.split('@');
  const [, tag = null] = /:([^:/]+)$/.exec(named) ?? [];
  const repository = tag === null ? named : named.slice(0, -tag.length - 1);
  return { repository, tag, digest, ecr: ecrRepositoryOf(repository) };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
function ecrRepositoryOf(repository: string): EcrRepository | null {
  const [, account, region, name] =
    /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z\d-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\/(.+)$/.exec(
      repository,
    ) ?? [];
  return account === undefined || region === undefined || name === undefined
    ? null
    : { account, region, name };
}

/** `repository:tag` and `repository@digest` become `repository@digest`. */
export function pinnedImage(image: string, digest: string): string {
  return `${parseImageName(image).repository}@${digest}`;
}
