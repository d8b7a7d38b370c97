import type { TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import { hasMoved, inFull, type ObservedService } from '../../../state-machines/log/observed-service';
import type { WayBack } from '../../../state-machines/log/way-back';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { ServiceState } from '../../../state-machines/service/service-state';
import type { FoundCommit } from '../commits/found-commits';
import { type LookedAtRevision, notLookedAt } from './looked-at-revisions';

/** A revision that a service could go back to, and what is known of it. */
export interface RollbackCandidate {
  readonly wayBack: WayBack;
  /** The last rollout of it here; null where none is known. */
  readonly record: RolloutRecord | null;
  readonly standing: 'proven' | 'failed' | 'ran here' | 'never ran here';
  readonly status: 'ACTIVE' | 'INACTIVE' | 'gone';
  /** A tag of its images points to another image now. */
  readonly hasMoved: boolean;
  readonly commit: FoundCommit | null;
  readonly image: LookedAtRevision['image'];
}

/** What the log knows of revisions of a service, the proven ones first, without what runs. */
export function revisionsKnown(
  state: ServiceState,
  records: readonly RolloutRecord[],
  running: TaskDefinitionArn | null,
): WayBack[] {
  const { proven, stable } = state.memory;
  const recorded = records.flatMap(({ taskDefinition, deployment, serviceRevision, images }) =>
    taskDefinition === null ? [] : [{ taskDefinition, deployment, serviceRevision, images }],
  );
  const all = [...proven, ...(stable === null ? [] : [stable]), ...recorded];
  return all.filter(
    ({ taskDefinition }, index) =>
      taskDefinition !== running &&
      all.findIndex((other) => other.taskDefinition === taskDefinition) === index,
  );
}

/** The revisions with all that the log and ECS tell of each. */
export function rollbackCandidates(
  revisions: readonly WayBack[],
  known: {
    readonly state: ServiceState;
    readonly records: readonly RolloutRecord[];
    readonly observed: ObservedService;
    readonly looked: ReadonlyMap<TaskDefinitionArn, LookedAtRevision>;
  },
): RollbackCandidate[] {
  const { state, records, observed, looked } = known;
  return revisions.map((revision) => {
    const wayBack = inFull(observed, revision);
    const { taskDefinition } = wayBack;
    const { commit, image, hasMoved: isElsewhere } = looked.get(taskDefinition) ?? notLookedAt;
    return {
      wayBack,
      record: records.find((record) => record.taskDefinition === taskDefinition) ?? null,
      standing: standingOfRevision(taskDefinition, state, records),
      status: statusIn(observed, taskDefinition),
      hasMoved: wayBack.images !== null && (isElsewhere || hasMoved(observed, wayBack)),
      commit,
      image,
    };
  });
}

/** What the log says of a revision here. Pure. */
export function standingOfRevision(
  taskDefinition: TaskDefinitionArn,
  { memory }: ServiceState,
  records: readonly RolloutRecord[],
): RollbackCandidate['standing'] {
  const isIt = (other: { readonly taskDefinition: TaskDefinitionArn | null }) =>
    other.taskDefinition === taskDefinition;
  if (memory.failed.some(isIt)) return 'failed';
  if (memory.proven.some(isIt)) return 'proven';
  return records.some(isIt) || memory.seen.some(isIt) ? 'ran here' : 'never ran here';
}

function statusIn(observed: ObservedService, taskDefinition: TaskDefinitionArn): RollbackCandidate['status'] {
  if (observed.active.includes(taskDefinition)) return 'ACTIVE';
  return observed.inactive?.includes(taskDefinition) === true ? 'INACTIVE' : 'gone';
}

/** Why a candidate is not to be chosen without force; null where nothing speaks against it. */
export function objectionTo({ standing, status, image }: RollbackCandidate): string | null {
  if (status === 'gone') return 'its task definition was deleted';
  if (image === 'gone') return 'its image is gone from the registry';
  if (image === 'archived') return 'its image is archived, and no task can pull it';
  return standing === 'failed' ? 'it failed here' : null;
}
