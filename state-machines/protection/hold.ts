import { sortedJson } from '../log/foundation/json';
import { formatInstant, type Instant, secondsAfter } from '../log/instant';
import type { Policy } from '../log/policy';
import type { DeclaredProtection } from './configuration';

import type { ProtectionPlan } from './plan';
import type { ProtectionActor, ProtectionEvent } from './protection-events';

/** Why the guard does not change a service although its plan asks for a change. */
export interface Hold {
  readonly outcome: 'told' | 'released' | 'failed';
  readonly because: string;
}

/** A service that its plan would change. */
interface HoldSubject {
  readonly plan: Pick<ProtectionPlan, 'after'>;
  readonly declared: Pick<DeclaredProtection, 'drift'>;
  readonly policy: Pick<Policy, 'mode'>;
  /** The last event that the guard wrote; null before the first. */
  readonly last: ProtectionEvent | null;
}

const secondsUntilRetry = 86_400;

/**
 * Why this actor leaves the service alone; null where it may change it. Pure. A person is held by
 * nothing. The guard respects an undo, the policy's mode, `drift: tell`, and a recent refusal.
 */
export function holdFor(actor: ProtectionActor, subject: HoldSubject, now: Instant): Hold | null {
  if (actor === 'operator') return null;
  const { policy, declared, last } = subject;
  if (last?.standing.isReleased === true) {
    return { outcome: 'released', because: 'it was undone, and stays so until somebody applies it again' };
  }
  if (policy.mode === 'observe') return { outcome: 'told', because: 'its policy only observes' };
  if (declared.drift === 'tell' && last !== null && last.standing.drifted.length > 0) {
    return { outcome: 'told', because: 'somebody changed it, and its policy has that told, not mended' };
  }
  return holdAfterRefusal(subject, now);
}

/** A final refusal is not repeated every few minutes: permissions seldom come within a day. */
function holdAfterRefusal({ plan, last }: HoldSubject, now: Instant): Hold | null {
  if (last?.type !== 'ProtectionRejected') return null;
  if (sortedJson(last.after) !== sortedJson(plan.after)) return null;
  if (now >= secondsAfter(last.occurredAt, secondsUntilRetry)) return null;
  const because = `it was refused at ${formatInstant(last.occurredAt)}, and is tried again after a day: ${last.message}`;
  return { outcome: 'failed', because };
}
