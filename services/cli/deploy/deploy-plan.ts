import { shortTaskDefinition, type TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { Images } from '../../../state-machines/log/way-back';
import { freezeOf } from '../../../state-machines/service/operator/freeze';
import { type DescribedRevision, differingMembers, type Registration } from '../../aws/ecs/registration';
import { parseImageName, pinnedImage } from '../../aws/registry/image-name';
import { type RegistryAnswer, revisionLabel } from '../../aws/registry/looked-at-images';
import type { FoundCommit } from '../commits/found-commits';
import { freezeWords } from '../session/rollouts/freeze-words';
import { CommandError, exitCode } from '../terminal/exit-code';
import type { DeployView } from './deploy-view';
import type { ImageChange } from './image-changes';

/** What somebody wants to be deployed, and all that was looked at for it. */
export interface DeployQuestion {
  readonly view: DeployView;
  /** What is changed, or deployed as it is. */
  readonly base: DescribedRevision;
  /** Empty: the base itself is deployed. */
  readonly changes: readonly ImageChange[];
  /** What the registries say of each image, by its name. */
  readonly images: ReadonlyMap<string, RegistryAnswer>;
  readonly commit: FoundCommit | null;
  readonly isPinned: boolean;
  readonly supersedes: boolean;
  /** Deployed again because it failed: that it has is no objection. */
  readonly isRetry: boolean;
  readonly now: Instant;
}

/** How a service is deployed: all that is decided before anybody is asked. */
export interface DeployPlan extends Pick<DeployQuestion, 'view' | 'base' | 'changes' | 'commit' | 'isRetry'> {
  /** What is registered; null where the base itself is deployed. */
  readonly registration: Registration | null;
  /** Whether what runs is just what would be deployed. */
  readonly isSame: boolean;
  /** Who has said that nothing is to be deployed; null where nobody has. */
  readonly freeze: string | null;
  /** What speaks against it: somebody has to insist. */
  readonly objections: readonly string[];
  /** What is worth knowing. */
  readonly warnings: readonly string[];
}

/** Plans a deployment. Throws CommandError where there can be none. Pure. */
export function planDeploy(question: DeployQuestion): DeployPlan {
  const { view, base, changes, commit, isRetry, now } = question;
  requireRest(question);
  requireImages(question);
  const freeze = freezeOf(view.state.memory, 'deploys', now);
  const registration = registrationWith(question);
  const isOther = !base.isActive || differingMembers(base.registration, registration).length > 0;
  return {
    view,
    base,
    changes,
    commit,
    isRetry,
    registration: changes.length > 0 && isOther ? registration : null,
    isSame: isSame(question),
    freeze: freeze && freezeWords(freeze),
    objections: isRetry ? [] : objections(question),
    warnings: [...warnings(question)],
  };
}

/**
 * A deployment that begins during a rollback may never find one to go back to:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
function requireRest({ view: { path, observed, primary }, supersedes }: DeployQuestion): void {
  if (observed.inProgress === null) return;
  if (observed.serviceDeployments[0]?.rollback != null) {
    const sentence = `${path} is going back just now: wait for that, then deploy`;
    throw new CommandError(sentence, exitCode.data);
  }
  if (supersedes) return;
  const short = shortTaskDefinition(primary.taskDefinition);
  throw new CommandError(
    `${path}: ${short} is being rolled out already (${primary.id}); --supersede takes its place`,
    exitCode.data,
  );
}

function requireImages({ view: { path }, changes, images, isPinned }: DeployQuestion): void {
  for (const { to } of changes) {
    const answer = images.get(to);
    if (answer === 'missing') {
      throw new CommandError(`${path}: ${to} is not in its registry`, exitCode.data);
    }
    if (typeof answer === 'object' && answer.isArchived) {
      throw new CommandError(`${path}: ${to} is archived, and no task can pull it`, exitCode.data);
    }
    if (isPinned && digestOf(to, images) === null) {
      throw new CommandError(`${path}: ${to} cannot be pinned: nobody tells its digest`, exitCode.data);
    }
  }
}

/** The digest that a name means now; null where nobody tells. */
function digestOf(image: string, images: DeployQuestion['images']): string | null {
  const answer = images.get(image);
  return typeof answer === 'object' ? answer.digest : parseImageName(image).digest;
}

/** What runs may be asked of the registry too; what the service revision says was resolved then. */
function runningDigests({ observed, primary }: DeployView): Images {
  const { revisions = [] } = observed;
  const running =
    revisions.find(({ deployment }) => deployment === primary.id) ??
    revisions.find(({ taskDefinition }) => taskDefinition === primary.taskDefinition);
  return running?.images ?? {};
}

function isSame({ view, base, changes, images }: DeployQuestion): boolean {
  if (base.taskDefinition !== view.primary.taskDefinition) return false;
  const running = runningDigests(view);
  return changes.every(({ container, to }) => {
    const digest = digestOf(to, images);
    return digest !== null && digest === running[container];
  });
}

function objections({ view, base, changes, images }: DeployQuestion): string[] {
  const { memory } = view.state;
  const hasFailed = (taskDefinition: TaskDefinitionArn | null) =>
    memory.failed.some((failed) => failed.taskDefinition === taskDefinition);
  if (changes.length === 0) {
    return hasFailed(base.taskDefinition) ? [`${shortTaskDefinition(base.taskDefinition)} failed here`] : [];
  }
  return changes.flatMap(({ container, to }) => {
    const digest = digestOf(to, images);
    const before = view.records.find(
      (record) =>
        digest !== null && record.images?.[container] === digest && hasFailed(record.taskDefinition),
    );
    const short = before?.taskDefinition == null ? null : shortTaskDefinition(before.taskDefinition);
    return short === null ? [] : [`${to} is the image of ${short}, which failed here`];
  });
}

function* warnings(question: DeployQuestion): Generator<string> {
  const { view, base, changes, images, isPinned } = question;
  const { observed, owner, state, primary } = view;
  const short = shortTaskDefinition(base.taskDefinition);
  const isProven = state.memory.proven.some(({ taskDefinition }) => taskDefinition === base.taskDefinition);
  if (changes.length > 0 && !isProven) yield `${short}, which is copied, has not proved itself here`;
  const running = runningDigests(view);
  for (const { container, from, to } of changes) {
    const digest = digestOf(to, images);
    const { tag, digest: named } = parseImageName(to);
    if (digest === null) yield `${to} was not looked at in its registry: its digest is not known`;
    else if (from === to && running[container] !== undefined && digest !== running[container]) {
      yield `${to} is another image now than the one that runs`;
    }
    if (!isPinned && named === null && (tag ?? 'latest') === 'latest') {
      yield `${to} names no version: --pin deploys what it is now, by its digest`;
    }
  }
  if (observed.desiredCount === 0) yield 'no task is wanted: nothing will run, and nothing be proven';
  if (observed.inProgress !== null) yield `${shortTaskDefinition(primary.taskDefinition)} is superseded`;
  if (owner !== null) yield `${owner} manages ${view.path}, and may deploy something else again`;
}

/** The base with other images, and the commit in their labels: an older one is not theirs. */
function registrationWith({ base, changes, images, commit, isPinned }: DeployQuestion): Registration {
  const containerDefinitions = base.registration.containerDefinitions?.map((container) => {
    const change = changes.find((one) => one.container === container.name);
    if (change === undefined) return container;
    const digest = digestOf(change.to, images);
    const image = isPinned && digest !== null ? pinnedImage(change.to, digest) : change.to;
    const { [revisionLabel]: _of, ...labels } = container.dockerLabels ?? {};
    const dockerLabels = commit === null ? labels : { ...labels, [revisionLabel]: commit.sha };
    const { dockerLabels: _labels, ...others } = container;
    return { ...others, image, ...(Object.keys(dockerLabels).length === 0 ? {} : { dockerLabels }) };
  });
  return { ...base.registration, containerDefinitions };
}
