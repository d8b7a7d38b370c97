import type { Instant } from '../../log/instant';
import { isRollback } from '../../rollout/rollout-context';
import type { RolloutRecord } from './rollout-record';

/**
 * Until when somebody waits: until it is judged and settled, until ECS calls it complete, or until
 * ECS waits at a gate of it, and where it passes none, until it is complete.
 */
export const waitEnds = ['judged', 'completed', 'gate'] as const;
export type WaitEnd = (typeof waitEnds)[number];

/** What becomes of a rollout for whoever waits for it. */
export type WaitResult =
  | 'passed'
  | 'completed'
  | 'atGate'
  | 'failedAndSafe'
  | 'failedAndNotSafe'
  | 'noVerdict'
  | 'superseded'
  | 'cannotTell';

/** What ECS itself shows of the deployment that is waited for. */
interface EcsView {
  /** COMPLETED, FAILED, IN_PROGRESS; null where ECS shows the deployment no more. */
  readonly rolloutState: string | null;
  /** Since when ECS has been seen at an end of it, and the log has told nothing of it. */
  readonly endedUntoldSince: Instant | null;
}

interface WaitSituation {
  /** Null: the log has not told of the rollout. */
  readonly record: RolloutRecord | null;
  readonly ecs: EcsView;
  readonly until: WaitEnd;
  readonly now: Instant;
}

/** ECS is at an end, and for so long nothing has been told: notifications are lost. */
const untoldSecondsAtMost = 300;

/**
 * How the rollout ended for whoever waits; null while it goes on. It is never a success before the
 * verdict, unless asked: only what Rewind has recorded ends it. Pure.
 */
export function waitResultOf({ record, ecs, until, now }: WaitSituation): WaitResult | null {
  if (record !== null) return resultOf(record, until);
  const since = ecs.endedUntoldSince;
  return since !== null && now - since >= untoldSecondsAtMost * 1000 ? 'cannotTell' : null;
}

function resultOf(record: RolloutRecord, until: WaitEnd): WaitResult | null {
  const { phase, mode, rollback, verdict } = record;
  switch (phase) {
    case 'watching':
      return until === 'gate' && record.progress?.gate != null ? 'atGate' : null;
    case 'baking':
      return until === 'judged' ? null : 'completed';
    case 'rollingBack':
      // Rewind only observes, and nobody has acted: it still runs.
      return mode === 'observe' && rollback?.issuedAt == null && verdict !== null ? 'failedAndNotSafe' : null;
    case 'done':
      return resultOfEnd(record);
    default:
      return phase satisfies never;
  }
}

function resultOfEnd({ outcome, verdict }: RolloutRecord): WaitResult {
  switch (outcome) {
    case 'succeeded':
      return verdict?.result === 'passed' ? 'passed' : 'noVerdict';
    case 'rolledBack':
      return 'failedAndSafe';
    case 'rollbackFailed':
    case 'noSafeTarget':
    case 'notEnforced':
      return 'failedAndNotSafe';
    case 'superseded':
      return 'superseded';
    case 'abandoned':
    case null:
      return 'noVerdict';
    default:
      return outcome satisfies never;
  }
}

/** By ECS alone: it says nothing of what comes after its success. Pure. */
export function ecsOnlyResultOf({ rolloutState }: EcsView): WaitResult | null {
  if (rolloutState === 'COMPLETED') return 'completed';
  if (rolloutState === 'FAILED') return 'failedAndNotSafe';
  return rolloutState === null ? 'superseded' : null;
}

/**
 * The rollout that a deployment id means: the life in which it was deployed, not the one in which
 * ECS went back to it; among those the newest. Null where the log has not told of it. Pure.
 */
export function rolloutOfDeployment(
  records: readonly RolloutRecord[],
  deployment: string,
): RolloutRecord | null {
  const lives = records.filter((record) => record.deployment === deployment);
  return lives.find((record) => !isRollback(record)) ?? lives[0] ?? null;
}

/**
 * What somebody means who names nothing: what the service works towards, and where that is a way
 * back that Rewind or ECS has taken already, what it takes back. Null where the log has not told of
 * that: the pass of a way back is not its pass. Pure.
 */
export function rolloutMeant(records: readonly RolloutRecord[], primary: string): RolloutRecord | null {
  const newest = records.find((record) => record.deployment === primary) ?? null;
  if (newest === null || !isRollback(newest) || newest.act !== null) return newest;
  if (newest.rollbackOf === null) return null;
  const takenBack = records.find(
    ({ deployment, startedAt }) => deployment === newest.rollbackOf && startedAt <= newest.startedAt,
  );
  return takenBack ?? newest;
}
