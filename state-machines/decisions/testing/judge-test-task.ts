import type { ReleaseTest, ShownTestTask, TestResult } from '../../log/traffic/release-test';

/** What an attempt of a test came to. */
export interface TestFinding {
  readonly result: TestResult;
  /** One sentence. */
  readonly message: string;
}

/** ECS shows a task for an hour after its end. */
const gone: TestFinding = { result: 'error', message: 'ECS does not show its task any more' };

/**
 * What the task of a test has come to; null while it runs. Pure. Its exit code decides, and no
 * other end does: a task that never started, or that somebody or the platform stopped, says nothing
 * of the release.
 */
export function judgeTestTask(shown: ShownTestTask | null): TestFinding | null {
  if (shown === null) return gone;
  const { lastStatus, hasStarted, stopCode, stoppedReason, exitCode } = shown;
  if (lastStatus !== 'STOPPED') return null;
  const why = stoppedReason ?? stopCode ?? 'ECS does not say why';
  if (!hasStarted) return { result: 'error', message: `its task did not start: ${why}` };
  if (stopCode !== 'EssentialContainerExited')
    return { result: 'error', message: `its task was stopped: ${why}` };
  if (exitCode === null) return { result: 'error', message: `its task ended without an exit code: ${why}` };
  return { result: exitCode === 0 ? 'passed' : 'failed', message: `exit code ${exitCode}` };
}

/** What a test is taken for whose time is over while its task runs, or waits to. Pure. */
export function judgeLateTest({ hasStarted }: ShownTestTask, { timeoutSeconds }: ReleaseTest): TestFinding {
  return hasStarted
    ? { result: 'failed', message: `it had not ended after ${timeoutSeconds} s` }
    : { result: 'error', message: `its task had not started after ${timeoutSeconds} s` };
}
