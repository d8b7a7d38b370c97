import { createHash } from 'node:crypto';
import { type LabelledBehaviour, parseBehaviour } from '../configuration/behaviours';
import type { ClockTime } from '../foundation/clock';

/** An image that somebody has pushed with its manifest. */
interface PushedImage {
  readonly manifest: string;
  readonly pushedAt: ClockTime;
}

/** What is in the registries: which image each tag points to, and how images behave. */
export class ContainerImages {
  readonly #tags = new Map<string, string>();
  readonly #pushes = new Map<string, number>();
  readonly #behaviours = new Map<string, LabelledBehaviour>();
  readonly #pushed = new Map<string, PushedImage>();
  readonly #removed = new Set<string>();
  readonly #archived = new Set<string>();
  readonly #layers = new Map<string, Buffer>();

  /**
   * The digest that an image's name resolves to now. A name that was never pushed has an image all
   * the same; a name with a digest resolves to that digest.
   */
  digestOf(image: string): string {
    const [, pinned] = /@(sha256:[\da-f]{64})$/.exec(image) ?? [];
    return pinned ?? this.#tags.get(image) ?? digestOfText(image);
  }

  /**
   * Moves a tag to another image and returns its digest. The image's labels say how it behaves, as
   * docker labels do, in containers whose task definition says nothing of it.
   */
  push(image: string, labels: Readonly<Record<string, string>> = {}): string {
    const behaviour = parseBehaviour(labels);
    const pushes = (this.#pushes.get(image) ?? 0) + 1;
    this.#pushes.set(image, pushes);
    const digest = digestOfText(`${image} ${pushes}`);
    this.#tags.set(image, digest);
    this.#behaviours.set(digest, behaviour);
    return digest;
  }

  /**
   * The same with a manifest, as ECR's PutImage takes it; null leaves every tag where it is. Its
   * annotations say how it behaves.
   */
  put(tag: string | null, { manifest, pushedAt }: PushedImage): string {
    const { annotations = {} } = JSON.parse(manifest) as { annotations?: Record<string, string> };
    const digest = digestOfText(manifest);
    this.#behaviours.set(digest, parseBehaviour(annotations));
    this.#pushed.set(digest, { manifest, pushedAt });
    this.#removed.delete(digest);
    this.#archived.delete(digest);
    if (tag !== null) this.#tags.set(tag, digest);
    return digest;
  }

  /** Keeps a blob of an image, such as its configuration, and returns its digest. */
  putLayer(blob: Buffer): string {
    const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
    this.#layers.set(digest, blob);
    return digest;
  }

  layer(digest: string): Buffer | null {
    return this.#layers.get(digest) ?? null;
  }

  /** What was pushed with a manifest; null for what was not, or is removed. */
  pushed(digest: string): PushedImage | null {
    return (this.isKnown(digest) && this.#pushed.get(digest)) || null;
  }

  /** False for what was removed: whatever else is named is there, or in the archive. */
  isKnown(digest: string): boolean {
    return !this.#removed.has(digest);
  }

  /** False for what no task can pull: it was removed, or lies in the archive. */
  has(digest: string): boolean {
    return this.isKnown(digest) && !this.#archived.has(digest);
  }

  /** The names under which somebody has pushed an image, and which point to it yet. */
  namesOf(digest: string): string[] {
    return [...this.#tags].filter(([, points]) => points === digest).map(([name]) => name);
  }

  /**
   * Takes an image out of its registry, as a lifecycle policy does: no task can pull it any more.
   */
  remove(digest: string): void {
    this.#removed.add(digest);
  }

  /**
   * Puts an image into the registry's archive, or takes it out again: it is known there, and no
   * task can pull it.
   */
  archive(digest: string, isArchived: boolean): void {
    if (isArchived) this.#archived.add(digest);
    else this.#archived.delete(digest);
  }

  /** How containers of an image behave: as their task definition says, else as the image does. */
  behaviourOf(digest: string, labelled: LabelledBehaviour | null): LabelledBehaviour {
    if (!this.has(digest)) return unpullable;
    return labelled ?? this.#behaviours.get(digest) ?? parseBehaviour({});
  }
}

const unpullable = parseBehaviour({ 'rewind.behaviour': 'unpullable' });

function digestOfText(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
