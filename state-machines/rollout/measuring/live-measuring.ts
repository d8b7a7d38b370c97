import type { RolloutAnalysis } from '../../analysis/judge-metrics';
import { analysisAtStart, analysisSoFar, withMeasurement } from '../../analysis/live-analysis';
import { windowEnds } from '../../analysis/window-readings';
import type { DecidedEvent } from '../../log/decided-events';
import { type Instant, secondsAfter } from '../../log/instant';
import type { AnalysisPolicy } from '../../log/measuring/analysis-policy';
import { isMeasurable, windowSeconds } from '../../log/measuring/measurement';
import type { LiveRollout } from '../live-rollout';
import type { Rollout } from '../rollout';
import { changedContext, isRollback } from '../rollout-context';

/**
 * What the measurements of a rollout say so far, by the policy that was recorded with it; null
 * where nothing is measured, or not yet. Pure.
 */
export function measuredAnalysis({
  analysis,
  policy,
}: Pick<Rollout, 'analysis' | 'policy'>): RolloutAnalysis | null {
  return analysis === null || policy.analysis === null ? null : analysisSoFar(analysis, policy.analysis);
}

/** A rollout with what a plan or a window tells of it, in whatever phase it is. Pure. */
export function afterMeasuring(live: LiveRollout, event: DecidedEvent): LiveRollout {
  const { context } = live;
  const policy = context.policy.analysis;
  if (policy === null) return live;
  if (event.type === 'AnalysisPlanned') {
    // A plan holds for the whole rollout: a second one is none.
    const analysis = context.analysis ?? analysisAtStart(event.plan, policy);
    return { ...live, context: changedContext(context, { analysis }) };
  }
  if (event.type !== 'MeasurementTaken' || context.analysis === null) return live;
  const analysis = withMeasurement(context.analysis, policy, event);
  return { ...live, context: changedContext(context, { analysis }) };
}

/**
 * Whether a rollout's users are measured: a way back is not, and neither is what Rewind has not
 * seen ECS work on.
 */
function isMeasured({ phase, context, recorded }: LiveRollout): boolean {
  const { policy, analysis } = context;
  if (policy.analysis === null || isRollback(context)) return false;
  if (!recorded.opened || recorded.isOpenedUnseen === true) return false;
  if (analysis !== null && !isMeasurable(analysis.plan)) return false;
  return phase !== 'done' || isMeasuredToEnd({ phase, context, recorded });
}

/** What its users got until the old version was back is part of what a rollout did. Pure. */
export function isMeasuredToEnd({ phase, context, recorded }: LiveRollout): boolean {
  const isTakenBack = phase === 'done' && context.outcome === 'rolledBack';
  return isTakenBack && context.analysis !== null && !recorded.concluded;
}

/** When the back-end tells whole counts of a window. */
export function toldAt(until: Instant, { lagSeconds }: AnalysisPolicy): Instant {
  return secondsAfter(until, lagSeconds);
}

/** The ends of the windows that are whole by an instant, and not measured yet. Pure. */
export function windowsDue(live: LiveRollout, now: Instant): readonly Instant[] {
  const { policy, startedAt, analysis, endedAt } = live.context;
  if (policy.analysis === null || !isMeasured(live)) return [];
  const wholeUntil = secondsAfter(now, -policy.analysis.lagSeconds);
  const lastUntil = live.phase === 'done' && endedAt !== null ? secondsAfter(endedAt, windowSeconds) : null;
  const until = lastUntil === null || lastUntil > wholeUntil ? wholeUntil : lastUntil;
  return windowEnds(startedAt, analysis?.measuredUntil ?? null, until);
}

/** When the next window will be whole; null where none is measured any more. Pure. */
export function nextWindowToldAt(live: LiveRollout, now: Instant): Instant | null {
  const { policy, startedAt, analysis, endedAt } = live.context;
  if (policy.analysis === null || !isMeasured(live)) return null;
  const measuredUntil = analysis?.measuredUntil ?? null;
  const [next] = windowEnds(
    startedAt,
    measuredUntil,
    secondsAfter(measuredUntil ?? startedAt, windowSeconds),
  );
  if (next === undefined) return null;
  const isOver = live.phase === 'done' && endedAt !== null && next > secondsAfter(endedAt, windowSeconds);
  if (isOver) return null;
  const at = toldAt(next, policy.analysis);
  // What the back-end did not tell is asked again with the next window.
  return at > now ? at : secondsAfter(now, windowSeconds);
}
