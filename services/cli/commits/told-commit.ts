import type { Registration } from '../../aws/ecs/registration';
import { parseImageName } from '../../aws/registry/image-name';

/** What a task definition, an image or a pipeline says of the commit that is run. */
type CommitSource = 'log' | 'task definition' | 'tag' | 'registry' | 'environment' | 'option';

/** A commit that something tells of, before anybody has looked for it in a repository. */
export interface ToldCommit {
  /** Seven letters at least. */
  readonly sha: string;
  readonly from: CommitSource;
}

/** Names under which labels, variables and tags say the commit, without what is between letters. */
const names: ReadonlySet<string> = new Set([
  'cicommitsha',
  'comdatadoghqtagsversion',
  'commit',
  'commitsha',
  'ddgitcommitsha',
  'ddversion',
  'gitcommit',
  'gitcommitsha',
  'githubsha',
  'gitrevision',
  'gitsha',
  'orglabelschemavcsref',
  'orgopencontainersimagerevision',
  'sentryrelease',
  'sourceversion',
  'vcsref',
]);

/** The commit that a task definition itself names, in labels, variables or tags. Pure. */
export function commitToldBy({ containerDefinitions = [], tags = [] }: Registration): ToldCommit | null {
  const told = [
    ...containerDefinitions.flatMap(({ dockerLabels = {} }) => Object.entries(dockerLabels)),
    ...containerDefinitions.flatMap(({ environment = [] }) =>
      environment.map(({ name = '', value = '' }) => [name, value] as const),
    ),
    ...tags.map(({ key = '', value = '' }) => [key, value] as const),
  ];
  for (const [name, value] of told) {
    const sha = names.has(name.toLowerCase().replace(/[^a-z\d]/g, '')) ? wholeSha(value) : null;
    if (sha !== null) return { sha, from: 'task definition' };
  }
  return null;
}

/** The commit that the tag of an image names; null for one that might be a mere number. Pure. */
export function commitInTagOf(image: string): ToldCommit | null {
  const { tag } = parseImageName(image);
  return tag === null ? null : commitInTag(tag, 'tag');
}

/** `9f31c2d`, `sha-9f31c2d`, `main-9f31c2d-1700000000`, `v1.2.3-14-g2414721`. */
export function commitInTag(tag: string, from: CommitSource): ToldCommit | null {
  const words = tag.toLowerCase().split(/[^a-z\d]+/);
  const shas = words.map((word) => word.replace(/^g(?=[\da-f]{7,40}$)/, '')).filter(isSha);
  const [sha] = shas;
  return sha === undefined ? null : { sha, from };
}

/** The commit that the pipeline works on, which is what it deploys unless something else says. */
export function commitOfPipeline(environment: {
  readonly [name: string]: string | undefined;
}): ToldCommit | null {
  const { GITHUB_SHA, GITHUB_EVENT_NAME = '', CI_COMMIT_SHA, BUILDKITE_COMMIT, CIRCLE_SHA1 } = environment;
  // Of a pull request it is a merge that nobody has.
  const ofGitHub = GITHUB_EVENT_NAME.startsWith('pull_request') ? undefined : GITHUB_SHA;
  const sha = wholeSha(ofGitHub ?? CI_COMMIT_SHA ?? BUILDKITE_COMMIT ?? CIRCLE_SHA1 ?? '');
  return sha === null ? null : { sha, from: 'environment' };
}

/** A text that is a commit and nothing else; null for another. */
export function wholeSha(text: string): string | null {
  const lower = text.trim().toLowerCase();
  return /^[\da-f]{7,40}$/.test(lower) ? lower : null;
}

/** A number may count builds, and a word may be one: both kinds of letters make a commit. */
function isSha(word: string): boolean {
  return /^[\da-f]{7,40}$/.test(word) && /[a-f]/.test(word) && /\d/.test(word);
}
