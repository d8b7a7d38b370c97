import { secondsAfter } from '../../log/instant';
import { ownStage } from '../../log/observed-service';
import type { HookAction } from '../../log/traffic/gate-events';
import { isOwnHook } from '../../log/traffic/own-hook';
import type { LiveRollout } from '../../rollout/live-rollout';
import type { AnswerGate, Decision, RecordDecision, Retry, Wait } from '../decision';
import { type SituationInView, withFacts, withServiceInView } from '../look';
import type { Situation } from '../situation';
import { evidenceFor } from './gate-evidence';
import { decideGate, type Gate, type GateHold, holdGate, openGatesIn, recordOvertaken } from './gate-records';
import { type GateJudgement, judgeGate } from './judge-gate';

/** So long after the end of a hook, whoever answered it has told so. */
const tellingSeconds = 60;

/**
 * The next step at a gate of a watched rollout: judge, record the answer, answer, tell what came of
 * it; null where nothing is to be done. What is recorded is sent, by whoever comes next. Pure.
 */
export function answerGates(situation: Situation, live: LiveRollout): Decision | null {
  // Rewind's own function is asked again, and passes on what is recorded.
  const isPassedOn = ({ hookId }: Gate) => isOwnHook(hookId) && answerTo(live, hookId) !== null;
  const gate = openGatesIn(live).find((one) => !isPassedOn(one));
  if (gate === undefined) return null;
  const { waitingHooks, traffic } = live.context;
  const shown = (traffic?.hooks ?? []).filter((hookId) => waitingHooks[hookId]?.isPause);
  if (shown.length > 1) return leaveToPeople(situation, live, { gate, ...ambiguous });
  if (live.context.policy.mode === 'observe') return leaveToPeople(situation, live, { gate, ...observed });
  const answer = answerTo(live, gate.hookId);
  if (answer === null) return judge(situation, live, gate);
  return answer === 'CONTINUE' ? send(situation, live, gate) : null;
}

function answerTo({ recorded }: LiveRollout, hookId: string): HookAction | null {
  return recorded.gates?.[hookId]?.answer ?? null;
}

const ambiguous = {
  reason: 'ambiguous',
  missing: ['two hooks wait at once, and nothing tells which of them is for Rewind to answer'],
} as const;
const observed = { reason: 'observed', missing: ['Rewind only observes the service'] } as const;

/** What ended without Rewind is told when whoever answered has had the time to say so. */
export function tellOvertaken({ state, now }: Situation, live: LiveRollout): RecordDecision | null {
  const { context, recorded } = live;
  const stages: readonly string[] =
    context.policy.mode === 'observe' ? [] : (context.policy.gates?.stages ?? []);
  const over = context.endedHooks.find(({ hookId, stage, found, at }) => {
    const { answer = null, isOver = false } = recorded.gates?.[hookId] ?? {};
    const isOurs = stage !== null && stages.includes(stage) && answer !== 'ROLLBACK' && !isOver;
    return isOurs && (found === 'HOOK_TIMED_OUT' || secondsAfter(at, tellingSeconds) <= now);
  });
  if (over === undefined || over.stage === null) return null;
  const { hookId, stage, found } = over;
  return recordOvertaken({ state, now }, live, { hookId, stage, found });
}

function judge(situation: Situation, live: LiveRollout, gate: Gate): Decision {
  const { now } = situation;
  const judgement = judgeGate(live, gate, now);
  switch (judgement.kind) {
    case 'wait':
      return { action: 'wait', until: judgement.until, because: `a gate waits: ${judgement.because}` };
    case 'hold': {
      const { missing } = evidenceFor(live, gate.stage);
      return leaveToPeople(situation, live, { gate, reason: 'undecided', missing });
    }
    case 'answer':
      // A notification may be lost: ECS itself has shown what it knows before a rollout goes on.
      return withServiceInView(situation, (inView) =>
        withFacts(inView, now, () => recordAnswer(inView, live, { gate, ...judgement })),
      );
    default:
      return judgement satisfies never;
  }
}

/** An answer that people keep Rewind from sending is not recorded: it would be sent much later. */
function recordAnswer(
  situation: SituationInView,
  live: LiveRollout,
  judged: Extract<GateJudgement, { kind: 'answer' }> & { readonly gate: Gate },
): Decision {
  const { gate } = judged;
  const { seen, observesBecause } = situation;
  if (!isShown(situation, live, gate)) return { action: 'wait', until: null, because: 'the gate is gone' };
  if (seen.killSwitch === null) return { action: 'look', at: 'killSwitch' };
  const because = observesBecause ?? seen.killSwitch.heldBecause;
  return because === null
    ? decideGate(situation, live, judged)
    : holdForPeople(situation, live, { gate, reason: 'held', missing: [because] });
}

/** Who finds an answer that was recorded looks before sending it. */
function send(situation: Situation, live: LiveRollout, gate: Gate): Decision {
  return withServiceInView(situation, (inView) => {
    const shown = ownStage(inView.observed, live.context.startedAt);
    if (shown === null || !isShown(inView, live, gate)) {
      return { action: 'wait', until: null, because: 'the gate is gone' };
    }
    const { deployment, startedAt } = live.context;
    return {
      action: 'answerGate',
      rollout: { deployment, startedAt },
      serviceDeployment: shown.arn,
      hookId: gate.hookId,
      answer: 'CONTINUE',
      because: `CONTINUE at ${gate.stage}`,
    } satisfies AnswerGate;
  });
}

/** Whether ECS shows that it waits for the gate's answer; that it asks a function, it does not. */
export function isShown({ observed }: SituationInView, { context }: LiveRollout, { hookId }: Gate): boolean {
  if (isOwnHook(hookId)) return true;
  const shown = ownStage(observed, context.startedAt)?.stage?.hooks ?? [];
  return shown.some((hook) => hook.hookId === hookId);
}

/** People hold Rewind back: they are told that a gate waits for it, and Rewind asks again soon. */
export function holdForPeople(
  situation: Situation,
  live: LiveRollout,
  hold: GateHold,
): RecordDecision | Retry {
  const told = holdGate(situation, live, hold);
  return told ?? { action: 'retry', because: `held: ${hold.missing.join('; ')}`, why: 'held' };
}

function leaveToPeople(situation: Situation, live: LiveRollout, hold: GateHold): RecordDecision | Wait {
  const told = holdGate(situation, live, hold);
  return (
    told ?? { action: 'wait', until: null, because: `a gate waits for a person: ${hold.missing.join('; ')}` }
  );
}
