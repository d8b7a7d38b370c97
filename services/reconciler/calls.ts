import { decideCallAnswer } from '../../state-machines/decisions/decide-call-answer';
import type { AnswerGate, CallEcs, Decision } from '../../state-machines/decisions/decision';
import { decideGateAnswer, type GateAnswer } from '../../state-machines/decisions/gates/decide-gate-answer';
import type { Situation } from '../../state-machines/decisions/situation';
import type { Instant } from '../../state-machines/log/instant';
import { refusalOf } from '../aws/ecs/ecs';
import { callEcs } from './call-ecs';
import { heldBecause, type Sources, silenceOf } from './look';

/** The decisions that write to ECS. */
type EcsWrite = CallEcs | AnswerGate;

/**
 * Calls ECS where that is decided, and says what follows from its answer; any other decision stays
 * as it is. Safe to repeat.
 */
export async function withAnswer(
  parts: Pick<Sources, 'ecs' | 'killSwitch' | 'mode'> & { readonly now: () => Instant },
  situation: Situation,
  decision: Decision,
): Promise<Exclude<Decision, EcsWrite>> {
  switch (decision.action) {
    case 'rollBack':
      return decideCallAnswer(situation, decision, await callEcs(parts, situation, decision));
    case 'answerGate':
      return decideGateAnswer(situation, decision, await answerGate(parts, decision));
    default:
      return decision;
  }
}

/**
 * Answers a hook, unless people hold Rewind back, and says what ECS replied. Safe to repeat: ECS
 * takes a hook once. Throws only what is Rewind's own fault.
 */
async function answerGate(
  sources: Pick<Sources, 'ecs' | 'killSwitch' | 'mode'>,
  { serviceDeployment, hookId: id, answer: action }: AnswerGate,
): Promise<GateAnswer> {
  const held = await heldBecause(sources);
  if (held !== null) return { kind: 'held', because: held };
  try {
    const { requestId } = await sources.ecs.answerHook({ serviceDeployment, id, action });
    return { kind: 'accepted', requestId };
  } catch (error) {
    return unanswered(error);
  }
}

function unanswered(error: unknown): GateAnswer {
  const { kind, reason, message } = silenceOf(error);
  if (kind === 'faulty') throw error;
  const refusal = refusalOf(error);
  // It has been answered, or its time is over.
  if (refusal === 'outdated' || reason === 'InvalidParameterException') return { kind: 'outdated' };
  return { kind: refusal === 'terminal' ? 'refused' : 'unreachable', reason, message };
}
