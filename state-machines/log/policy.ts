import { fingerprintOf } from './fingerprint';
import { sortedJson } from './foundation/json';
import type { AnalysisPolicy } from './measuring/analysis-policy';
import { type FailureClass, failureClasses } from './stopped-task';
import type { GatePolicy } from './traffic/gate-policy';
import type { ReleaseTest } from './traffic/release-test';

/** The rules by which failed tasks fail a rollout. */
export const failureRules = ['percent', 'evidence'] as const;

/** What becomes of a failure that no further try can mend, by `evidence`. */
export const certainCauseRules = ['fail', 'wait'] as const;

/** The largest budget of rollbacks: so many are remembered of a service. */
export const rollbackBudgetAtMost = 50;

/** What Rewind holds one service to. Resolved when a rollout starts and recorded with it. */
export interface Policy {
  /** In `observe` everything happens except the call to ECS. */
  readonly mode: 'enforce' | 'observe';
  /**
   * What makes failed tasks too many: a share of the started ones, or evidence against the
   * service's own past.
   */
  readonly failureRule: (typeof failureRules)[number];
  /** By `evidence`: how many times likelier they must be if the release is bad. */
  readonly evidenceRatio: number;
  /**
   * By `evidence`: whether the first task that fails for what no further try can mend fails the
   * rollout, or the release is waited for, as where a pipeline deploys before it has pushed.
   */
  readonly certainCauses: (typeof certainCauseRules)[number];
  /** By `percent`: failed tasks, in percent of the tasks started; above this the rollout fails. */
  readonly failurePercent: number;
  /** Fewer failed tasks than this never fail a rollout, whatever the percentage. */
  readonly minimumFailures: number;
  /**
   * When ECS has not completed a rollout after this long, beside what ECS itself has planned,
   * people are told, then once a day. A rollback that has not settled by then has failed.
   */
  readonly deadlineSeconds: number;
  /** New tasks that do not get up, without any progress for this long, fail the rollout. */
  readonly stallSeconds: number;
  /** How long a completed rollout is watched before it passes. */
  readonly bakeSeconds: number;
  /**
   * For how long after its completion a rollout's pass may be revoked. Null leaves it to the rule:
   * an hour by `evidence`, and by `percent`, which any long watch fails in the end, not at all.
   */
  readonly probationSeconds: number | null;
  /** Names or ARNs of the CloudWatch alarms that fail the rollout. */
  readonly alarms: readonly string[];
  /** What its users got is measured and held to this; null: it is not measured. */
  readonly analysis: AnalysisPolicy | null;
  /**
   * What becomes of a rollout whose alarms could not be read, or had no data, at the end of its
   * bake and of its extension.
   */
  readonly onInconclusive: 'notify' | 'rollback' | 'pass';
  /** Rollbacks that Rewind may issue for the service within 24 hours. */
  readonly rollbackBudget: number;
  /**
   * What proves a revision: a bake that it survived, or its completion, each with tasks that ran.
   */
  readonly provenBy: 'bake' | 'completion';
  /**
   * Whether a copy of a task definition may be registered, pinned to the images that ran, where the
   * original is INACTIVE or its tags have moved.
   */
  readonly restoreByCopy: boolean;
  /** At which stages of a shift of traffic Rewind answers; null: at none. */
  readonly gates: GatePolicy | null;
  /** What runs before a gate lets a release go on. */
  readonly tests: readonly ReleaseTest[];
  /** Exit codes that are a normal end of a task of the service. */
  readonly normalExitCodes: readonly number[];
  /** The classes of stopped tasks that count as a failure of the rollout. */
  readonly failureClasses: readonly FailureClass[];
}

/** Keys that older policies in the log do not hold, with what those meant. */
const laterKeys = {
  failureRule: 'percent',
  evidenceRatio: 10,
  certainCauses: 'fail',
  stallSeconds: 900,
  probationSeconds: 0,
  provenBy: 'bake',
  restoreByCopy: true,
  gates: null,
  tests: [],
  normalExitCodes: [],
  failureClasses,
  analysis: null,
} as const satisfies Partial<Policy>;

export const defaultPolicy: Policy = {
  mode: 'enforce',
  failurePercent: 10,
  minimumFailures: 2,
  deadlineSeconds: 3600,
  bakeSeconds: 300,
  alarms: [],
  onInconclusive: 'notify',
  rollbackBudget: 3,
  ...laterKeys,
  failureRule: 'evidence',
  probationSeconds: null,
};

/** How long a pass may be revoked, counted from the completion. */
export function probationSecondsIn({ probationSeconds, failureRule }: Policy): number {
  return probationSeconds ?? (failureRule === 'evidence' ? 3600 : 0);
}

export type LaterKey = keyof typeof laterKeys;

/** A policy as the log holds it: without the later keys that say what older policies meant. */
export type RecordedPolicy = Omit<Policy, LaterKey> & Partial<Pick<Policy, LaterKey>>;

export function recordedPolicy(policy: Policy): RecordedPolicy {
  const whole = { ...policy, probationSeconds: probationSecondsIn(policy) };
  const shown = Object.entries(whole).filter(([key, value]) => !isLaterDefault(key, value));
  return Object.fromEntries(shown) as RecordedPolicy;
}

export function wholePolicy(recorded: RecordedPolicy): Policy {
  return { ...laterKeys, ...recorded };
}

/**
 * A short fingerprint that tells two policies apart in the log. A later key at its default leaves
 * it as it was before there was the key.
 */
export function policyVersion(policy: Policy): string {
  const text = sortedJson(recordedPolicy(policy));
  return fingerprintOf(text).toString(16).padStart(8, '0');
}

function isLaterDefault(key: string, value: unknown): boolean {
  const later: { readonly [key: string]: unknown } = laterKeys;
  return Object.hasOwn(later, key) && JSON.stringify(value) === JSON.stringify(later[key]);
}
