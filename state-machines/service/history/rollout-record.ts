import type { Outcome, Verdict } from '../../log/decided-events';
import type { DeploymentId, TaskDefinitionArn } from '../../log/identifiers';
import type { Instant } from '../../log/instant';
import type { OperatorAct } from '../../log/operator/operator-act';
import type { Policy } from '../../log/policy';
import type { RolloutId } from '../../log/rollout-id';
import type { Images } from '../../log/way-back';
import type { FirstFailure } from '../../rollout/first-failures';
import { isSameRollout, type LiveRollout } from '../../rollout/live-rollout';
import { usersSentences } from '../../rollout/measuring/damage';
import { lostTraffic } from '../../rollout/measuring/lost-traffic';
import type { Phase, Rollback } from '../../rollout/rollout';
import { backFromUntold } from '../../rollout/rollout-context';
import { rolloutProgressOf } from '../../rollout/traffic/rollout-progress';
import type { RolloutProgress } from '../../rollout/traffic/traffic';
import { actBehind, deployerOf } from '../operator/operator-traces';
import type { ServiceState } from '../service-state';

/**
 * A rollout in short: what a history lists, and what tells whoever waits how it ended. One is kept
 * of each that is concluded, so that no history has to be folded again. Plain JSON.
 */
export interface RolloutRecord extends RolloutId {
  readonly taskDefinition: TaskDefinitionArn | null;
  readonly serviceRevision: string | null;
  readonly images: Images | null;
  readonly phase: Phase;
  /** How far ECS is with it while it is watched; absent where ECS has shown no stage. */
  readonly progress?: RolloutProgress;
  readonly outcome: Outcome | null;
  readonly endedAt: Instant | null;
  /** Where its phase ends by time alone; null if it has no such end. */
  readonly dueAt: Instant | null;
  readonly mode: Policy['mode'];
  readonly verdict: Pick<Verdict, 'result' | 'reason' | 'message' | 'at'> | null;
  readonly rollback: Rollback | null;
  /** The deployment that this rollout takes back; null where it takes none back, or nobody told. */
  readonly rollbackOf: DeploymentId | null;
  /** Nobody told of what it takes back, but ECS goes back; absent: not so, or it is older. */
  readonly isGoingBack?: true;
  readonly hasFailedBefore: boolean;
  readonly tasks: { readonly started: number; readonly running: number; readonly failed: number };
  readonly firstFailures: readonly FirstFailure[];
  /** What its users got, in sentences; absent where nothing was measured. */
  readonly users?: readonly string[];
  /** Who called ECS, as `deployerOf` tells. */
  readonly by: string | null;
  /** What somebody did through `rewind` to bring it; null for what came another way. */
  readonly act: OperatorAct | null;
}

/** The record of a rollout that the state holds; null for another. Pure. */
export function rolloutRecordOf(state: ServiceState, rollout: RolloutId): RolloutRecord | null {
  const live = state.rollouts.find((other) => isSameRollout(other, rollout));
  return live === undefined ? null : recordOf(state, live);
}

/** The records of all rollouts that the state holds, the newest first. Pure. */
export function rolloutRecordsIn(state: ServiceState): RolloutRecord[] {
  return state.rollouts.map((live) => recordOf(state, live)).reverse();
}

function recordOf({ memory }: ServiceState, { phase, context }: LiveRollout): RolloutRecord {
  const { deployment, startedAt, taskDefinition, serviceRevision, images, outcome, endedAt, dueAt } = context;
  const { policy, verdict, rollback, rollbackOf, hasFailedBefore, evidence } = context;
  const lost = lostTraffic(context);
  const users = [...usersSentences(context), ...(lost === null ? [] : [lost])];
  const progress = phase === 'watching' ? rolloutProgressOf(context) : null;
  return {
    ...{ deployment, startedAt, taskDefinition, serviceRevision, images, phase, outcome, endedAt, dueAt },
    ...(progress === null ? {} : { progress }),
    mode: policy.mode,
    verdict: verdict === null ? null : inShort(verdict),
    rollback,
    rollbackOf,
    ...backFromUntold(context),
    hasFailedBefore,
    tasks: { started: evidence.started, running: evidence.running, failed: evidence.failed },
    firstFailures: evidence.firstFailures,
    ...(users.length === 0 ? {} : { users }),
    by: deployerOf(memory, context),
    act: actBehind(memory, { deployment, taskDefinition, startedAt }),
  };
}

function inShort({ result, reason, message, at }: Verdict): RolloutRecord['verdict'] {
  return { result, reason, message, at };
}
