import type { SuspicionLifted, VerdictPostponed } from '../log/decided-events';
import type { LiveRollout } from '../rollout/live-rollout';
import type { ServiceState } from '../service/service-state';
import { type RecordDecision, recordThat } from './decision';
import { decisionFact } from './decision-events';

/**
 * People are told when a verdict is postponed because something else than the release may be to
 * blame, and when that is over without a verdict; null where there is nothing to tell. A wait for
 * the next task alone is over in two minutes and is not told.
 */
export function tellPostponement(state: ServiceState, live: LiveRollout): RecordDecision | null {
  const { suspicion, verdict } = live.context;
  if (verdict?.result === 'failed') return null;
  if (suspicion === null) return tellLifting(state, live);
  const { since, raisedBy, postponement } = suspicion;
  if (postponement === null || postponement.reason === 'replacement' || live.recorded.isPostponed)
    return null;
  const { reason, until } = postponement;
  const cause = { eventId: raisedBy, at: since };
  const event: VerdictPostponed = {
    ...decisionFact(state, live, { type: 'VerdictPostponed', cause }),
    raisedBy,
    reason,
    until,
  };
  return unlessTold(live, recordThat(event, `the verdict waits: ${reason}`));
}

function tellLifting(state: ServiceState, live: LiveRollout): RecordDecision | null {
  const { suspicionLifted } = live.context;
  if (!live.recorded.isPostponed || suspicionLifted === null) return null;
  const event: SuspicionLifted = decisionFact(state, live, {
    type: 'SuspicionLifted',
    cause: suspicionLifted,
  });
  return unlessTold(live, recordThat(event, 'what spoke against the rollout is over'));
}

/** Facts that were learnt late may change the order of what was told: it is not told again. */
function unlessTold({ recorded }: LiveRollout, telling: RecordDecision): RecordDecision | null {
  return recorded.toldOfSuspicions?.includes(telling.event.id) ? null : telling;
}
