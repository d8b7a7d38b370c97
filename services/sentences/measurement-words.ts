import { lonelyTexts } from '../../state-machines/analysis/plan-analysis';
import { formatInstant } from '../../state-machines/log/instant';
import type {
  AnalysisPlan,
  ArmCounts,
  Measurement,
  MetricReading,
} from '../../state-machines/log/measuring/measurement';

/** What is measured of a rollout, and what can be learnt. */
export function planSentence({ arms: { candidate, lonely }, message, metrics }: AnalysisPlan): string {
  if (candidate === null) return message;
  const compared = lonely === null ? 'both versions are compared, minute by minute' : lonelyTexts[lonely];
  const names = metrics.map(({ metric }) => metric).join(', ');
  return `${compared} (${names}); ${message}`;
}

/** The same, with what each version is asked for. */
export function fullPlanSentence(plan: AnalysisPlan): string {
  const { metrics, versions } = plan;
  const asked = metrics.map(({ metric, query }) => `${metric} by ${query}`).join('; ');
  const names = [versions?.candidate, versions?.baseline].flatMap((one) => one?.taskDefinition ?? []);
  const of = names.length === 0 ? '' : ` of ${names.join(' and ')}`;
  return asked === '' ? planSentence(plan) : `${planSentence(plan)}; asked${of}: ${asked}`;
}

/** What one window showed. */
export function measurementSentence({ until, readings }: Measurement): string {
  return `measured the minute until ${formatInstant(until).slice(11, 16)}: ${readings.map(readingText).join('; ')}`;
}

function readingText({ metric, state, candidate, baseline, because }: MetricReading): string {
  if (state !== 'measured') return `${metric} ${state}${because === undefined ? '' : ` (${because})`}`;
  const other = baseline === null ? '' : ` against ${countsText(baseline)}`;
  return `${metric} ${countsText(candidate)}${other}`;
}

function countsText(counts: ArmCounts | null): string {
  if (counts === null) return 'unknown';
  return `${Math.round(counts.events)} of ${Math.round(counts.requests)}`;
}
