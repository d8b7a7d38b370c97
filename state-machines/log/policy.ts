import { fingerprintOf } from './fingerprint';

/** What Rewind holds one service to. Resolved when a rollout starts and recorded with it. */
export interface Policy {
  /** In `observe` everything happens except the call to ECS. */
  readonly mode: 'enforce' | 'observe';
  /** Failed tasks, in percent of the tasks started: above this the rollout fails. */
  readonly failurePercent: number;
  /** Fewer failed tasks than this never fail a rollout, whatever the percentage. */
  readonly minimumFailures: number;
  /**
   * A rollout that ECS has not completed after this long fails; a rollback that has not settled has
   * failed.
   */
  readonly deadlineSeconds: number;
  /** How long a completed rollout is watched before it passes. */
  readonly bakeSeconds: number;
  /** Names or ARNs of the CloudWatch alarms that fail the rollout. */
  readonly alarms: readonly string[];
  /**
   * What becomes of a rollout whose alarms could not be read, or had no data, at the end of its
   * bake and of its extension.
   */
  readonly onInconclusive: 'notify' | 'rollback' | 'pass';
  /** Rollbacks that Rewind may issue for the service within 24 hours. */
  readonly rollbackBudget: number;
}

export const defaultPolicy: Policy = {
  mode: 'enforce',
  failurePercent: 10,
  minimumFailures: 2,
  deadlineSeconds: 3600,
  bakeSeconds: 300,
  alarms: [],
  onInconclusive: 'notify',
  rollbackBudget: 3,
};

/** A short fingerprint that tells two policies apart in the log. */
export function policyVersion(policy: Policy): string {
  const text = JSON.stringify(policy, Object.keys(defaultPolicy).sort());
  return fingerprintOf(text).toString(16).padStart(8, '0');
}
