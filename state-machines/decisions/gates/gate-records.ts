import type { EventId } from '../../log/identifiers';
import type { Instant } from '../../log/instant';
import type { GateAnswered, GateDecided, GateHeld, GateOvertaken } from '../../log/traffic/gate-events';
import { isOwnHook } from '../../log/traffic/own-hook';
import type { LiveRollout } from '../../rollout/live-rollout';
import { stepAfter } from '../../rollout/traffic/rollout-progress';
import type { HookWait } from '../../rollout/traffic/traffic';
import { type RecordDecision, recordThat } from '../decision';
import { decisionFact } from '../decision-events';
import type { Situation } from '../situation';
import { evidenceFor } from './gate-evidence';

/** A hook that waits for Rewind's answer. */
export interface Gate extends HookWait {
  readonly hookId: string;
  readonly stage: string;
}

/** The gates of a rollout that wait now: hooks at a stage at which Rewind is to answer. */
export function openGatesIn({ context: { waitingHooks, policy } }: LiveRollout): readonly Gate[] {
  const stages: readonly string[] = policy.gates?.stages ?? [];
  return Object.entries(waitingHooks).flatMap(([hookId, wait]) => {
    const { stage, isPause } = wait;
    const isOurs = isPause || isOwnHook(hookId);
    return isOurs && stage !== null && stages.includes(stage) ? [{ ...wait, hookId, stage }] : [];
  });
}

/** Why a gate is left to people. */
export interface GateHold extends Pick<GateHeld, 'reason' | 'missing'> {
  readonly gate: Gate;
}

/** Records that people have to look at a gate; null where they know. */
export function holdGate(
  situation: Pick<Situation, 'state' | 'now'>,
  live: LiveRollout,
  { gate, reason, missing }: GateHold,
): RecordDecision | null {
  if (live.recorded.gates?.[gate.hookId]?.held.includes(reason)) return null;
  const { hookId, stage, expiresAt } = gate;
  const event: GateHeld = {
    ...gateFact(situation, live, { type: 'GateHeld', of: `${hookId}~${reason}` }),
    ...{ hookId, stage, reason, missing, expiresAt },
  };
  return recordThat(event, `the gate at ${stage} waits for a person: ${missing.join('; ')}`);
}

/** Records the answer to a gate, for good. */
export function decideGate(
  situation: Pick<Situation, 'state' | 'now'>,
  live: LiveRollout,
  { gate, answer, because }: Pick<GateDecided, 'answer' | 'because'> & { readonly gate: Gate },
): RecordDecision {
  const { hookId, stage } = gate;
  const event: GateDecided = {
    ...gateFact(situation, live, { type: 'GateDecided', of: hookId }),
    ...{ hookId, stage, step: stepAfter(live.context, stage), answer, because },
    judgements: evidenceFor(live, stage).judgements,
  };
  return recordThat(event, `${answer} at ${stage}: ${because}`);
}

/** Records that ECS took the answer. */
export function recordAnswered(
  situation: Pick<Situation, 'state' | 'now'>,
  live: LiveRollout,
  { hookId, stage, requestId }: Pick<GateAnswered, 'hookId' | 'stage' | 'requestId'>,
): RecordDecision {
  const event: GateAnswered = {
    ...gateFact(situation, live, { type: 'GateAnswered', of: hookId }),
    ...{ hookId, stage, requestId, answeredAt: situation.now },
  };
  return recordThat(event, `ECS goes on from ${stage}`);
}

/** Records that a gate is over by somebody else's answer, or by ECS's own time-out. */
export function recordOvertaken(
  situation: Pick<Situation, 'state' | 'now'>,
  live: LiveRollout,
  { hookId, stage, found }: Pick<GateOvertaken, 'hookId' | 'stage' | 'found'>,
): RecordDecision {
  const event: GateOvertaken = {
    ...gateFact(situation, live, { type: 'GateOvertaken', of: hookId }),
    ...{ hookId, stage, found },
  };
  return recordThat(event, `the gate at ${stage} is over: ${found ?? 'it is gone'}`);
}

/** A gate is decided at a time, not behind an event: its key is the hook's (log/events.ts). */
function gateFact<Type extends 'GateHeld' | 'GateDecided' | 'GateAnswered' | 'GateOvertaken'>(
  { state, now: at }: { readonly state: Situation['state']; readonly now: Instant },
  live: LiveRollout,
  { type, of }: { readonly type: Type; readonly of: string },
) {
  return decisionFact(state, live, { type, cause: { eventId: `Gate~${of}` as EventId, at } });
}
