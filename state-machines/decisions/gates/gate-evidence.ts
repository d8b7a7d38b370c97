import type { LiveRollout } from '../../rollout/live-rollout';
import { openMetrics } from '../../rollout/measuring/open-metrics';
import { testEvidenceAt } from '../testing/test-standing';

/** What a gate is answered by, a sentence each. */
interface GateEvidence {
  /** What was judged, and how. */
  readonly judgements: readonly string[];
  /** What has to be known before the rollout may go on; empty: nothing is missing. */
  readonly missing: readonly string[];
}

/**
 * What is known at a stage for and against letting the rollout go on: its tasks, its tests, and
 * once users have met it, the metrics of the policy. What failed has a verdict already. Pure.
 */
export function evidenceFor(live: LiveRollout, stage: string): GateEvidence {
  const { context } = live;
  const { evidence, suspicion, traffic, policy } = context;
  const { started, running, failed } = evidence;
  const tasks = `tasks: ${running} of ${started} started ones run, ${failed} failed`;
  const isMet = policy.analysis !== null && (traffic?.production ?? 0) > 0;
  const open = isMet ? openMetrics(context).map(({ message }) => message) : [];
  const metrics = isMet && open.length === 0 ? ['its metrics are accepted, or none is told'] : [];
  const tests = testEvidenceAt(live, stage);
  const postponed = suspicion === null ? [] : [postponementOf(suspicion.postponement?.reason ?? null)];
  return {
    judgements: [tasks, ...metrics, ...tests.judgements],
    missing: [...postponed, ...tests.missing, ...open],
  };
}

function postponementOf(reason: string | null): string {
  return `tasks have failed, and ${reason === null ? 'that is being judged' : `the verdict waits: ${reason}`}`;
}
