import { decideCallAnswer } from '../../state-machines/decisions/decide-call-answer';
import type {
  AnswerGate,
  CallEcs,
  Decision,
  RunTest,
  StopTest,
} from '../../state-machines/decisions/decision';
import { decideGateAnswer, type GateAnswer } from '../../state-machines/decisions/gates/decide-gate-answer';
import type { Situation } from '../../state-machines/decisions/situation';
import {
  decideStopAnswer,
  decideTestAnswer,
  type StopAnswer,
  type TestAnswer,
} from '../../state-machines/decisions/testing/decide-test-answer';
import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { refusalOf } from '../aws/ecs/ecs';
import { callEcs } from './call-ecs';
import { heldBecause, type Sources, silenceOf } from './look';

type Callers = Pick<Sources, 'ecs' | 'tests' | 'killSwitch' | 'mode'>;

/** The decisions that write to ECS. */
type EcsWrite = CallEcs | AnswerGate | RunTest | StopTest;

/**
 * Calls ECS where that is decided, and says what follows from its answer; any other decision stays
 * as it is. Safe to repeat.
 */
export async function withAnswer(
  parts: Callers & { readonly now: () => Instant },
  situation: Situation,
  decision: Decision,
): Promise<Exclude<Decision, EcsWrite>> {
  switch (decision.action) {
    case 'rollBack':
      return decideCallAnswer(situation, decision, await callEcs(parts, situation, decision));
    case 'answerGate':
      return decideGateAnswer(situation, decision, await answerGate(parts, decision));
    case 'runTest':
      return decideTestAnswer(situation, decision, await runTest(parts, situation.state.service, decision));
    case 'stopTest':
      return decideStopAnswer(situation, decision, await stopTest(parts, situation.state.service, decision));
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
    const { requestId, isTaken } = await sources.ecs.answerHook({ serviceDeployment, id, action });
    return isTaken ? { kind: 'accepted', requestId } : { kind: 'outdated' };
  } catch (error) {
    return unanswered(error);
  }
}

/** Begins a test, unless people hold Rewind back. Safe to repeat: one task runs. */
async function runTest(callers: Callers, service: ServiceArn, decision: RunTest): Promise<TestAnswer> {
  const held = await heldBecause(callers);
  if (held !== null) return { kind: 'held', because: held };
  if (callers.tests === undefined) return { kind: 'unreachable', ...nothingToTestWith };
  try {
    return await callers.tests.begin(service, decision);
  } catch (error) {
    return unreached(error);
  }
}

/** Stops the task of a test. Safe to repeat. */
async function stopTest(callers: Callers, service: ServiceArn, { task }: StopTest): Promise<StopAnswer> {
  const held = await heldBecause(callers);
  if (held !== null) return { kind: 'held', because: held };
  if (callers.tests === undefined) return { kind: 'unreachable', ...nothingToTestWith };
  try {
    await callers.tests.stop(service, task);
    return { kind: 'stopped' };
  } catch (error) {
    // It has ended meanwhile, or nobody may stop it: it is over for the release in any case.
    return refusalOf(error) === 'terminal' ? { kind: 'stopped' } : unreached(error);
  }
}

const nothingToTestWith = { reason: 'NotDeployed', message: 'this Rewind has nothing to test with' };

function unreached(error: unknown): Extract<TestAnswer, { kind: 'unreachable' }> {
  const { kind, reason, message } = silenceOf(error);
  if (kind === 'faulty') throw error;
  return { kind: 'unreachable', reason, message };
}

function unanswered(error: unknown): GateAnswer {
  const { kind, reason, message } = silenceOf(error);
  if (kind === 'faulty') throw error;
  const refusal = refusalOf(error);
  if (refusal === 'outdated') return { kind: 'outdated' };
  return { kind: refusal === 'terminal' ? 'refused' : 'unreachable', reason, message };
}
