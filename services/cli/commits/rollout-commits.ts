import { sortedJson } from '../../../state-machines/log/foundation/json';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { DescribedRevision } from '../../aws/ecs/registration';
import { parseImageName, pinnedImage } from '../../aws/registry/image-name';
import type { Session } from '../session/session';
import { describedRevisions, type FoundCommit, foundCommits } from './found-commits';

/** The commits of rollouts that are shown again and again: each is looked for once. */
export class RolloutCommits {
  readonly #session: Session;
  readonly #known = new Map<string, FoundCommit | null>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Looks for those not known yet. Nothing depends on them: what AWS refuses is left out. */
  async look(records: readonly RolloutRecord[]): Promise<void> {
    const unknown = records.filter((record) => !this.#known.has(keyOf(record)));
    // What was deployed with its commit tells of a way back to it as well: it is put last.
    const told = unknown.filter(({ act }) => act?.commit !== undefined);
    const asked = [...new Map([...unknown, ...told].map((record) => [keyOf(record), record])).values()];
    const commits = await this.#commitsOf(asked);
    for (const [index, record] of asked.entries()) this.#known.set(keyOf(record), commits[index] ?? null);
  }

  /** Null where it is not known, or was not looked for. */
  of(record: RolloutRecord): FoundCommit | null {
    const recorded = record.act?.commit;
    return recorded === undefined ? (this.#known.get(keyOf(record)) ?? null) : { ...recorded, from: 'log' };
  }

  async #commitsOf(records: readonly RolloutRecord[]): Promise<(FoundCommit | null)[]> {
    const untold = records.filter(({ act }) => act?.commit === undefined);
    const names = untold.flatMap(({ taskDefinition }) => taskDefinition ?? []);
    const described = await describedRevisions(this.#session, names);
    const revisions = records.map((record) => ({
      record,
      described: (record.taskDefinition && described.get(record.taskDefinition)) ?? null,
      images: [],
    }));
    const commits = await foundCommits(revisions, { labelOf: async () => null });
    const left = revisions.filter((_, index) => commits[index] === null);
    const ofImages = await this.#commitsOfImages(left);
    return commits.map((commit, index) => {
      const revision = revisions[index];
      return commit ?? (revision === undefined ? null : (ofImages.get(revision.record) ?? null));
    });
  }

  /** By the digests that ran: under a name alone another image may lie by now. */
  async #commitsOfImages(
    revisions: readonly { record: RolloutRecord; described: DescribedRevision | null }[],
  ): Promise<Map<RolloutRecord, FoundCommit | null>> {
    const images = revisions.map(ranImages);
    if (images.every(({ length }) => length === 0)) return new Map();
    const { lookAtImages } = await import('../../aws/registry/looked-at-images');
    const { revisionInLabels } = await import('../../aws/registry/image-labels');
    const registryIn = (region: string) => this.#session.clients.registry(region);
    const answers = await lookAtImages(registryIn, images.flat());
    const answered = revisions.map((revision, index) => ({
      ...revision,
      images: (images[index] ?? []).map((name) => ({ name, answer: answers.get(name) ?? 'unknown' })),
    }));
    const labelOf = (image: string) => revisionInLabels(registryIn, image);
    const commits = await foundCommits(answered, { labelOf });
    return new Map(revisions.map(({ record }, index) => [record, commits[index] ?? null]));
  }
}

/** One task definition may have run with several images. */
function keyOf({ taskDefinition, images }: RolloutRecord): string {
  return sortedJson([taskDefinition, images]);
}

function ranImages({
  record,
  described,
}: {
  readonly record: RolloutRecord;
  readonly described: DescribedRevision | null;
}): string[] {
  return (described?.registration.containerDefinitions ?? []).flatMap(({ name = '', image }) => {
    const digest = record.images?.[name];
    // Other registries than ECR are not asked.
    const isInEcr = image !== undefined && parseImageName(image).ecr !== null;
    return isInEcr && digest !== undefined ? [pinnedImage(image, digest)] : [];
  });
}
