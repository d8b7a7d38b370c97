import { valueAt } from '../../log/foundation/value-at';
import { type Instant, secondsAfter } from '../../log/instant';
import { gateStages } from '../../log/traffic/gate-policy';
import type { ReleaseTest } from '../../log/traffic/release-test';
import type { LiveRollout } from '../../rollout/live-rollout';
import { isRollback } from '../../rollout/rollout-context';

/** What is run again is not run again at once: what kept it from running may be over then. */
const betweenAttemptsSeconds = 30;

/** The attempt that is due, and from when on; null where none is, or one runs. Pure. */
export function dueAttempt(
  { recorded: { tests = {} } }: LiveRollout,
  { name, retries }: ReleaseTest,
): { readonly attempt: number; readonly from: Instant | null } | null {
  const record = valueAt(tests, name);
  if (record === undefined) return { attempt: 1, from: null };
  const { attempt, ended } = record;
  if (ended === null || ended.result === 'passed' || attempt > retries) return null;
  return { attempt: attempt + 1, from: secondsAfter(ended.at, betweenAttemptsSeconds) };
}

/** Whether a test belongs to what is known at a stage: it runs there, or before. Pure. */
export function isForStage({ at }: ReleaseTest, stage: string): boolean {
  const stages: readonly string[] = gateStages;
  return stages.indexOf(at) <= stages.indexOf(stage);
}

/** What the tests of a release say at a gate, a sentence each. */
interface TestEvidence {
  readonly judgements: readonly string[];
  /** What keeps the gate waiting. */
  readonly missing: readonly string[];
}

/**
 * What a gate may be answered by: every required test of its stage, or of one before, has passed.
 * Pure. A way back is not tested.
 */
export function testEvidenceAt(live: LiveRollout, stage: string): TestEvidence {
  const { policy } = live.context;
  const tests = isRollback(live.context) ? [] : policy.tests.filter((test) => isForStage(test, stage));
  const told = tests.map((test) => ({ test, words: standingWords(live, test) }));
  const isOpen = ({ name, required }: ReleaseTest) =>
    required && valueAt(live.recorded.tests ?? {}, name)?.ended?.result !== 'passed';
  return {
    judgements: told.filter(({ test }) => !isOpen(test)).map(({ words }) => words),
    missing: told.filter(({ test }) => isOpen(test)).map(({ words }) => words),
  };
}

function standingWords(live: LiveRollout, test: ReleaseTest): string {
  const { name, answeredBy } = test;
  const record = valueAt(live.recorded.tests ?? {}, name);
  if (record === undefined) {
    return answeredBy === 'ci'
      ? `the test ${name} waits to be answered (rewind gate)`
      : `the test ${name} has not begun`;
  }
  const { ended, attempt } = record;
  if (ended === null) return `the test ${name} runs (attempt ${attempt})`;
  if (ended.result === 'error') return `the test ${name} could not be run: ${ended.message}`;
  return `the test ${name} ${ended.result}: ${ended.message}`;
}
