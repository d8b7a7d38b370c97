import type { EventId } from '../../log/identifiers';
import type { Instant } from '../../log/instant';
import { secondsAfter } from '../../log/instant';
import type { ReleaseTest } from '../../log/traffic/release-test';
import type { TestBegun, TestEnded } from '../../log/traffic/test-events';
import type { LiveRollout } from '../../rollout/live-rollout';
import { type RecordDecision, recordThat } from '../decision';
import { decisionFact } from '../decision-events';
import type { Situation } from '../situation';

/** An attempt of a test. */
export interface TestAttempt {
  readonly test: ReleaseTest;
  readonly attempt: number;
}

type Knowledge = Pick<Situation, 'state' | 'now'>;

/** Records that a task runs, whose end is looked for. */
export function recordBegun(
  situation: Knowledge,
  live: LiveRollout,
  { test, attempt, task }: TestAttempt & Pick<TestBegun, 'task'>,
): RecordDecision {
  const event: TestBegun = {
    ...testFact(situation, live, { type: 'TestBegun', test, attempt }),
    task,
    until: secondsAfter(situation.now, test.timeoutSeconds),
  };
  return recordThat(event, `the test ${test.name} runs`);
}

/** A snapshot holds the messages of all tests. */
const messageAtMost = 300;

/** Records what an attempt came to. */
export function recordEnded(
  situation: Knowledge,
  live: LiveRollout,
  { test, attempt, ...found }: TestAttempt & Pick<TestEnded, 'result' | 'message' | 'evidence' | 'shown'>,
): RecordDecision {
  const { result } = found;
  const message = found.message.slice(0, messageAtMost);
  const event: TestEnded = {
    ...testFact(situation, live, { type: 'TestEnded', test, attempt }),
    ...found,
    message,
  };
  return recordThat(event, `the test ${test.name}: ${result}, ${message}`);
}

/** As a gate: decided at a time, under a key of its own (log/events.ts). */
function testFact<Type extends 'TestBegun' | 'TestEnded'>(
  { state, now: at }: { readonly state: Situation['state']; readonly now: Instant },
  live: LiveRollout,
  { type, test: { name }, attempt }: TestAttempt & { readonly type: Type },
) {
  const cause = { eventId: `Test~${name}~${attempt}` as EventId, at };
  return { ...decisionFact(state, live, { type, cause }), test: name, attempt };
}
