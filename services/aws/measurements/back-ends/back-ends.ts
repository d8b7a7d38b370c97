import type { VersionReading } from '../../../../state-machines/analysis/window-readings';
import type { ServiceArn } from '../../../../state-machines/log/identifiers';
import type { ProvidedMetric } from '../../../../state-machines/log/measuring/analysis-policy';
import { type ProviderName, providerNameOf } from '../../../../state-machines/log/measuring/metric-provider';
import type { BackEndQuestion, MetricBackEnd } from './back-end';

/** What a service's metrics of providers are read with; each is made when it is first asked for. */
export type BackEnds = (service: ServiceArn, provider: ProviderName) => Promise<MetricBackEnd>;

/** What came of a question: readings, or why there are none. */
type ReadAnswer = { readonly told: readonly VersionReading[] } | { readonly because: string };

/** Asks the back-end of a metric. Never throws: what cannot be read is said. */
export async function askBackEnd(backEnds: BackEnds, question: BackEndQuestion): Promise<ReadAnswer> {
  try {
    const backEnd = await backEnds(question.service, providerNameOf(question.metric.provider));
    return { told: await backEnd.read(question) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { because: `${name}: ${message}`.slice(0, textAtMost) };
  }
}

/** A window stays within a write unit, whatever a back-end says. */
const textAtMost = 120;

const day = 86_400;
const hour = 3600;

/**
 * How much of its past a back-end is asked for: those that tell a day in one answer and for next to
 * nothing that day, logs, of which each query reads the lines, an hour, and others none.
 */
export function pastSecondsOf({ provider }: ProvidedMetric): number {
  if (provider.cloudWatch !== undefined || provider.prometheus !== undefined) return day;
  return provider.logs === undefined ? 0 : hour;
}
