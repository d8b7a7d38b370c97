import { valueAt } from '../../log/foundation/value-at';
import { type Instant, secondsAfter } from '../../log/instant';
import type { ReleaseTest } from '../../log/traffic/release-test';
import type { LiveRollout } from '../../rollout/live-rollout';
import type { TestRecord } from '../../rollout/rollout';
import { isRollback } from '../../rollout/rollout-context';
import type { Decision, Wait } from '../decision';
import { holdForPeople, isShown } from '../gates/answer-gate';
import { type Gate, openGatesIn } from '../gates/gate-records';
import { whenShown, withServiceInView } from '../look';
import type { Situation } from '../situation';
import { judgeLateTest, judgeTestTask } from './judge-test-task';
import { recordEnded, type TestAttempt } from './test-records';
import { dueAttempt, isForStage } from './test-standing';

/** How often the task of a test is looked at: no notification of it is let in. */
const lookSeconds = 30;

/**
 * The next step with the tests of a watched rollout: begin what a gate waits for, look at what
 * runs, record what it came to; null where nothing is to be done. Pure. What is only observed is
 * not tested, and a way back waits for no test (docs/decisions/0046).
 */
export function followTests(situation: Situation, live: LiveRollout): Decision | null {
  const { policy } = live.context;
  if (policy.mode === 'observe' || isRollback(live.context)) return null;
  let next: Wait | null = null;
  for (const test of policy.tests) {
    const decision = followTest(situation, live, test);
    if (decision === null) continue;
    if (decision.action !== 'wait') return decision;
    if (next?.until == null || (decision.until !== null && decision.until < next.until)) next = decision;
  }
  return next;
}

function followTest(situation: Situation, live: LiveRollout, test: ReleaseTest): Decision | null {
  const record = valueAt(live.recorded.tests ?? {}, test.name);
  if (record?.runs != null) {
    return followTask(situation, live, { test, attempt: record.attempt, runs: record.runs });
  }
  const due = dueAttempt(live, test);
  const gate = openGatesIn(live).find(({ stage }) => isForStage(test, stage));
  if (due === null || gate === undefined) return null;
  const { attempt, from } = due;
  if (test.answeredBy === 'ci') return recordAnswer(situation, live, { test, attempt });
  if (from !== null && situation.now < from) return waitFor(test, from);
  return begin(situation, live, { test, attempt, gate });
}

/** People, or their pipeline, may have answered before ECS came to the gate. */
function recordAnswer(
  situation: Situation,
  live: LiveRollout,
  { test, attempt }: TestAttempt,
): Decision | null {
  const answer = valueAt(live.context.testAnswers, test.name);
  if (answer === undefined) return null;
  const { result, by, reason } = answer;
  const why = reason === null ? '' : `: ${reason}`;
  const message = `${by ?? 'somebody'} says so${why}`;
  return recordEnded(situation, live, { test, attempt, result, message, evidence: [] });
}

function begin(
  situation: Situation,
  live: LiveRollout,
  { test, attempt, gate }: TestAttempt & { readonly gate: Gate },
): Decision {
  return withServiceInView(situation, (inView) => {
    if (!isShown(inView, live, gate)) return { action: 'wait', until: null, because: 'the gate is gone' };
    const { seen, observesBecause } = inView;
    if (seen.killSwitch === null) return { action: 'look', at: 'killSwitch' };
    const held = observesBecause ?? seen.killSwitch.heldBecause;
    if (held !== null) return holdForPeople(inView, live, { gate, reason: 'held', missing: [held] });
    const { deployment, startedAt } = live.context;
    const because = `the test ${test.name}, attempt ${attempt}`;
    return { action: 'runTest', rollout: { deployment, startedAt }, test, attempt, because };
  });
}

function followTask(
  situation: Situation,
  live: LiveRollout,
  { test, attempt, runs }: TestAttempt & { readonly runs: NonNullable<TestRecord['runs']> },
): Decision {
  const { seen, now } = situation;
  const { task, until } = runs;
  const looked = seen.testTasks.find((one) => one.task === task);
  if (looked === undefined) return { action: 'look', at: 'testTask', task, test };
  return whenShown(situation, looked.answer, (found) => {
    const shown = found === null ? null : found.shown;
    const ended = judgeTestTask(shown);
    if (ended !== null) {
      const evidence = found?.lines ?? [];
      return recordEnded(situation, live, { test, attempt, ...ended, evidence, ...(shown && { shown }) });
    }
    if (shown === null || now < until) return waitFor(test, earlier(until, secondsAfter(now, lookSeconds)));
    const { deployment, startedAt } = live.context;
    const late = judgeLateTest(shown, test);
    const rollout = { deployment, startedAt };
    return { action: 'stopTest', rollout, test, attempt, task, ...late, shown, because: late.message };
  });
}

function waitFor({ name }: ReleaseTest, until: Instant): Wait {
  return { action: 'wait', until, because: `the test ${name} is under way` };
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
