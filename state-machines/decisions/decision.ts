import type { DecidedEvent, RollbackMethod } from '../log/decided-events';
import type { Instant } from '../log/instant';
import type { RolloutId } from '../log/rollout-id';
import type { HookAction } from '../log/traffic/gate-events';
import type { ReleaseTest, ShownTestTask } from '../log/traffic/release-test';
import type { WayBack } from '../log/way-back';
import type { MeasurementQuestion, PlanQuestion } from './measuring/measurement-question';
import type { AlarmQuestion, LearntFact, Question } from './situation';
import type { TestFinding } from './testing/judge-test-task';

/**
 * One step towards what the service should be. Where there is a `because`, it is a sentence for the
 * operational log.
 */
export type Decision =
  | Look
  | RecordDecision
  | AppendFacts
  | CallEcs
  | AnswerGate
  | RunTest
  | StopTest
  | LookAgain
  | Retry
  | NoProgress
  | Wait;

/** The decision depends on something that nobody has looked at: look, and decide again. */
export type Look =
  | { readonly action: 'look'; readonly at: 'service'; readonly question: Question }
  | { readonly action: 'look'; readonly at: 'alarms'; readonly names: readonly string[] }
  | { readonly action: 'look'; readonly at: 'alarmChanges'; readonly question: AlarmQuestion }
  | { readonly action: 'look'; readonly at: 'plan'; readonly question: PlanQuestion }
  | { readonly action: 'look'; readonly at: 'measurements'; readonly question: MeasurementQuestion }
  | { readonly action: 'look'; readonly at: 'facts'; readonly until: Instant }
  | { readonly action: 'look'; readonly at: 'testTask'; readonly task: string; readonly test: ReleaseTest }
  | { readonly action: 'look'; readonly at: 'killSwitch' };

/** Append the event. */
export interface RecordDecision {
  readonly action: 'record';
  readonly event: DecidedEvent;
  readonly because: string;
}

/** Append what the service's log does not hold. */
export interface AppendFacts {
  readonly action: 'appendFacts';
  readonly facts: readonly LearntFact[];
  readonly because: string;
}

/** Call ECS. Only the owner of an unexpired request gets this decision. */
export interface CallEcs {
  readonly action: 'rollBack';
  readonly rollout: RolloutId;
  readonly method: RollbackMethod;
  readonly wayBack: WayBack;
  /** Whether a copy of the way back's task definition is to be deployed, pinned to its images. */
  readonly byCopy: boolean;
  /** The ARN of what StopServiceDeployment is to stop; null for UpdateService. */
  readonly serviceDeployment: string | null;
  readonly attempt: number;
  readonly because: string;
}

/** Answer a hook at which ECS waits, as is recorded. */
export interface AnswerGate {
  readonly action: 'answerGate';
  readonly rollout: RolloutId;
  readonly serviceDeployment: string;
  readonly hookId: string;
  readonly answer: HookAction;
  readonly because: string;
}

/** Begin an attempt of a test, or run it to its end. */
export interface RunTest {
  readonly action: 'runTest';
  readonly rollout: RolloutId;
  readonly test: ReleaseTest;
  readonly attempt: number;
  readonly because: string;
}

/** Stop the task of a test whose time is over, and record what that comes to. */
export interface StopTest extends Omit<RunTest, 'action'>, TestFinding {
  readonly action: 'stopTest';
  readonly task: string;
  readonly shown: ShownTestTask;
}

/** What was seen is no longer so. */
export interface LookAgain {
  readonly action: 'lookAgain';
  readonly because: string;
}

/** AWS gave no answer, or people hold Rewind back: come back later. */
export interface Retry {
  readonly action: 'retry';
  readonly because: string;
  /**
   * `held`: people hold Rewind back, which is no failure, and asking again soon is no burden.
   * `unanswered`: AWS did not answer. `faulty`: Rewind itself failed to ask.
   */
  readonly why: 'held' | 'unanswered' | 'faulty';
}

/**
 * A decision stands in the log under the key of the one that is wanted, and changes nothing: to
 * append it again would not help. A fault of Rewind's own, or a log that somebody else wrote to.
 */
export interface NoProgress {
  readonly action: 'noProgress';
  readonly event: DecidedEvent;
  /** When the service's other rollouts want something; null: not before the log changes. */
  readonly until: Instant | null;
  readonly because: string;
}

/** Nothing to do before the instant; null: not before the log changes. */
export interface Wait {
  readonly action: 'wait';
  readonly until: Instant | null;
  readonly because: string;
}

export function recordThat(event: DecidedEvent, because: string): RecordDecision {
  return { action: 'record', event, because };
}
