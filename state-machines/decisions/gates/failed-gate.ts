import type { LiveRollout } from '../../rollout/live-rollout';
import type { RecordDecision } from '../decision';
import type { SituationInView } from '../look';
import { isShown } from './answer-gate';
import { decideGate, type Gate, holdGate, openGatesIn } from './gate-records';

/**
 * A rollout that has failed while a gate waits is taken back at once, through the gate: the answer
 * is recorded as ROLLBACK, and the call is that of every rollback (docs/decisions/0056). Null where
 * none waits, or its answer stands. Pure.
 */
export function refuseOpenGate(situation: SituationInView, live: LiveRollout): RecordDecision | null {
  const gate = unansweredGateOf(situation, live);
  const { verdict } = live.context;
  if (gate === null || verdict === null) return null;
  return decideGate(situation, live, { gate, answer: 'ROLLBACK', because: verdict.message });
}

/** Where nothing is known to go back to, no ROLLBACK is sent: a person has to answer. Pure. */
export function holdOpenGate(
  situation: SituationInView,
  live: LiveRollout,
  because: string,
): RecordDecision | null {
  const gate = unansweredGateOf(situation, live);
  const { verdict } = live.context;
  if (gate === null || verdict === null) return null;
  return holdGate(situation, live, { gate, reason: 'noWayBack', missing: [verdict.message, because] });
}

function unansweredGateOf(situation: SituationInView, live: LiveRollout): Gate | null {
  const isOpen = (gate: Gate) =>
    isShown(situation, live, gate) && live.recorded.gates?.[gate.hookId]?.answer == null;
  return openGatesIn(live).find(isOpen) ?? null;
}
