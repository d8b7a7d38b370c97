import { fingerprintOf } from '../../log/fingerprint';
import { type EventId, parseServiceDeploymentArn } from '../../log/identifiers';
import { type Instant, secondsAfter } from '../../log/instant';
import type { StageObserved } from '../../log/observed-events';
import { ownStage } from '../../log/observed-service';
import type { LiveRollout } from '../../rollout/live-rollout';
import { differsFrom } from '../../rollout/traffic/traffic-progress';
import type { AppendFacts, Decision, Look } from '../decision';
import { questionFor, type SituationInView } from '../look';
import type { Situation } from '../situation';

/** How often ECS is looked at while it shifts traffic: a notification may be lost. */
const lookSeconds = 60;

/**
 * What ECS shows of the stage of a watched rollout becomes a fact where it differs from what the
 * log holds; null where nothing is to be learnt. Pure.
 */
export function followStage(situation: Situation, live: LiveRollout): Look | AppendFacts | null {
  if (!isStaged(live)) return null;
  const { service } = situation.seen;
  if (service === null) {
    const isDue = nextLookAt(situation) <= situation.now || hasUnseenHook(live);
    return isDue ? { action: 'look', at: 'service', question: questionFor(situation) } : null;
  }
  // A rollout that is only watched goes on where AWS does not answer: the next look is soon.
  if (service.answer.kind !== 'shown') return null;
  return recordStage({ ...situation, ...service.answer.shown }, live);
}

/** The decision, and no later than the next look at ECS. */
export function untilNextLook(situation: Situation, live: LiveRollout, decision: Decision): Decision {
  if (decision.action !== 'wait' || !isStaged(live)) return decision;
  const hasLooked = situation.seen.service !== null;
  const at = hasLooked ? secondsAfter(situation.now, lookSeconds) : nextLookAt(situation);
  return { ...decision, until: decision.until === null || at < decision.until ? at : decision.until };
}

function nextLookAt({ stageSeenAt, now }: Situation): Instant {
  return stageSeenAt === null ? now : secondsAfter(stageSeenAt, lookSeconds);
}

/** Whether ECS goes through stages with it: it shifts traffic, or a hook has been told of. */
function isStaged({ phase, context }: LiveRollout): boolean {
  return phase === 'watching' && (context.shares.length > 0 || Object.keys(context.waitingHooks).length > 0);
}

/** A hook that a notification told of, and that no look has shown. */
function hasUnseenHook({ context: { waitingHooks, traffic } }: LiveRollout): boolean {
  const seen = traffic?.hooks ?? [];
  return Object.entries(waitingHooks).some(([id, { isPause }]) => isPause && !seen.includes(id));
}

function recordStage(situation: SituationInView, live: LiveRollout): AppendFacts | null {
  const { state, observed, now } = situation;
  const { deployment, startedAt } = live.context;
  const shown = ownStage(observed, startedAt);
  if (shown?.stage === undefined || !differsFrom(live.context, shown.stage, now)) return null;
  const { stage } = shown;
  const event: StageObserved = {
    type: 'StageObserved',
    id: `StageObserved~${fingerprintOf(JSON.stringify([shown.arn, stage])).toString(16)}` as EventId,
    service: state.service,
    occurredAt: now,
    deployment,
    serviceDeployment: parseServiceDeploymentArn(shown.arn),
    ...stage,
  };
  if (situation.seen.appended.has(event.id)) return null;
  const because = `ECS is at ${stage.stage}, and the log does not say so`;
  return { action: 'appendFacts', facts: [{ event, notification: null }], because };
}
