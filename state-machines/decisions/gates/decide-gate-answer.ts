import { invariant } from '../../log/foundation/invariant';
import { isSameRollout } from '../../rollout/live-rollout';
import type { CallAnswer } from '../decide-call-answer';
import type { AnswerGate, RecordDecision, Retry } from '../decision';
import { decidedIn } from '../decision-events';
import { retryAfter } from '../look';
import type { Situation } from '../situation';
import { holdForPeople } from './answer-gate';
import { holdGate, openGatesIn, recordAnswered } from './gate-records';

/** What came of the answer to a gate. */
export type GateAnswer =
  | { readonly kind: 'accepted'; readonly requestId: string | null }
  | Exclude<CallAnswer, { kind: 'accepted' }>;

/**
 * What follows from ECS's reply to the answer that was sent. Pure. ECS takes a hook once: where it
 * says that there is nothing to answer, the next look shows why.
 */
export function decideGateAnswer(
  situation: Situation,
  { hookId, rollout }: AnswerGate,
  answer: GateAnswer,
): RecordDecision | Retry {
  const live = situation.state.rollouts.find((one) => isSameRollout(one, rollout));
  const gate = live === undefined ? undefined : openGatesIn(live).find((one) => one.hookId === hookId);
  invariant(live !== undefined && gate !== undefined, 'only an open gate is answered');
  switch (answer.kind) {
    case 'accepted':
      return decidedIn(situation, recordAnswered(situation, live, { ...gate, requestId: answer.requestId }));
    case 'held':
      return recorded(
        situation,
        holdForPeople(situation, live, { gate, reason: 'held', missing: [answer.because] }),
      );
    case 'refused': {
      const { reason, message } = answer;
      const told = holdGate(situation, live, { gate, reason: 'refused', missing: [`${reason}: ${message}`] });
      return told === null ? retryAfter(answer) : decidedIn(situation, told);
    }
    case 'outdated':
      return retryAfter({ reason: 'GateGone', message: 'the hook waits no longer' });
    case 'unreachable':
      return retryAfter(answer);
    default:
      return answer satisfies never;
  }
}

function recorded(situation: Situation, decision: RecordDecision | Retry): RecordDecision | Retry {
  return decision.action === 'record' ? decidedIn(situation, decision) : decision;
}
