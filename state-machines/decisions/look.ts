import type { Instant } from '../log/instant';
import type { AlarmReading } from '../log/observed-events';
import type { ObservedService } from '../log/observed-service';
import type { Policy } from '../log/policy';
import { type RolloutKey, rolloutKey } from '../log/rollout-id';
import { isLive, type LiveRollout, lacksOpening } from '../rollout/live-rollout';
import type { ServiceState } from '../service/service-state';
import { safeTargetsOf } from '../service/way-back/safe-targets';
import type { Decision, RecordDecision, Retry } from './decision';
import { concludeRollback, reject } from './decision-events';
import { awaitsEcs, hasUnreportedAttempt } from './rollback-progress';
import type { Answer, Question, Silence, Situation } from './situation';
import { isUnrecorded } from './unrecorded-facts';

/** A situation in which ECS has shown the service. */
export interface SituationInView extends Situation {
  readonly observed: ObservedService;
  readonly policy: Policy;
  readonly policyProblems: readonly string[];
  readonly observesBecause: string | null;
  readonly alarms: readonly AlarmReading[];
}

/**
 * Decides with the service in view; where it is not, the decision is to look. What ended since the
 * look is not in it, nor what was not asked: then the decision is to look again.
 */
export function withServiceInView(
  situation: Situation,
  decideOn: (inView: SituationInView) => Decision,
): Decision {
  const { service } = situation.seen;
  const question = questionFor(situation);
  if (service === null || (service.answer.kind === 'shown' && !covers(service.question, question))) {
    return { action: 'look', at: 'service', question };
  }
  return whenShown(situation, service.answer, (view) => decideOn({ ...situation, ...view }));
}

/** Decides on what AWS shows, or on its silence. */
export function whenShown<Shown>(
  situation: Situation,
  answer: Answer<Shown>,
  decideOn: (shown: Shown) => Decision,
): Decision {
  return answer.kind === 'shown' ? decideOn(answer.shown) : decideOnSilence(situation, answer);
}

/**
 * Decides once ECS itself has shown what it knows of tasks and deployments, and the log holds that;
 * where it refuses, on what the log holds (`isBlind`).
 */
export function withFacts(
  situation: Situation,
  until: Instant,
  decideOn: (isBlind: boolean) => Decision,
): Decision {
  const { state, seen } = situation;
  if (seen.facts === null || seen.facts.until < until) return { action: 'look', at: 'facts', until };
  const { facts } = seen;
  if (facts.answer.kind === 'denied') return decideOn(true);
  return whenShown(situation, facts.answer, (shown) => {
    const unrecorded = shown.filter(
      (fact) => !seen.appended.has(fact.id) && isUnrecorded(state, fact, facts.until),
    );
    if (unrecorded.length === 0) return decideOn(false);
    const because = `ECS shows ${unrecorded.length} facts that no notification told`;
    return {
      action: 'appendFacts',
      facts: unrecorded.map((event) => ({ event, notification: null })),
      because,
    };
  });
}

/** All that a decision on any of the service's rollouts may depend on, in one question. */
export function questionFor({ state, owner, now }: Pick<Situation, 'state' | 'owner' | 'now'>): Question {
  const awaiting = state.rollouts.filter(
    (live) => live.phase === 'rollingBack' && awaitsEcs(live, { owner, now }),
  );
  const ways = awaiting.flatMap((live) => safeTargetsOf(state.memory, live));
  return {
    candidates: [...new Set(ways.map(({ taskDefinition }) => taskDefinition))],
    revisions: [...new Set(ways.flatMap(({ serviceRevision }) => serviceRevision ?? []))],
    ended: unreportedIn(state),
    isForOpening: state.rollouts.some(lacksOpening),
  };
}

function unreportedIn({ rollouts }: ServiceState): RolloutKey[] {
  return rollouts.filter(hasUnreportedAttempt).map(({ context }) => rolloutKey(context));
}

function covers(asked: Question, wanted: Question): boolean {
  return (
    wanted.candidates.every((candidate) => asked.candidates.includes(candidate)) &&
    wanted.revisions.every((revision) => asked.revisions.includes(revision)) &&
    wanted.ended.every((key) => asked.ended.includes(key)) &&
    (asked.isForOpening || !wanted.isForOpening)
  );
}

/**
 * Where AWS does not even let Rewind look, Rewind can take nothing back, and records that; a
 * rollout that is only watched goes on. Where nobody has said how to reach the service, its
 * rollouts are given up: asking again does not help.
 */
function decideOnSilence(situation: Situation, { kind, reason, message }: Silence): RecordDecision | Retry {
  const { state } = situation;
  const hopeless = kind === 'outOfReach' ? state.rollouts.find(isUnfinished) : undefined;
  if (hopeless !== undefined) return concludeRollback(situation, hopeless, { outcome: 'abandoned', message });
  const waiting = kind === 'denied' ? state.rollouts.find((live) => awaitsEcs(live, situation)) : undefined;
  if (waiting !== undefined) return reject(situation, waiting, { reason, message });
  return kind === 'faulty' ? retryAfterFault(`${reason}: ${message}`) : retryAfter({ reason, message });
}

export function retryAfter({ reason, message }: Pick<Silence, 'reason' | 'message'>): Retry {
  return { action: 'retry', because: `ECS could not be asked: ${reason}: ${message}`, why: 'unanswered' };
}

function retryAfterFault(what: string): Retry {
  return { action: 'retry', because: `Rewind itself failed to ask ECS: ${what}`, why: 'faulty' };
}

/** Whether ECS has a say in what becomes of the rollout; of others only the record is missing. */
function isUnfinished(live: LiveRollout): boolean {
  return isLive(live) || !live.recorded.opened;
}
