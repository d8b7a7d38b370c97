import { describeJudgement } from '../../analysis/describe-judgement';
import type { Instant } from '../../log/instant';
import { formatInstant } from '../../log/instant';
import { type ArmCounts, isMeasurable } from '../../log/measuring/measurement';
import type { Rollout } from '../rollout';
import { measuredAnalysis } from './live-measuring';

/** What is known of a rollout's users. */
type UserFacts = Pick<Rollout, 'analysis' | 'policy' | 'verdict'>;

/** What a version did to its users, by one metric. */
interface Damage {
  readonly metric: string;
  /** All that it answered until then, and of it what counts against it. */
  readonly served: ArmCounts;
  readonly until: Instant;
}

/** What users got of a version that failed, metric by metric; empty where nothing was measured. */
function damageOf({ analysis, policy, verdict }: UserFacts): Damage[] {
  const until = analysis?.measuredUntil ?? null;
  if (analysis === null || until === null || verdict?.result !== 'failed') return [];
  return analysis.metrics.flatMap(({ served }, index) => {
    const metric = policy.analysis?.metrics[index]?.name;
    return metric === undefined || served.requests === 0 ? [] : [{ metric, served, until }];
  });
}

/** The same in a sentence; null where nothing was measured. */
export function damageSentence(context: UserFacts): string | null {
  const [first, ...others] = damageOf(context);
  if (first === undefined) return null;
  const counts = [first, ...others].map(({ metric, served }) => `${metric} ${Math.round(served.events)}`);
  const { requests } = first.served;
  const at = formatInstant(first.until).slice(11, 16);
  return `of ${Math.round(requests)} answers of the new version until ${at}: ${counts.join(', ')}`;
}

/**
 * What a rollout's users got, a sentence for each metric, then what could not be measured and what
 * it cost; empty where nothing is measured. Pure.
 */
export function usersSentences(rollout: UserFacts): string[] {
  const { analysis, policy } = rollout;
  if (analysis === null || policy.analysis === null) return [];
  if (!isMeasurable(analysis.plan)) return [analysis.plan.message];
  const misses = policy.analysis.missRatePercent / 100;
  const judged = measuredAnalysis(rollout)?.metrics ?? [];
  const damage = damageSentence(rollout);
  return [...judged.map((one) => describeJudgement(one, misses)), ...(damage === null ? [] : [damage])];
}
