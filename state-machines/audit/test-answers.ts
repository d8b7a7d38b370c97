import type { RunTest, StopTest } from '../decisions/decision';
import type { Seen, Situation } from '../decisions/situation';
import { decideStopAnswer, decideTestAnswer, type TestAnswer } from '../decisions/testing/decide-test-answer';
import type { DecidedEvent } from '../log/decided-events';
import type { ShownTestTask } from '../log/traffic/release-test';
import type { LiveRollout } from '../rollout/live-rollout';

/** What ECS showed of the tests' tasks: of one that ended, what the decision records. */
export function testTaskAnswers(event: DecidedEvent, live: LiveRollout | undefined): Seen['testTasks'] {
  const running = Object.entries(live?.recorded.tests ?? {});
  return running.flatMap(([test, { runs }]) => {
    if (runs === null) return [];
    const shown = event.type === 'TestEnded' && event.test === test ? (event.shown ?? null) : stillRunning;
    const lines = event.type === 'TestEnded' ? event.evidence : [];
    return [{ task: runs.task, answer: { kind: 'shown', shown: shown && { shown, lines } } as const }];
  });
}

/** Had it ended, that would have been recorded instead. */
const stillRunning: ShownTestTask = {
  lastStatus: 'RUNNING',
  hasStarted: true,
  stopCode: null,
  stoppedReason: null,
  exitCode: null,
};

/** The record of what came of beginning a test, made again; a sentence where it is another one. */
export function remakeTestAnswer(
  situation: Situation,
  event: DecidedEvent,
  decision: RunTest,
): DecidedEvent | string {
  const answer = testAnswer(event);
  if (answer === null) return `a test: ${decision.because}`;
  const answered = decideTestAnswer(situation, decision, answer);
  return answered.action === 'record' ? answered.event : answered.because;
}

function testAnswer(event: DecidedEvent): TestAnswer | null {
  if (event.type === 'TestBegun') return { kind: 'begun', task: event.task };
  if (event.type !== 'TestEnded') return null;
  const { result, message, evidence } = event;
  return { kind: 'ended', result, message, evidence };
}

/** The end of a test whose time was over, made again. */
export function remakeStopAnswer(situation: Situation, decision: StopTest): DecidedEvent | string {
  const answered = decideStopAnswer(situation, decision, { kind: 'stopped' });
  return answered.action === 'record' ? answered.event : answered.because;
}
