import { type Instant, secondsAfter } from '../../log/instant';
import { defaultGates } from '../../log/traffic/gate-policy';
import type { LiveRollout } from '../../rollout/live-rollout';
import { isRollback } from '../../rollout/rollout-context';
import type { HookWait } from '../../rollout/traffic/traffic';
import { evidenceFor } from './gate-evidence';
import type { Gate } from './gate-records';

/** What the evidence says of a gate. */
export type GateJudgement =
  | { readonly kind: 'answer'; readonly answer: 'CONTINUE' | 'ROLLBACK'; readonly because: string }
  /** Nobody is told before the instant. */
  | { readonly kind: 'wait'; readonly until: Instant; readonly because: string }
  /** A person has to answer. */
  | { readonly kind: 'hold' };

/** ECS answers by itself at the time-out: Rewind has answered, or told people, before. */
const aheadOfTimeoutSeconds = 60;

/**
 * Whether the rollout may go on at a gate that is open since then. Pure. The gates of a way back
 * are answered at once: users wait for it, and a rollback is never taken back.
 */
export function judgeGate(live: LiveRollout, gate: Gate, now: Instant): GateJudgement {
  const { policy } = live.context;
  if (isRollback(live.context))
    return { kind: 'answer', answer: 'CONTINUE', because: 'a way back waits for nothing' };
  const { minimumSeconds, onUndecided } = policy.gates ?? defaultGates;
  const opensAt = secondsAfter(gate.since, minimumSeconds);
  if (now < opensAt) {
    return { kind: 'wait', until: opensAt, because: `a gate is open for ${minimumSeconds} s at least` };
  }
  const { missing } = evidenceFor(live, gate.stage);
  if (missing.length === 0)
    return { kind: 'answer', answer: 'CONTINUE', because: 'nothing speaks against it' };
  const heldUntil = endOfHold(live, gate);
  if (now < heldUntil) return { kind: 'wait', until: heldUntil, because: missing.join('; ') };
  const heldFor = Math.round((heldUntil - gate.since) / 1000);
  const because = `undecided after ${heldFor} s: ${missing.join('; ')}`;
  if (onUndecided === 'hold') return { kind: 'hold' };
  return { kind: 'answer', answer: onUndecided === 'continue' ? 'CONTINUE' : 'ROLLBACK', because };
}

function endOfHold({ context: { policy } }: LiveRollout, { since, expiresAt }: HookWait): Instant {
  const end = secondsAfter(since, (policy.gates ?? defaultGates).holdSeconds);
  const latest = expiresAt === null ? end : secondsAfter(expiresAt, -aheadOfTimeoutSeconds);
  return latest < end ? latest : end;
}
