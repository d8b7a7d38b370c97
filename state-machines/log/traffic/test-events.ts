import type { DecisionFact } from '../decision-fact';
import type { Instant } from '../instant';
import type { ShownTestTask, TestResult } from './release-test';

/** What Rewind does about the tests of a release. */
export type TestEvent = TestBegun | TestEnded;

interface TestFact<Type extends string> extends DecisionFact<Type> {
  readonly test: string;
  /** From 1 on. */
  readonly attempt: number;
}

/** A task of the test runs. */
export interface TestBegun extends TestFact<'TestBegun'> {
  readonly task: string;
  /** When it is given up. */
  readonly until: Instant;
}

/** What an attempt came to, for good. */
export interface TestEnded extends TestFact<'TestEnded'> {
  readonly result: TestResult;
  /** One sentence. */
  readonly message: string;
  /** The last lines that the test wrote, cut short. */
  readonly evidence: readonly string[];
  /** What ECS showed of its task; absent where it had none, or none was seen. */
  readonly shown?: ShownTestTask;
}
