import type { Policy } from '../../log/policy';
import { type CauseKind, causeKinds } from '../../log/stopped-task';
import type { Evidence } from '../evidence';

/**
 * By `evidence`: whether a failure of this kind is shown and says nothing of the release. A further
 * try may succeed, or the policy waits for one; where none does, the rollout stalls.
 */
export function isWaitedFor(
  kind: CauseKind | undefined,
  { certainCauses }: Pick<Policy, 'certainCauses'>,
): boolean {
  return kind === 'transient' || (kind === 'certain' && certainCauses === 'wait');
}

/** How many tasks failed that way. */
export function countWaiting({ byCauseKind }: Evidence, policy: Pick<Policy, 'certainCauses'>): number {
  return causeKinds.reduce(
    (sum, kind) => sum + (isWaitedFor(kind, policy) ? (byCauseKind[kind] ?? 0) : 0),
    0,
  );
}

/** By `evidence`: whether a task failed for what no further try can mend. One is enough. */
export function hasCertainCause({ byCauseKind }: Evidence, { certainCauses }: Policy): boolean {
  return certainCauses === 'fail' && (byCauseKind.certain ?? 0) > 0;
}

/** What that was, in a sentence. */
export function describeCertainCause({ started, byCauseKind, firstFailures }: Evidence): string {
  const first = firstFailures.find(({ causeKind }) => causeKind === 'certain');
  const what = first === undefined ? '' : `: ${first.taskClass}: ${first.reason}`;
  return `${byCauseKind.certain ?? 0} of ${started} started tasks failed for what no further try can mend${what}`;
}
