import type { TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { WayBack } from '../../../state-machines/log/way-back';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { DescribedRevision } from '../../aws/ecs/registration';
import { parseImageName, pinnedImage } from '../../aws/registry/image-name';
import type { RegistryAnswer } from '../../aws/registry/looked-at-images';
import { describedRevisions, type FoundCommit, foundCommits } from '../commits/found-commits';
import type { Session } from '../session/session';

/** What the registry and the repository of this folder tell of a revision. */
export interface LookedAtRevision {
  readonly commit: FoundCommit | null;
  /** Whether the images that ran can be pulled yet; `unknown` where nobody could tell. */
  readonly image: 'there' | 'gone' | 'archived' | 'unknown';
  /** A tag of its images points to another image now. */
  readonly hasMoved: boolean;
}

export const notLookedAt: LookedAtRevision = { commit: null, image: 'unknown', hasMoved: false };

/** An image of a revision: as its task definition names it, and as it ran. */
interface RunImage {
  readonly named: string;
  /** The same with the digest that ran; null where that is not known. */
  readonly pinned: string | null;
}

/** Looks at revisions, a call each, and at their images, two calls a repository. */
export async function lookAtRevisions(
  session: Session,
  revisions: readonly WayBack[],
  records: readonly RolloutRecord[],
): Promise<ReadonlyMap<TaskDefinitionArn, LookedAtRevision>> {
  const { revisionInLabels } = await import('../../aws/registry/image-labels');
  const { lookAtImages } = await import('../../aws/registry/looked-at-images');
  const names = revisions.map(({ taskDefinition }) => taskDefinition);
  const described = await describedRevisions(session, names);
  const images = revisions.map((revision) => imagesOf(revision, described.get(revision.taskDefinition)));
  const asked = images.flat().flatMap(({ named, pinned }) => [named, ...(pinned === null ? [] : [pinned])]);
  const registryIn = (region: string) => session.clients.registry(region);
  const answers = await lookAtImages(registryIn, asked);
  const answerFor = (image: string): RegistryAnswer => answers.get(image) ?? 'unknown';
  const commits = await foundCommits(
    revisions.map(({ taskDefinition }, index) => ({
      record: records.find((one) => one.taskDefinition === taskDefinition && one.act?.commit) ?? null,
      described: described.get(taskDefinition) ?? null,
      images: (images[index] ?? []).map(({ named, pinned }) => {
        const name = pinned ?? named;
        return { name, answer: answerFor(name) };
      }),
    })),
    { labelOf: (image) => revisionInLabels(registryIn, image) },
  );
  return new Map(
    revisions.map(({ taskDefinition }, index) => [
      taskDefinition,
      {
        commit: commits[index] ?? null,
        image: worstOf((images[index] ?? []).map(({ named, pinned }) => answerFor(pinned ?? named))),
        hasMoved: (images[index] ?? []).some((image) => hasMoved(image, answerFor)),
      },
    ]),
  );
}

function imagesOf({ images }: WayBack, described: DescribedRevision | undefined): RunImage[] {
  return (described?.registration.containerDefinitions ?? []).flatMap(({ name = '', image }) => {
    if (image === undefined) return [];
    const digest = images?.[name];
    return [{ named: image, pinned: digest === undefined ? null : pinnedImage(image, digest) }];
  });
}

/** One that is gone keeps a task from starting, whatever is known of the others. */
function worstOf(answers: readonly RegistryAnswer[]): LookedAtRevision['image'] {
  if (answers.includes('missing')) return 'gone';
  if (answers.some((answer) => typeof answer === 'object' && answer.isArchived)) return 'archived';
  return answers.length === 0 || answers.includes('unknown') ? 'unknown' : 'there';
}

function hasMoved({ named, pinned }: RunImage, answerFor: (image: string) => RegistryAnswer): boolean {
  const answer = answerFor(named);
  const ran = pinned === null ? null : parseImageName(pinned).digest;
  return typeof answer === 'object' && ran !== null && answer.digest !== ran;
}
