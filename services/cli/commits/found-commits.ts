import type { TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { Commit } from '../../../state-machines/log/operator/operator-act';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { DescribedRevision } from '../../aws/ecs/registration';
import { pinnedImage } from '../../aws/registry/image-name';
import type { RegistryAnswer } from '../../aws/registry/looked-at-images';
import type { Session } from '../session/session';
import { localCommits } from './local-git';
import { commitInTag, commitInTagOf, commitToldBy, type ToldCommit, wholeSha } from './told-commit';

/** A commit, and what told of it. */
export interface FoundCommit extends Commit {
  readonly from: ToldCommit['from'];
}

/** What is known of a revision before its commit is looked for. */
interface RevisionToExplain {
  /** What the log holds of its last rollout. */
  readonly record: RolloutRecord | null;
  /** Null where ECS does not show it. */
  readonly described: DescribedRevision | null;
  /** Its images, as they ran where that is known, and as their registries answered. */
  readonly images: readonly ImageToExplain[];
}

interface ImageToExplain {
  readonly name: string;
  readonly answer: RegistryAnswer;
}

interface CommitPlaces {
  /** The commit in the labels of an image; null where they name none. */
  readonly labelOf: (image: string) => Promise<string | null>;
  /** Whose repository tells the subjects; the working directory if left out. */
  readonly folder?: string;
}

/**
 * Finds the commits of revisions, each in its place: what `rewind deploy` wrote into the log, else
 * what the task definition says, else the tag of its image, else what the registry says. The
 * repository of the folder tells their subjects, and no other is asked. None is ever another's.
 */
export async function foundCommits(
  revisions: readonly RevisionToExplain[],
  { labelOf, folder = process.cwd() }: CommitPlaces,
): Promise<(FoundCommit | null)[]> {
  const told = await Promise.all(revisions.map((revision) => toldCommitOf(revision, labelOf)));
  const unnamed = told.flatMap((commit) => (commit === null || commit.subject !== null ? [] : [commit.sha]));
  const local = await localCommits(unnamed, folder);
  return told.map((commit) => commit && { ...commit, ...local.get(commit.sha) });
}

async function toldCommitOf(
  { record, described, images }: RevisionToExplain,
  labelOf: CommitPlaces['labelOf'],
): Promise<FoundCommit | null> {
  const recorded = record?.act?.commit;
  if (recorded !== undefined) return { ...recorded, from: 'log' };
  const names = (described?.registration.containerDefinitions ?? []).flatMap(({ image }) => image ?? []);
  const answers = images.map(({ answer }) => answer);
  const told =
    (described && commitToldBy(described.registration)) ??
    firstOf(names, commitInTagOf) ??
    firstOf(answers, commitInRegistry) ??
    (await commitInLabels(images, labelOf));
  return told === null ? null : { ...told, subject: null };
}

/** Asked last, an image after the other: it costs two calls for each. */
export async function commitInLabels(
  images: readonly ImageToExplain[],
  labelOf: CommitPlaces['labelOf'],
): Promise<ToldCommit | null> {
  for (const { name, answer } of images) {
    if (typeof answer === 'string') continue;
    const sha = wholeSha((await labelOf(pinnedImage(name, answer.digest))) ?? '');
    if (sha !== null) return { sha, from: 'registry' };
  }
  return null;
}

/** The other tags of the same image first, then what its manifest says. */
export function commitInRegistry(image: RegistryAnswer): ToldCommit | null {
  if (typeof image === 'string') return null;
  const inTags = firstOf(image.tags, (tag) => commitInTag(tag, 'registry'));
  const sha = wholeSha(image.revision ?? '');
  return inTags ?? (sha === null ? null : { sha, from: 'registry' });
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | null): Found | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

const describedAtOnce = 5;

/** Task definitions as ECS shows them, and null for those that it does not. */
export async function describedRevisions(
  { clients }: Session,
  taskDefinitions: readonly TaskDefinitionArn[],
): Promise<ReadonlyMap<TaskDefinitionArn, DescribedRevision>> {
  const { describeRevision, isUnknownRevision } = await import('../../aws/ecs/registration');
  const client = clients.ecs();
  const described = new Map<TaskDefinitionArn, DescribedRevision>();
  const asked = [...new Set(taskDefinitions)];
  for (let start = 0; start < asked.length; start += describedAtOnce) {
    const some = asked.slice(start, start + describedAtOnce);
    const answers = await Promise.allSettled(some.map((arn) => describeRevision(client, arn)));
    for (const answer of answers) {
      if (answer.status === 'fulfilled') described.set(answer.value.taskDefinition, answer.value);
    }
    // Whoever may not see one may not see the next; one that was deleted says nothing of others.
    if (answers.some((answer) => answer.status === 'rejected' && !isUnknownRevision(answer.reason))) break;
  }
  return described;
}
