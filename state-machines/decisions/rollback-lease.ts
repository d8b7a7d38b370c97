import { type Instant, secondsAfter } from '../log/instant';
import type { Attempt } from '../rollout/rollout';

/** How long a request keeps everybody else from acting. */
export const leaseSeconds = 60;
/**
 * The longest that one call to ECS may take, the client's own retries included:
 * services/aws/ecs/ecs-client.ts holds it to that.
 */
export const callSeconds = 25;
/** How long ECS may take to show to others what a call has done. */
const showingSeconds = 5;

/**
 * Whether the lease is somebody else's, and still runs: they tell what they did; until then nobody
 * else can know.
 */
export function isHeldByAnother(
  attempt: Attempt | null,
  me: { owner: string; now: Instant },
): attempt is Attempt {
  return isRunning(attempt, me.now) && attempt.owner !== me.owner;
}

/** Whether the lease is one's own and still runs. */
export function isOwn(attempt: Attempt | null, { owner, now }: { owner: string; now: Instant }): boolean {
  return isRunning(attempt, now) && attempt.owner === owner;
}

/**
 * Whether a call begun now ends, and shows, before the lease does: whoever takes over looks at ECS
 * after that, and sees it. To be asked again directly before the call: a process may have stood
 * still since the decision.
 */
export function hasTimeToAct(attempt: Attempt | null, me: { owner: string; now: Instant }): boolean {
  if (!isRunning(attempt, me.now) || !isOwn(attempt, me)) return false;
  return secondsAfter(me.now, callSeconds + showingSeconds) <= attempt.leaseUntil;
}

/** Whether a request still keeps others from acting, and nobody has told what became of it. */
export function isRunning(attempt: Attempt | null, now: Instant): attempt is Attempt {
  return attempt !== null && attempt.outcome === 'pending' && now < attempt.leaseUntil;
}
