import type { RewindEvent } from '../log/events';
import type { Instant } from '../log/instant';
import { defaultPolicy, type Policy } from '../log/policy';
import { type RolloutKey, rolloutKey } from '../log/rollout-id';
import type { Rollout } from '../rollout/rollout';
import { isRollback } from '../rollout/rollout-context';
import { replay } from './replay';

/**
 * What became of a rollout in truth, whatever any policy would have made of it: `unknown` where the
 * history does not tell.
 */
export type RolloutLabel = 'good' | 'bad' | 'unknown';

/**
 * Judges by no threshold and no alarm: under it a rollout fails only because ECS gave it up or
 * somebody took it back, for a day after completion.
 */
const witness: Policy = {
  ...defaultPolicy,
  mode: 'observe',
  failureRule: 'percent',
  failurePercent: 100,
  minimumFailures: Number.MAX_SAFE_INTEGER,
  deadlineSeconds: 30 * 86_400,
  stallSeconds: 30 * 86_400,
  bakeSeconds: 86_400,
  alarms: [],
  onInconclusive: 'pass',
};

interface LabelOptions {
  readonly until: Instant;
  /**
   * A good rollout stood for so long after its completion, until it was replaced or the history
   * ends.
   */
  readonly standsSeconds: number;
}

/**
 * The truth of every rollout that the service's observed events tell of, by its key. Pure. A
 * rollout is *bad* when ECS failed it, or ECS or somebody took it back within a day of its
 * completion; *good* when ECS completed it with a task that ran, none of that happened, and it
 * stood long enough; *unknown* otherwise. A rollback is left out: it is never taken back itself.
 */
export function labelRollouts(
  events: readonly RewindEvent[],
  options: LabelOptions,
): Map<RolloutKey, RolloutLabel> {
  const rollouts = replay(events, { policy: witness, until: options.until });
  const judged = rollouts.filter((rollout) => !isRollback(rollout));
  return new Map(judged.map((rollout) => [rolloutKey(rollout), truthOf(rollout, options)]));
}

function truthOf(rollout: Rollout, { until, standsSeconds }: LabelOptions): RolloutLabel {
  if (rollout.verdict?.result === 'failed') return 'bad';
  const completion = rollout.transitions.find(({ to }) => to === 'baking');
  if (completion === undefined || rollout.evidence.ran === 0) return 'unknown';
  const stoodSeconds = ((rollout.endedAt ?? until) - completion.at) / 1000;
  return stoodSeconds >= standsSeconds ? 'good' : 'unknown';
}
