import type { TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { Commit } from '../../../state-machines/log/operator/operator-act';
import { type DescribedRevision, describeRevision, isUnknownRevision } from '../../aws/ecs/registration';
import { revisionInLabels } from '../../aws/registry/image-labels';
import { lookAtImages, type RegistryAnswer } from '../../aws/registry/looked-at-images';
import { systemClock } from '../../runtime/clock';
import { commitInLabels, commitInRegistry, type FoundCommit } from '../commits/found-commits';
import { localCommits } from '../commits/local-git';
import { commitInTagOf, commitOfPipeline, commitToldBy, type ToldCommit } from '../commits/told-commit';
import { revisionNamed } from '../session/named-revision';
import type { Session } from '../session/session';
import { askAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';
import type { DeployingOptions, DeployOptions } from './deploy-options';
import type { DeployQuestion } from './deploy-plan';
import type { DeployView } from './deploy-view';
import { type ImageChange, imageChanges } from './image-changes';

/** Looks at all that a deployment of something new depends on. Throws CommandError. */
export async function questionOf(
  session: Session,
  view: DeployView,
  options: DeployOptions,
): Promise<DeployQuestion> {
  const { taskDefinition: named } = options;
  const running = view.primary.taskDefinition;
  const base = await describedBase(
    session,
    view,
    named === undefined ? baseOf(view, options) : revisionNamed(named, { service: view.service, running }),
  );
  if (named !== undefined && !base.isActive) {
    const sentence = `${named} is INACTIVE: "rewind retry" and "rewind rollback" deploy copies of such revisions`;
    throw new CommandError(sentence, exitCode.data);
  }
  const changes = named === undefined ? imageChanges(options, base.registration) : [];
  const names = changes.map(({ to }) => to);
  const registryIn = (region: string) => session.clients.registry(region);
  const images = await lookAtImages(registryIn, names);
  const labelOf = (image: string) => revisionInLabels(registryIn, image);
  const commit = await commitOf(options, { base, changes, images, labelOf });
  const isPinned = options.pin === true;
  return { view, base, changes, images, commit, isPinned, ...wishOf(options), isRetry: false };
}

/** What is deployed again as it is. Throws CommandError. */
export async function questionOfRetry(
  session: Session,
  view: DeployView,
  {
    taskDefinition,
    options,
  }: { readonly taskDefinition: TaskDefinitionArn; readonly options: DeployingOptions },
): Promise<DeployQuestion> {
  const base = await describedBase(session, view, taskDefinition);
  const record = view.records.find((one) => one.taskDefinition === taskDefinition && one.act?.commit);
  const recorded = record?.act?.commit;
  const told = commitToldBy(base.registration);
  const commit: FoundCommit | null =
    recorded === undefined ? told && (await withSubject(told, undefined)) : { ...recorded, from: 'log' };
  const nothing = { changes: [], images: new Map<string, RegistryAnswer>(), isPinned: false };
  return { view, base, commit, ...nothing, ...wishOf(options), isRetry: true };
}

function wishOf({ supersede }: DeployingOptions) {
  return { supersedes: supersede === true, now: systemClock() };
}

function baseOf({ path, primary, state }: DeployView, { base }: DeployOptions): TaskDefinitionArn {
  if (base === 'running') return primary.taskDefinition;
  const [proven] = state.memory.proven;
  if (proven !== undefined) return proven.taskDefinition;
  throw new CommandError(`${path} has no revision that has proved itself: say --base running`, exitCode.data);
}

async function describedBase(
  { clients }: Session,
  { path }: DeployView,
  taskDefinition: TaskDefinitionArn,
): Promise<DescribedRevision> {
  const client = clients.ecs();
  const described = await askAws(path, async () => {
    try {
      return await describeRevision(client, taskDefinition);
    } catch (error) {
      if (isUnknownRevision(error)) return null;
      throw error;
    }
  });
  if (described !== null) return described;
  throw new CommandError(`${path}: ECS knows no task definition ${taskDefinition}`, exitCode.data);
}

interface ImagesToDeploy {
  readonly base: DescribedRevision;
  readonly changes: readonly ImageChange[];
  readonly images: ReadonlyMap<string, RegistryAnswer>;
  readonly labelOf: (image: string) => Promise<string | null>;
}

/** What is said comes first; what the image says counts more than what the pipeline works on. */
async function commitOf(
  { commit, subject }: DeployOptions,
  { base, changes, images, labelOf }: ImagesToDeploy,
): Promise<FoundCommit | null> {
  const names = changes.map(({ to }) => to);
  const answered = names.map((name) => ({ name, answer: images.get(name) ?? ('unknown' as const) }));
  const candidates = [
    commit === undefined ? null : ({ sha: commit, from: 'option' } as const),
    changes.length === 0 ? commitToldBy(base.registration) : null,
    ...names.map(commitInTagOf),
    ...answered.map(({ answer }) => commitInRegistry(answer)),
  ];
  const told =
    candidates.find((candidate) => candidate !== null) ??
    (await commitInLabels(answered, labelOf)) ??
    (changes.length === 0 ? null : commitOfPipeline(process.env));
  return told === null ? null : withSubject(told, subject);
}

async function withSubject(told: ToldCommit, subject: string | undefined): Promise<FoundCommit> {
  const local = (await localCommits([told.sha], process.cwd())).get(told.sha);
  const found: Commit = local ?? { sha: told.sha, subject: null };
  return { ...found, from: told.from, ...(subject === undefined ? {} : { subject }) };
}
