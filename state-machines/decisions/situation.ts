import type { EventId, TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import type { AnalysisPlan, Measurement } from '../log/measuring/measurement';
import type { AlarmHistory, AlarmReading, ObservedEvent } from '../log/observed-events';
import type { ObservedService } from '../log/observed-service';
import type { Policy } from '../log/policy';
import type { Position } from '../log/position';
import type { RolloutKey } from '../log/rollout-id';
import type { ShownTestTask } from '../log/traffic/release-test';
import type { ServiceState } from '../service/service-state';
import type { MeasurementQuestion, PlanQuestion } from './measuring/measurement-question';

/** All that a decision is made from. */
export interface Situation {
  readonly state: ServiceState;
  readonly now: Instant;
  /** Who would hold the lease of a rollback requested now. */
  readonly owner: string;
  /** The ARN of the role by which ECS would be called; null where that is unknown. */
  readonly caller: string | null;
  /** Since when AWS has not answered what was asked of the service; null while it answers. */
  readonly unansweredSince: Instant | null;
  /** From when on the service watches alarms whose own streams nobody has read since; or null. */
  readonly watchesSince: Instant | null;
  /** When ECS was last looked at while it shifted the service's traffic; null: not yet. */
  readonly stageSeenAt: Instant | null;
  readonly seen: Seen;
}

/**
 * What was looked at since the last write. Null where nobody has looked: `decide` then asks for it,
 * if the decision depends on it.
 */
export interface Seen {
  readonly service: { readonly question: Question; readonly answer: Answer<ServiceView> } | null;
  /** The alarms of a policy, at the end of a bake. */
  readonly alarms: {
    readonly names: readonly string[];
    readonly answer: Answer<readonly AlarmReading[]>;
  } | null;
  /** What the alarms of a policy did, a look a question, the newest first. */
  readonly alarmChanges: readonly AlarmChangesSeen[];
  /** What ECS shows of the service, as the events that its notifications would have been. */
  readonly facts: { readonly until: Instant; readonly answer: Answer<readonly ObservedEvent[]> } | null;
  readonly plan: { readonly question: PlanQuestion; readonly answer: Answer<AnalysisPlan> } | null;
  /** Kept over the writes of a reconcile: what a whole window shows stays so. */
  readonly measurements: MeasurementsSeen | null;
  /** The tasks of tests, a look a task. */
  readonly testTasks: readonly TestTaskSeen[];
  readonly killSwitch: KillSwitchAnswer | null;
  /** Facts that this reconcile has appended already, whatever the state made of them. */
  readonly appended: ReadonlySet<EventId>;
  /** Where the decisions stand that this reconcile has appended, or found there. */
  readonly answered: ReadonlySet<Position>;
}

export const nothingSeen: Seen = {
  service: null,
  alarms: null,
  alarmChanges: [],
  facts: null,
  plan: null,
  measurements: null,
  testTasks: [],
  killSwitch: null,
  appended: new Set(),
  answered: new Set(),
};

/** All that was seen, with what one more look has shown. */
export function withLook(seen: Seen, { alarmChanges = [], testTasks = [], ...shown }: Partial<Seen>): Seen {
  return {
    ...seen,
    ...shown,
    alarmChanges: [...alarmChanges, ...seen.alarmChanges],
    testTasks: [...testTasks, ...seen.testTasks],
  };
}

/** What ECS shows of the task of a test, and what that wrote; null where it shows none. */
interface TestTaskSeen {
  readonly task: string;
  readonly answer: Answer<TestTaskView | null>;
}

export interface TestTaskView {
  readonly shown: ShownTestTask;
  /** The last lines of its container, cut short. */
  readonly lines: readonly string[];
}

/** What a back-end told of the windows of a rollout. */
interface MeasurementsSeen {
  readonly question: MeasurementQuestion;
  readonly answer: Answer<readonly Measurement[]>;
  /** It stands in the log already: whoever recorded it had asked for long enough. */
  readonly isRecorded?: boolean;
}

/** Which alarms are asked of, by name or ARN, and from when on a rollout is concerned. */
export interface AlarmQuestion {
  readonly names: readonly string[];
  readonly startedAt: Instant;
  /** Whether what they did in the week before the start is asked as well. */
  readonly withHistory: boolean;
}

/** What the streams of the alarms themselves hold. */
export interface AlarmChangesSeen {
  readonly question: AlarmQuestion;
  /** Their changes since the start that the service's log does not hold. */
  readonly missing: readonly LearntFact[];
  /** What they did before the start. */
  readonly history: readonly AlarmHistory[];
}

/** A fact, and the notification that told of it; null where AWS itself shows it. */
export interface LearntFact {
  readonly event: ObservedEvent;
  readonly notification: string | null;
}

/** What is asked of ECS. */
export interface Question {
  /** Task definitions of which to find out whether they are ACTIVE. */
  readonly candidates: readonly TaskDefinitionArn[];
  /** Service revisions of which to find out whether the tags of their images have moved. */
  readonly revisions: readonly string[];
  /** The ended rollouts of which the answer is to tell: what ended after a look is not in it. */
  readonly ended: readonly RolloutKey[];
  /**
   * Whether a rollout is to be opened: then the alarms of the service's policy are read as well.
   */
  readonly isForOpening: boolean;
}

export interface ServiceView {
  readonly observed: ObservedService;
  /** The service's policy as of now, its tags included: a rollout opened now is held to it. */
  readonly policy: Policy;
  /** What could not be read of the service's tags, or is not theirs to set; a sentence each. */
  readonly policyProblems: readonly string[];
  /** Why the policy observes now; null where it enforces. */
  readonly observesBecause: string | null;
  /** What the policy's alarms show; empty where that was not asked for. */
  readonly alarms: readonly AlarmReading[];
}

/** What came of a question: AWS's answer, or why there is none. All of it is data to decide on. */
export type Answer<Shown> = { readonly kind: 'shown'; readonly shown: Shown } | Silence;

/** Why AWS gave no answer, under the name of its error. */
export interface Silence {
  /**
   * `denied`: AWS refuses, and will refuse again. `outOfReach`: nobody has said how to reach the
   * service's account. `unreachable`: asking again may help. `faulty`: not AWS but Rewind itself
   * failed.
   */
  readonly kind: 'denied' | 'outOfReach' | 'unreachable' | 'faulty';
  readonly reason: string;
  readonly message: string;
}

/** Why people keep Rewind from writing to ECS; null when they do not. */
interface KillSwitchAnswer {
  readonly heldBecause: string | null;
}
