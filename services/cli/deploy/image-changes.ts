import type { Registration } from '../../aws/ecs/registration';
import { parseImageName } from '../../aws/registry/image-name';
import { CommandError, exitCode } from '../terminal/exit-code';

/** One container that is to run another image. */
export interface ImageChange {
  readonly container: string;
  readonly from: string;
  readonly to: string;
}

export interface WishedImages {
  /** Each `[CONTAINER=]IMAGE`. */
  readonly image?: readonly string[];
  readonly tag?: string;
}

/** Which containers run what then. Throws CommandError where that is not said clearly. */
export function imageChanges({ image = [], tag }: WishedImages, base: Registration): ImageChange[] {
  const running = (base.containerDefinitions ?? []).map(({ name = '', image: from = '' }) => ({
    name,
    from,
  }));
  const wishes = tag === undefined ? image : [withTag(running, tag)];
  const changes = wishes.map((wish) => changeFor(wish, running));
  const twice = changes.find(({ container }, index) =>
    changes.some((other, at) => at < index && other.container === container),
  );
  if (twice === undefined) return changes;
  throw new CommandError(`two images are given for the container ${twice.container}`, exitCode.usage);
}

interface RunningContainer {
  readonly name: string;
  readonly from: string;
}

function withTag(running: readonly RunningContainer[], tag: string): string {
  const [only, ...others] = running;
  if (!/^[\w][\w.-]{0,127}$/.test(tag)) {
    throw new CommandError(`--tag: "${tag}" is no tag of an image`, exitCode.usage);
  }
  if (only !== undefined && others.length === 0)
    return `${only.name}=${parseImageName(only.from).repository}:${tag}`;
  throw new CommandError(
    `--tag leaves open which container: say --image ${choicesOf(running)}`,
    exitCode.usage,
  );
}

function changeFor(wish: string, running: readonly RunningContainer[]): ImageChange {
  const [, named, image = wish] = /^([\w-]+)=(.+)$/.exec(wish) ?? [];
  const fits =
    named === undefined ? sameRepository(image, running) : running.filter(({ name }) => name === named);
  const [container, ...others] = fits;
  if (container !== undefined && others.length === 0) {
    return { container: container.name, from: container.from, to: image };
  }
  const trouble =
    named === undefined ? 'it is open which container runs' : `no container is called ${named}:`;
  throw new CommandError(`${trouble} ${image}; say --image ${choicesOf(running)}`, exitCode.usage);
}

/** The only container, or the only one that runs an image of the same repository. */
function sameRepository(image: string, running: readonly RunningContainer[]): readonly RunningContainer[] {
  if (running.length === 1) return running;
  const { repository } = parseImageName(image);
  return running.filter(({ from }) => parseImageName(from).repository === repository);
}

function choicesOf(running: readonly RunningContainer[]): string {
  return running.map(({ name }) => `${name}=IMAGE`).join(', or ');
}
