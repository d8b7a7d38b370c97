import { invariant } from '../../log/foundation/invariant';
import { isSameRollout, type LiveRollout } from '../../rollout/live-rollout';
import type { CallAnswer } from '../decide-call-answer';
import type { RecordDecision, Retry, RunTest, StopTest } from '../decision';
import { decidedIn } from '../decision-events';
import { retryAfter } from '../look';
import type { Situation } from '../situation';
import type { TestFinding } from './judge-test-task';
import { recordBegun, recordEnded } from './test-records';

/** What came of beginning a test. */
export type TestAnswer =
  | { readonly kind: 'begun'; readonly task: string }
  | ({ readonly kind: 'ended'; readonly evidence: readonly string[] } & TestFinding)
  | Extract<CallAnswer, { kind: 'held' | 'unreachable' }>;

/** What follows from what came of beginning a test. Pure. */
export function decideTestAnswer(
  situation: Situation,
  { rollout, test, attempt, because }: RunTest,
  answer: TestAnswer,
): RecordDecision | Retry {
  const live = rolloutIn(situation, rollout);
  switch (answer.kind) {
    case 'begun':
      return decidedIn(situation, recordBegun(situation, live, { test, attempt, task: answer.task }));
    case 'ended': {
      const { kind: _kind, ...found } = answer;
      return decidedIn(situation, recordEnded(situation, live, { test, attempt, ...found }));
    }
    case 'held':
      return { action: 'retry', because: `held: ${answer.because}`, why: 'held' };
    case 'unreachable':
      return retryAfter({ ...answer, message: `${answer.message} (${because})` });
    default:
      return answer satisfies never;
  }
}

/** What came of stopping the task of a test whose time is over. */
export type StopAnswer = { readonly kind: 'stopped' } | Extract<CallAnswer, { kind: 'held' | 'unreachable' }>;

/** What follows from that. Pure. */
export function decideStopAnswer(
  situation: Situation,
  { rollout, test, attempt, result, message, shown }: StopTest,
  answer: StopAnswer,
): RecordDecision | Retry {
  if (answer.kind === 'held') return { action: 'retry', because: `held: ${answer.because}`, why: 'held' };
  if (answer.kind === 'unreachable') return retryAfter(answer);
  const found = { result, message, shown, evidence: [] };
  return decidedIn(
    situation,
    recordEnded(situation, rolloutIn(situation, rollout), { test, attempt, ...found }),
  );
}

function rolloutIn({ state }: Situation, rollout: RunTest['rollout']): LiveRollout {
  const live = state.rollouts.find((one) => isSameRollout(one, rollout));
  invariant(live !== undefined, 'only a live rollout is tested');
  return live;
}
