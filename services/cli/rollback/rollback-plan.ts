import {
  type ServiceArn,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import { inFull, ownCandidate } from '../../../state-machines/log/observed-service';
import { isSameRevision, namedOnly, type WayBack } from '../../../state-machines/log/way-back';
import type { WaitingHooks } from '../../aws/ecs/waiting-hooks';
import { revisionNamed } from '../session/named-revision';
import type { Session, SessionLog } from '../session/session';
import {
  gateIn,
  type LoggedService,
  readLoggedService,
  type ViewedService,
  viewService,
} from '../session/viewed-service';
import { CommandError, exitCode } from '../terminal/exit-code';
import { lookAtRevisions } from './looked-at-revisions';
import {
  objectionTo,
  type RollbackCandidate,
  revisionsKnown,
  rollbackCandidates,
} from './rollback-candidates';

/** A service that somebody wants to go back, and what it could go back to. */
export interface RollbackView extends ViewedService, Pick<LoggedService, 'records'> {
  /** The best first. */
  readonly candidates: readonly RollbackCandidate[];
  /** Where ECS waits for an answer; null where it waits for nobody's. */
  readonly gate: WaitingHooks | null;
}

/** How a service goes back: all that is decided before anybody is asked. */
export interface RollbackPlan {
  readonly view: RollbackView;
  readonly candidate: RollbackCandidate;
  /** The service deployment that is stopped; null where the target is deployed. */
  readonly serviceDeployment: string | null;
  /** Where ECS waits, and is answered with ROLLBACK; null where it waits at none. */
  readonly gate: WaitingHooks | null;
  /** A copy of the target is registered, pinned to the images that ran. */
  readonly byCopy: boolean;
}

export interface RollbackWish {
  readonly to?: string;
  readonly count: number;
  readonly pin: boolean;
  readonly force?: true;
}

/** Looks at a service before it goes back. Throws CommandError where it cannot. */
export async function viewForRollback(
  session: Session & { readonly log: SessionLog },
  service: ServiceArn,
  { to, count }: RollbackWish,
): Promise<RollbackView> {
  const { state, records } = await readLoggedService(session.log, service);
  const known = revisionsKnown(state, records, null);
  const running = records[0]?.taskDefinition ?? null;
  const asked = to === undefined || isWord(to) ? [] : [namedOnly(revisionNamed(to, { service, running }))];
  const isAsked = (other: TaskDefinitionArn) => asked.some(({ taskDefinition }) => taskDefinition === other);
  const others = known.filter(({ taskDefinition }) => !isAsked(taskDefinition)).slice(0, count);
  const wanted = known.filter(({ taskDefinition }) => isAsked(taskDefinition));
  const revisions = [...(wanted.length > 0 ? wanted : asked), ...others];
  const view = await viewService(session, service, {
    candidates: revisions.map(({ taskDefinition }) => taskDefinition),
    revisions: revisions.flatMap(({ serviceRevision }) => serviceRevision ?? []),
  });
  const { observed, primary } = view;
  // What runs may have another image under the same task definition.
  const isElsewhere = ({ taskDefinition, deployment }: WayBack) =>
    taskDefinition !== primary.taskDefinition || (deployment !== null && deployment !== primary.id);
  const elsewhere = revisions.filter(isElsewhere);
  const inDetail = elsewhere.map((revision) => inFull(observed, revision));
  const looked = await lookAtRevisions(session, inDetail, records);
  const candidates = rollbackCandidates(elsewhere, { state, records, observed, looked });
  return { ...view, records, candidates, gate: await gateIn(session, view) };
}

function isWord(to: string): boolean {
  return to === 'stable' || to === 'previous';
}

/** The candidate that the command line names; null where it names none. Throws CommandError. */
export function candidateWished(view: RollbackView, wish: RollbackWish): RollbackCandidate | null {
  const { to, force } = wish;
  if (to === undefined) return null;
  const found = to === 'stable' ? stableOf(view) : to === 'previous' ? previousOf(view) : view.candidates[0];
  const named = to === 'stable' || to === 'previous' ? `a ${to} revision` : to;
  if (found === undefined) {
    throw new CommandError(`${view.path} has no ${named} to go back to; ${otherThan(view)}`, exitCode.data);
  }
  const objection = objectionTo(found);
  if (objection !== null && (found.status === 'gone' || !force)) {
    const short = shortTaskDefinition(found.wayBack.taskDefinition);
    const insist = found.status === 'gone' ? '' : '; --force goes there all the same';
    throw new CommandError(
      `${view.path} should not go back to ${short}: ${objection}; ${otherThan(view)}${insist}`,
      exitCode.data,
    );
  }
  return found;
}

/** The best that is there instead. */
function otherThan(view: RollbackView): string {
  const best = stableOf(view);
  return best === undefined
    ? 'nothing else is proven'
    : `${shortTaskDefinition(best.wayBack.taskDefinition)} is proven`;
}

/** The best that has proved itself. */
export function stableOf({ candidates }: RollbackView): RollbackCandidate | undefined {
  return candidates.find((one) => one.standing === 'proven' && objectionTo(one) === null);
}

/** What ran before what runs, as far as the log tells. */
function previousOf({ candidates, records, primary }: RollbackView): RollbackCandidate | undefined {
  const before = records.find(
    ({ taskDefinition, outcome }) => taskDefinition !== primary.taskDefinition && outcome === 'succeeded',
  );
  return candidates.find(({ wayBack }) => wayBack.taskDefinition === before?.taskDefinition);
}

/**
 * How the service goes back: while ECS works on the deployment and would go there by itself, that
 * is stopped; else the target is deployed, by a copy where its task definition is INACTIVE or its
 * tags have moved. Throws CommandError where no copy is wanted and one is needed.
 */
export function planRollback(
  view: RollbackView,
  candidate: RollbackCandidate,
  { pin }: RollbackWish,
): RollbackPlan {
  const { observed, primary, path } = view;
  const { wayBack, status } = candidate;
  const isGoingBack = observed.inProgress !== null && observed.serviceDeployments[0]?.rollback != null;
  if (isGoingBack) throw new CommandError(`${path} goes back already: ECS is at it`, exitCode.data);
  const own = ownCandidate(observed);
  const mayStop = primary.rolloutState === 'IN_PROGRESS' && observed.inProgress?.isOlder !== true;
  if (mayStop && observed.inProgress !== null && own !== null && isSameRevision(own, wayBack)) {
    return { view, candidate, serviceDeployment: observed.inProgress.arn, gate: view.gate, byCopy: false };
  }
  if (status === 'INACTIVE' && !pin) {
    const short = shortTaskDefinition(wayBack.taskDefinition);
    throw new CommandError(
      `${short} is INACTIVE: ECS deploys only a copy of it, which --no-pin forbids; ${otherThan(view)}`,
      exitCode.data,
    );
  }
  return {
    view,
    candidate,
    serviceDeployment: null,
    gate: null,
    byCopy: status === 'INACTIVE' || (candidate.hasMoved && pin),
  };
}
