import type { Policy } from '../../log/policy';
import type { Evidence } from '../evidence';

/**
 * By `percent`: whether the failed tasks exceed what the policy allows. Counts are cumulative: a
 * healthy task forgives nothing.
 */
export function hasTooManyFailures(evidence: Evidence, policy: Policy): boolean {
  return (
    evidence.failed >= policy.minimumFailures &&
    evidence.failed * 100 > policy.failurePercent * evidence.started
  );
}

/** The evidence in a sentence, with the numbers that count. */
export function describeFailures(evidence: Evidence, policy: Policy): string {
  const percent = Math.round((evidence.failed / evidence.started) * 100);
  const classes = Object.entries(evidence.byClass)
    .filter(([taskClass]) => policy.failureClasses.some((counted) => counted === taskClass))
    .map(([taskClass, count]) => `${count} × ${taskClass}`)
    .join(', ');
  return `${evidence.failed} of ${evidence.started} started tasks failed (${percent} %, ${policy.failurePercent} % allowed): ${classes}`;
}
