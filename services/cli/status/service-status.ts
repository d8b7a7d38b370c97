import {
  partsOfService,
  type ServiceArn,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { Freeze } from '../../../state-machines/service/operator/freeze';
import { systemClock } from '../../runtime/clock';
import { type RolloutMark, rolloutStandingOf } from '../session/rollout-standing';
import { readRollouts, readServiceState, type Session, type SessionLog } from '../session/session';

/** Where a service stands, as the log and ECS tell. */
export interface ServiceStatus {
  readonly service: ServiceArn;
  /** Null: no rollout is known. */
  readonly newest: RolloutRecord | null;
  readonly standing: RolloutMark | null;
  /** What Rewind would go back to. */
  readonly stable: TaskDefinitionArn | null;
  /** Null: nothing is frozen. */
  readonly freeze: Freeze | null;
  /** Null where ECS cannot be asked: it is another account's, or the right is missing. */
  readonly desiredCount: number | null;
  readonly runningCount: number | null;
}

/** Reads a service's snapshot, its last rollouts, and what ECS shows. Throws CommandError. */
export async function readServiceStatus(
  session: Session & { readonly log: SessionLog },
  service: ServiceArn,
): Promise<ServiceStatus> {
  const [state, counts] = await Promise.all([
    readServiceState(session.log, service),
    countsOf(session, service),
  ]);
  const [newest = null] = await readRollouts(session.log, { service, state, atMost: 1 });
  const now = systemClock();
  const { freeze = null, proven } = state.memory;
  const running = newest?.taskDefinition;
  const known = [...proven, ...(state.memory.stable === null ? [] : [state.memory.stable])];
  const candidate = known.find(({ taskDefinition }) => taskDefinition !== running);
  const isOver = freeze?.until != null && freeze.until <= now;
  return {
    service,
    newest,
    standing: newest === null ? null : rolloutStandingOf(newest, now),
    stable: candidate?.taskDefinition ?? null,
    freeze: isOver ? null : freeze,
    ...counts,
  };
}

async function countsOf({ clients }: Session, service: ServiceArn) {
  const { describeOwnService } = await import('../../aws/operator/own-service');
  try {
    const described = await describeOwnService(clients.ecs(), partsOfService(service));
    return { desiredCount: described?.desiredCount ?? null, runningCount: described?.runningCount ?? null };
  } catch {
    // The log alone says enough: ECS of another account is nobody's to ask from here.
    return { desiredCount: null, runningCount: null };
  }
}
