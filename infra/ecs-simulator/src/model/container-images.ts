import { createHash } from 'node:crypto';
import { type LabelledBehaviour, parseBehaviour } from '../configuration/behaviours';

/** What is in the registries: which image each tag points to, and how images behave. */
export class ContainerImages {
  readonly #pushes = new Map<string, number>();
  readonly #behaviours = new Map<string, LabelledBehaviour>();
  readonly #removed = new Set<string>();

  /**
   * The digest that an image's name resolves to now. A name that was never pushed has an image all
   * the same; a name with a digest resolves to that digest.
   */
  digestOf(image: string): string {
    const [, pinned] = /@(sha256:[\da-f]{64})$/.exec(image) ?? [];
    if (pinned !== undefined) return pinned;
    const pushes = this.#pushes.get(image) ?? 0;
    return digestOfText(pushes === 0 ? image : `${image} ${pushes}`);
  }

  /**
   * Moves a tag to another image and returns its digest. The image's labels say how it behaves, as
   * docker labels do, in containers whose task definition says nothing of it.
   */
  push(image: string, labels: Readonly<Record<string, string>> = {}): string {
    const behaviour = parseBehaviour(labels);
    this.#pushes.set(image, (this.#pushes.get(image) ?? 0) + 1);
    const digest = this.digestOf(image);
    this.#behaviours.set(digest, behaviour);
    return digest;
  }

  /**
   * Takes an image out of its registry, as a lifecycle policy does: no task can pull it any more.
   */
  remove(digest: string): void {
    this.#removed.add(digest);
  }

  /** How containers of an image behave: as their task definition says, else as the image does. */
  behaviourOf(digest: string, labelled: LabelledBehaviour | null): LabelledBehaviour {
    if (this.#removed.has(digest)) return unpullable;
    return labelled ?? this.#behaviours.get(digest) ?? parseBehaviour({});
  }
}

const unpullable = parseBehaviour({ 'rewind.behaviour': 'unpullable' });

function digestOfText(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
