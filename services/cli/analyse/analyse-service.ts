import { analyseRollout, type RolloutFindings } from '../../../state-machines/analysis/analyse-rollout';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../../state-machines/log/instant';
import type { AnalysisPolicy } from '../../../state-machines/log/measuring/analysis-policy';
import type { AnalysisPlan } from '../../../state-machines/log/measuring/measurement';
import { readPast, wholeMinute } from '../../aws/measurements/cloudwatch-measurements';
import { type PastRollout, readPastRollouts } from '../../aws/measurements/past-rollouts';
import type { OperatorClients } from '../../runtime/operator-clients';
import { askAws } from '../terminal/aws-options';

/** A past rollout, and what its users got. */
export interface AnalysedRollout {
  readonly rollout: PastRollout;
  readonly findings: RolloutFindings;
  /** Until when it was judged. */
  readonly until: Instant;
}

interface AnalysisQuestion {
  readonly service: ServiceArn;
  readonly since: Instant;
  readonly now: Instant;
  readonly policy: AnalysisPolicy;
}

/** A past rollout, and all that is told of it: enough to judge it by any policy. */
export type ToldRollout = Parameters<typeof analyseRollout>[0] & { readonly rollout: PastRollout };

/**
 * The rollouts of a service since an instant, oldest first, with the requests that its load
 * balancer counted. Reads only. Throws CommandError.
 */
export async function* toldRollouts(
  clients: OperatorClients,
  { service, since, now, policy }: AnalysisQuestion,
): AsyncGenerator<ToldRollout> {
  const rollouts = await askAws('the service deployments of ECS', () =>
    readPastRollouts(clients.ecs(), service, since),
  );
  const asked = { cloudWatch: await clients.cloudWatch(), loadBalancing: await clients.loadBalancing() };
  const known = wholeMinute(secondsAfter(now, -policy.lagSeconds));
  for (const rollout of rollouts) {
    const { finishedAt } = rollout;
    const until = finishedAt === null || finishedAt > known ? known : finishedAt;
    const question = { ...rollout, until, policy };
    const past = await askAws('the metrics of CloudWatch', () => readPast(asked, question));
    yield { rollout, ...rollout, ...past, until };
  }
}

/** Judges a past rollout by a policy, as a live one is judged window by window. Pure. */
export function analysed({ rollout, ...told }: ToldRollout, policy: AnalysisPolicy): AnalysedRollout {
  return { rollout, findings: analyseRollout(told, policy), until: told.until };
}

/** An answer that takes longer counts as slow; null where nothing tells what is usual. */
export function slowerThanIn({ metrics }: AnalysisPlan): number | null {
  return metrics.find((metric) => metric.slowerThanSeconds !== undefined)?.slowerThanSeconds ?? null;
}
