import { type Instant, secondsAfter } from '../../log/instant';
import { hostToBlame } from '../evidence';
import type { ContextChange, RolloutContext } from '../rollout-context';
import { type Exposure, exposedUntil } from './exposure';
import type { SuspicionHold } from './suspicion';
import { isEnough, weigh } from './weigh';

const holdSeconds = 900;

/**
 * The suspicion after a signal. Only another failure raises one: what starts well, and time, speak
 * for the release. While it is held, every signal may end it or let it pass.
 */
export function suspicionAfter(context: RolloutContext, before: Exposure, at: Instant): ContextChange {
  const { policy, suspicion, exposure, evidence, past } = context;
  if (policy.failureRule !== 'evidence') return {};
  if (suspicion === null && lossesIn(exposure) <= lossesIn(before)) return {};
  const exposed = { ...context, exposure: exposedUntil(exposure, { at, running: evidence.running, past }) };
  const weighed = weigh(exposed);
  if (!isEnough(weighed, policy)) return { suspicion: null };
  const since = suspicion?.since ?? at;
  return { suspicion: { since, weighed, hold: holdOn(context, since, at) } };
}

function lossesIn({ failedStarts, losses }: Exposure): number {
  return failedStarts + losses;
}

function holdOn({ evidence, tasks }: RolloutContext, since: Instant, at: Instant): SuspicionHold | null {
  const until = secondsAfter(since, holdSeconds);
  if (at >= until) return null;
  return hostToBlame(evidence, tasks) === null ? null : { reason: 'host', until };
}
