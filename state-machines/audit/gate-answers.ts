import type { AnswerGate } from '../decisions/decision';
import { decideGateAnswer, type GateAnswer } from '../decisions/gates/decide-gate-answer';
import type { Situation } from '../decisions/situation';
import type { DecidedEvent } from '../log/decided-events';

/** Why people held Rewind back, where the decision says so. */
export function heldBecauseIn(event: DecidedEvent): string | null {
  return event.type === 'GateHeld' && event.reason === 'held' ? (event.missing[0] ?? null) : null;
}

/** The record of what came of an answer, made again; a sentence where another one is made. */
export function remakeGateAnswer(
  situation: Situation,
  event: DecidedEvent,
  decision: AnswerGate,
): DecidedEvent | string {
  const answer = gateAnswer(event);
  if (answer === null) return `an answer to a gate: ${decision.because}`;
  const answered = decideGateAnswer(situation, decision, answer);
  return answered.action === 'record' ? answered.event : answered.because;
}

/** What ECS replied to the answer that the decision records; null where it records none. */
function gateAnswer(event: DecidedEvent): GateAnswer | null {
  if (event.type === 'GateAnswered') return { kind: 'accepted', requestId: event.requestId };
  if (event.type !== 'GateHeld') return null;
  const [missing = ''] = event.missing;
  if (event.reason === 'held') return { kind: 'held', because: missing };
  if (event.reason !== 'refused') return null;
  const [reason = '', ...message] = missing.split(': ');
  return { kind: 'refused', reason, message: message.join(': ') };
}
