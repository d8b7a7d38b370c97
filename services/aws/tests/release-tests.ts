import type { TestTaskView } from '../../../state-machines/decisions/situation';
import type { TestAnswer } from '../../../state-machines/decisions/testing/decide-test-answer';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { RolloutId } from '../../../state-machines/log/rollout-id';
import type { ReleaseTest } from '../../../state-machines/log/traffic/release-test';

/** Which attempt of which test, of which rollout. */
export interface TestRequest {
  readonly rollout: RolloutId;
  readonly test: ReleaseTest;
  readonly attempt: number;
}

/** What runs the tests of a release. */
export interface ReleaseTests {
  /**
   * Begins an attempt. Safe to repeat: one task runs, whoever asks, and however often. What keeps
   * it from being run for good is an answer; throws what AWS's clients throw beside that.
   */
  begin(service: ServiceArn, request: TestRequest): Promise<Extract<TestAnswer, { kind: 'begun' | 'ended' }>>;
  /** What ECS shows of a task, and its last lines once it has stopped; null where it shows none. */
  look(service: ServiceArn, task: string, test: ReleaseTest): Promise<TestTaskView | null>;
  /** Stops a task. Safe to repeat. */
  stop(service: ServiceArn, task: string): Promise<void>;
}
