import {
  parseTaskDefinitionArn,
  partsOfService,
  type ServiceArn,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import { namedOnly, type WayBack } from '../../../state-machines/log/way-back';
import type { ComparableRevision } from '../../aws/operator/comparable-revision';
import { revisionNamed } from '../session/named-revision';
import { readRollouts, readServiceState, type Session } from '../session/session';
import { askAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';

/** A revision that is compared, and what people called it. */
interface ComparedRevision extends ComparableRevision {
  readonly arn: TaskDefinitionArn;
}

export interface ComparedRevisions {
  readonly service: ServiceArn;
  readonly from: ComparedRevision;
  readonly to: ComparedRevision;
  /** What else is to be known of the comparison. */
  readonly notes: readonly string[];
}

interface AskedRevisions {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Finds and describes both. Throws CommandError where one is not there. */
export async function comparedRevisions(
  session: Session,
  service: ServiceArn,
  { from = 'stable', to = 'running' }: AskedRevisions,
): Promise<ComparedRevisions> {
  const { path } = partsOfService(service);
  const running = await runningRevision(session, service);
  const known = await knownRevisions(session, service);
  const family = running.replace(/:\d+$/, '').replace(/^.*\//, '');
  const describe = async (name: string): Promise<ComparedRevision> => {
    const { comparableRevision } = await import('../../aws/operator/comparable-revision');
    const { taskDefinition, serviceRevision } = named(name, { service, running, known, family });
    const described = await askAws(path, () =>
      comparableRevision(session.clients.ecs(), service, { taskDefinition, serviceRevision }),
    );
    const arn = described?.taskDefinition.taskDefinitionArn;
    if (described != null && arn !== undefined) return { ...described, arn: parseTaskDefinitionArn(arn) };
    throw new CommandError(`there is no task definition ${taskDefinition}`, exitCode.data);
  };
  const both = { from: await describe(from), to: await describe(to) };
  const registered = to === 'running' ? await describe('registered') : null;
  return { service, ...both, notes: notesOn(both, { path, registered }) };
}

async function runningRevision({ clients }: Session, service: ServiceArn): Promise<TaskDefinitionArn> {
  const { describeOwnService } = await import('../../aws/operator/own-service');
  const parts = partsOfService(service);
  const described = await askAws(parts.path, () => describeOwnService(clients.ecs(), parts));
  if (described?.taskDefinition !== undefined) return parseTaskDefinitionArn(described.taskDefinition);
  throw new CommandError(`${parts.path} is no active service of this account and region`, exitCode.noInput);
}

const recordsRead = 50;

/** What the log tells of revisions, the proven ones first; nothing where there is no log. */
async function knownRevisions({ log }: Session, service: ServiceArn): Promise<KnownRevisions> {
  if (log === null) return { proven: [], all: [] };
  const state = await readServiceState(log, service);
  const records = await readRollouts(log, { service, state, atMost: recordsRead });
  const { proven, stable } = state.memory;
  const all = [...proven, ...(stable === null ? [] : [stable])];
  const recorded = records.flatMap(({ taskDefinition, deployment, serviceRevision, images }) =>
    taskDefinition === null ? [] : [{ taskDefinition, deployment, serviceRevision, images }],
  );
  return { proven: all, all: [...all, ...recorded] };
}

interface KnownRevisions {
  readonly proven: readonly WayBack[];
  readonly all: readonly WayBack[];
}

interface Names {
  readonly service: ServiceArn;
  readonly running: TaskDefinitionArn;
  readonly known: KnownRevisions;
  readonly family: string;
}

function named(
  name: string,
  { service, running, known, family }: Names,
): { readonly taskDefinition: string; readonly serviceRevision: string | null } {
  if (name === 'registered') return { taskDefinition: family, serviceRevision: null };
  if (name === 'stable') {
    const stable = known.proven.find(({ taskDefinition }) => taskDefinition !== running);
    if (stable !== undefined) return stable;
    const sentence = `no other revision of ${partsOfService(service).path} is proven: name the two to compare`;
    throw new CommandError(sentence, exitCode.data);
  }
  const arn = name === 'running' ? running : revisionNamed(name, { service, running });
  return known.all.find(({ taskDefinition }) => taskDefinition === arn) ?? namedOnly(arn);
}

function notesOn(
  { from, to }: Pick<ComparedRevisions, 'from' | 'to'>,
  { path, registered }: { readonly path: string; readonly registered: ComparedRevision | null },
): string[] {
  const unknown = [from, to].filter(({ serviceRevision }) => serviceRevision === null);
  const names = unknown.map(({ arn }) => shortTaskDefinition(arn)).join(' and ');
  return [
    ...(unknown.length === 0
      ? []
      : [`of ${names} ECS knows the task definition alone: network and load balancers are not compared`]),
    ...(registered === null || registered.arn === to.arn
      ? []
      : [
          `${shortTaskDefinition(registered.arn)} is registered, and does not run: rewind diff ${path} running registered`,
        ]),
  ];
}
