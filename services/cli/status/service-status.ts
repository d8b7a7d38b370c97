import {
  partsOfService,
  type ServiceArn,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { Freeze } from '../../../state-machines/service/operator/freeze';
import type { Stop } from '../../../state-machines/service/operator/operator-traces';
import type { Pause } from '../../../state-machines/service/operator/pause';
import { systemClock } from '../../runtime/clock';
import type { FoundCommit } from '../commits/found-commits';
import type { RolloutCommits } from '../commits/rollout-commits';
import { type FailureLog, failureLogs } from '../session/rollouts/failure-logs';
import { type RolloutMark, rolloutStandingOf } from '../session/rollouts/rollout-standing';
import { readRollouts, readServiceState, type Session, type SessionLog } from '../session/session';

/** Where a service stands, as the log and ECS tell. */
export interface ServiceStatus {
  readonly service: ServiceArn;
  /** The newest first, as many as were asked for. */
  readonly rollouts: readonly RolloutRecord[];
  /** Null: no rollout is known. */
  readonly newest: RolloutRecord | null;
  /** What the newest takes back; null where it is an ordinary rollout. */
  readonly takenBack: RolloutRecord | null;
  readonly standing: RolloutMark | null;
  /** What Rewind would go back to. */
  readonly stable: TaskDefinitionArn | null;
  /** Null: nothing is frozen. */
  readonly freeze: Freeze | null;
  /** Null: nobody holds its judgement open. */
  readonly pause: Pause | null;
  /** Null: nobody has stopped all of Rewind, as far as this service was told. */
  readonly stop: Stop | null;
  /** Null where ECS cannot be asked: it is another account's, or the right is missing. */
  readonly desiredCount: number | null;
  readonly runningCount: number | null;
  /** How far ECS is with what the service works towards; null where it cannot be asked. */
  readonly rolloutState: string | null;
  /** Of the newest; null where nobody tells. */
  readonly commit: FoundCommit | null;
  /** What the tasks wrote last that failed; empty where nobody asked. */
  readonly logs: readonly FailureLog[];
}

/** What is to be shown of a service, beside where it stands. */
interface StatusWish {
  /** Lines of each failed task; none if left out. */
  readonly logs?: number;
  /** Rollouts; the newest two if left out: one, and what it takes back. */
  readonly rollouts?: number;
  /** Finds commits, and keeps those that it has found. */
  readonly commits: RolloutCommits;
}

/** Reads a service's snapshot, its last rollouts, and what ECS shows. Throws CommandError. */
export async function readServiceStatus(
  session: Session & { readonly log: SessionLog },
  service: ServiceArn,
  { logs: lineCount, rollouts: atMost = 2, commits }: StatusWish,
): Promise<ServiceStatus> {
  const [state, counts] = await Promise.all([
    readServiceState(session.log, service),
    countsOf(session, service),
  ]);
  const rollouts = await readRollouts(session.log, { service, state, atMost });
  const [newest = null] = rollouts;
  if (newest !== null) await commits.look([newest]);
  const takenBack =
    newest?.rollbackOf == null
      ? null
      : (rollouts.find(({ deployment }) => deployment === newest.rollbackOf) ?? null);
  const failed = takenBack ?? newest;
  const logs =
    failed === null || lineCount === undefined
      ? []
      : await failureLogs(session.clients, { ...failed, service }, lineCount);
  const now = systemClock();
  const { freeze = null, pause = null, stop = null, proven } = state.memory;
  const running = newest?.taskDefinition;
  const known = [...proven, ...(state.memory.stable === null ? [] : [state.memory.stable])];
  const candidate = known.find(({ taskDefinition }) => taskDefinition !== running);
  const isOver = freeze?.until != null && freeze.until <= now;
  return {
    service,
    rollouts,
    newest,
    commit: newest === null ? null : commits.of(newest),
    takenBack,
    standing: newest === null ? null : rolloutStandingOf(newest, now),
    stable: candidate?.taskDefinition ?? null,
    freeze: isOver ? null : freeze,
    logs,
    pause: pause !== null && pause.until > now && pause.deployment === newest?.deployment ? pause : null,
    stop,
    ...counts,
  };
}

async function countsOf({ clients }: Session, service: ServiceArn) {
  const { describeOwnService } = await import('../../aws/operator/own-service');
  try {
    const described = await describeOwnService(clients.ecs(), partsOfService(service));
    const { desiredCount = null, runningCount = null, deployments = [] } = described ?? {};
    const primary = deployments.find(({ status }) => status === 'PRIMARY');
    return { desiredCount, runningCount, rolloutState: primary?.rolloutState ?? null };
  } catch {
    // The log alone says enough: ECS of another account is nobody's to ask from here.
    return { desiredCount: null, runningCount: null, rolloutState: null };
  }
}
