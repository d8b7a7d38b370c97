import type { ServiceDeploymentContinued, ServiceDeploymentStopped } from '../log/observed-events';
import { isLive, isSameRollout, type LiveRollout } from '../rollout/live-rollout';
import { isRollback } from '../rollout/rollout-context';
import { decisionsAhead, madeOf } from './finality';
import type { ServiceState } from './service-state';
import { type Step, signalRollouts } from './signal-rollouts';

/**
 * A person or tool lets ECS go back: a stop of the service deployment that goes back, or ROLLBACK
 * as the answer to a hook. It takes back the rollout that ECS works on, from the call on: ECS's own
 * notification of the way back may come much later, and names nobody.
 */
export function followStop(
  state: ServiceState,
  step: Step,
  event: ServiceDeploymentStopped | ServiceDeploymentContinued,
): ServiceState {
  const newest = state.rollouts.findLast(isLive);
  if (!goesBack(event) || newest === undefined) return state;
  const concerns = (live: LiveRollout) => isSameRollout(live, newest.context);
  const told = signalRollouts(state, step, { concerns, facts: { type: 'DeploymentStopped', by: event.by } });
  if (!mayBeStoppedByOthers(newest, step)) return told;
  return signalRollouts(told, step, {
    concerns,
    facts: { type: 'RollbackStarted', by: 'operator', stoppedBy: event.by, deployment: null, target: null },
  });
}

/** ECS goes back unless the call says ABORT, and goes on unless the answer says ROLLBACK. */
function goesBack(event: ServiceDeploymentStopped | ServiceDeploymentContinued): boolean {
  return event.type === 'ServiceDeploymentStopped'
    ? event.stopType === null || event.stopType === 'ROLLBACK'
    : event.action === 'ROLLBACK';
}

/**
 * ECS has nothing to stop once it calls a deployment complete, and a rollback is not taken back.
 * Rewind's own calls come through CloudTrail too: behind a recorded attempt, who called is compared
 * with who was to call when Rewind looks at what became of it. CloudTrail cuts times to whole
 * seconds, so such a call may also sort before the verdict that it followed; while that lies ahead
 * in the log, it alone says what happened. But a verdict that stands directly behind the call was
 * made of it.
 */
function mayBeStoppedByOthers(live: LiveRollout, { event, recorded }: Step): boolean {
  const { phase, context } = live;
  if (phase === 'baking' || isRollback(context) || hasOwnAttempt(live)) return false;
  const ahead = decisionsAhead(live, event, recorded);
  const isCause = madeOf(live, event, recorded).verdict !== null;
  return isCause || (!ahead.verdict && !ahead.conclusion);
}

/** Whether Rewind itself may have called ECS to take the rollout back. */
export function hasOwnAttempt({ recorded: { attempt } }: LiveRollout): boolean {
  return attempt !== null;
}
