import { planWithoutMetrics } from '../../analysis/plan-analysis';
import { unreadableReading } from '../../analysis/window-readings';
import type { AnalysisPlanned, MeasurementTaken } from '../../log/decided-events';
import type { EventId } from '../../log/identifiers';
import { formatInstant, type Instant, secondsAfter } from '../../log/instant';
import type { AnalysisPolicy } from '../../log/measuring/analysis-policy';
import type { AnalysisPlan, Measurement } from '../../log/measuring/measurement';
import { isSameRollout, type LiveRollout } from '../../rollout/live-rollout';
import { nextWindowToldAt, toldAt, windowsDue } from '../../rollout/measuring/live-measuring';
import { elapsedBy } from '../../service/deadlines';
import { type Decision, recordThat, type Wait } from '../decision';
import { decisionFact } from '../decision-events';
import type { Answer, Silence, Situation } from '../situation';

/**
 * What users got is measured before anything else ends: a window is recorded once its back-end
 * tells whole counts, by whoever looks first. Null where no window is due, or nothing answers.
 */
export function decideMeasurement(situation: Situation, live: LiveRollout): Decision | null {
  const { state, now } = situation;
  const { analysis, policy } = live.context;
  if (policy.analysis === null) return null;
  const ends = elapsedBy(state, now).find((event) => isSameRollout(live, event))?.occurredAt ?? now;
  const windows = windowsDue(live, ends);
  const [until] = windows;
  if (until === undefined) return null;
  if (analysis === null) return decidePlan(situation, live, { until, policy: policy.analysis });
  return decideWindow(situation, live, { plan: analysis.plan, policy: policy.analysis, windows });
}

/** What a rollout waits for is measured meanwhile, window by window. */
export function measuringMeanwhile(situation: Situation, live: LiveRollout, wait: Wait): Decision {
  const measuring = decideMeasurement(situation, live);
  if (measuring !== null) return measuring;
  const toldNextAt = nextWindowToldAt(live, situation.now);
  const isSooner = toldNextAt !== null && (wait.until === null || toldNextAt < wait.until);
  return isSooner ? { ...wait, until: toldNextAt } : wait;
}

/** What users got until the old version was back is known a little later than that it is back. */
export function waitForDamage({ now }: Situation, live: LiveRollout): Wait | null {
  const until = nextWindowToldAt(live, now);
  return until === null ? null : { action: 'wait', until, because: 'the last minutes are not told yet' };
}

function decidePlan(
  { state, seen }: Situation,
  live: LiveRollout,
  { until, policy }: { readonly until: Instant; readonly policy: AnalysisPolicy },
): Decision | null {
  const { deployment, startedAt, serviceRevision } = live.context;
  if (seen.plan === null || !isSameRollout(live, seen.plan.question)) {
    const question = { deployment, startedAt, serviceRevision, policy };
    return { action: 'look', at: 'plan', question };
  }
  const { answer } = seen.plan;
  // Asking again may help, and nothing has to wait for it.
  if (answer.kind === 'unreachable') return null;
  const plan = answer.kind === 'shown' ? answer.shown : planWithoutMetrics('unreadable', silenceText(answer));
  const cause = { eventId: `AnalysisPlanned~${deployment}` as EventId, at: toldAt(until, policy) };
  const event: AnalysisPlanned = { ...decisionFact(state, live, { type: 'AnalysisPlanned', cause }), plan };
  return recordThat(event, plan.message);
}

function decideWindow(
  { state, seen, now }: Situation,
  live: LiveRollout,
  due: {
    readonly plan: AnalysisPlan;
    readonly policy: AnalysisPolicy;
    readonly windows: readonly Instant[];
  },
): Decision | null {
  const { deployment, startedAt } = live.context;
  const [until] = due.windows;
  if (until === undefined) return null;
  const { measurements } = seen;
  const isAsked = measurements !== null && isSameRollout(live, measurements.question);
  if (!isAsked || !measurements.question.windows.includes(until)) {
    const windows = due.windows.slice(0, windowsAtOnce);
    return { action: 'look', at: 'measurements', question: { deployment, startedAt, ...due, windows } };
  }
  const { answer } = measurements;
  if (!measurements.isRecorded && isAskedAgain(answer, { until, now, policy: due.policy })) return null;
  const measurement = answer.kind === 'shown' ? answer.shown.find((one) => one.until === until) : undefined;
  const because = answer.kind === 'shown' ? 'the back-end says nothing of it' : silenceText(answer);
  const minute = formatInstant(until).slice(0, 16);
  const eventId = `MeasurementTaken~${deployment}~${minute}` as EventId;
  const cause = { eventId, at: toldAt(until, due.policy) };
  const event: MeasurementTaken = {
    ...decisionFact(state, live, { type: 'MeasurementTaken', cause }),
    ...(measurement ?? unreadable(until, { policy: due.policy, because })),
  };
  return recordThat(event, `measured the minute until ${minute}`);
}

/** Some back-ends are asked for each window by itself. */
const windowsAtOnce = 30;

/**
 * A window that is not whole is asked for again with the next ones, for as long as a back-end
 * takes at most to tell whole counts; and not where AWS refuses, and will refuse again.
 */
function isAskedAgain(
  answer: Answer<readonly Measurement[]>,
  { until, now, policy }: { readonly until: Instant; readonly now: Instant; readonly policy: AnalysisPolicy },
): boolean {
  if (now >= secondsAfter(toldAt(until, policy), policy.lagSeconds)) return false;
  if (answer.kind !== 'shown') return answer.kind === 'unreachable';
  const readings = answer.shown.find((one) => one.until === until)?.readings ?? [];
  return readings.some(({ state }) => state === 'partial' || state === 'unreadable');
}

function unreadable(
  until: Instant,
  { policy, because }: { readonly policy: AnalysisPolicy; readonly because: string },
): Measurement {
  return { until, readings: policy.metrics.map(({ name }) => unreadableReading(name, because)) };
}

function silenceText({ reason, message }: Silence): string {
  return `${reason}: ${message}`.slice(0, textAtMost);
}

/** A window stays within a write unit, whatever the back-end says. */
const textAtMost = 120;
