import { describeJudgement } from '../analysis/describe-judgement';
import type { Reason, Verdict } from '../log/decided-events';
import { shortTaskDefinition } from '../log/identifiers';
import { believedAfterSeconds, describeDoubt } from './alarms/doubted-alarm';
import { doubtIn, isRaisedOften, lastingAlarm } from './alarms/doubted-alarms';
import { isRaised } from './alarms/raised-alarms';
import { raisedAtCheck, unknownsAtBakeEnd } from './bake-end';
import { hostToBlame, isHung } from './evidence';
import { isOnProbation, type LiveRollout, mayBeRevoked } from './live-rollout';
import { measuredAnalysis } from './measuring/live-measuring';
import { openMetrics } from './measuring/open-metrics';
import { stallsAt } from './progress';
import type { RolloutContext } from './rollout-context';
import type { RolloutSignal } from './signals';
import { describeCertainCause, hasCertainCause } from './weighing/cause-kinds';
import { describeFailures, hasTooManyFailures } from './weighing/failure-percent';
import { isPostponed } from './weighing/suspicion';
import { describeWeighed, isWeighed } from './weighing/weigh';

/**
 * What Rewind judges a rollout by, in the order of the design: the first rule that has something to
 * say gives the verdict. Evidence and policy stand in the context, and already hold what the signal
 * tells. Pure.
 *
 * A verdict is final (docs/decisions/0015): no rule is asked once there is one, or while a recorded
 * one lies ahead in the log.
 */
const rules: readonly Rule[] = [
  tooManyFailures,
  alarmRaised,
  alarmLasts,
  alarmRaisedAtBakeEnd,
  worseThanAllowed,
  failedByEcs,
  takenBackByOthers,
  testFailed,
  gateFailed,
  stalled,
  unknownAtBakeEnd,
  baked,
];

/**
 * By what a pass is revoked: by what counts over a long time. A share of failed tasks does not, nor
 * does a cause that no further try can mend where tasks have started before: that came later.
 */
const revokingRules: readonly Rule[] = [suspected, alarmRaised, alarmLasts];

type Rule = (judged: LiveRollout, signal: RolloutSignal) => Finding | null;

type Finding = Pick<Verdict, 'result' | 'reason' | 'message' | 'evidence'>;

/**
 * The verdict that the signal tips; null when nothing is decided. What was ended by something newer
 * without a verdict has not passed, whatever is learnt after that.
 */
export function verdictOn(judged: LiveRollout, signal: RolloutSignal): Verdict | null {
  const { ahead } = signal;
  if (ahead.verdict) return null;
  if (isOnProbation(judged)) return revocationOf(judged, signal);
  const isJudging = judged.phase === 'watching' || judged.phase === 'baking';
  if (!isJudging || judged.context.verdict !== null) return null;
  const verdict = verdictBy(rules, judged, signal);
  return ahead.unjudgedEnd && verdict?.result !== 'failed' ? null : verdict;
}

function revocationOf(judged: LiveRollout, signal: RolloutSignal): Verdict | null {
  const { verdict: pass } = judged.context;
  if (pass === null || !mayBeRevoked(judged)) return null;
  const verdict = verdictBy(revokingRules, judged, signal);
  if (verdict === null) return null;
  const minutes = Math.round((signal.at - pass.at) / 60_000);
  const message = `${verdict.message} (${minutes} min after it had passed)`;
  return { ...verdict, message, revokes: { at: pass.at, eventId: pass.eventId } };
}

function verdictBy(asked: readonly Rule[], judged: LiveRollout, signal: RolloutSignal): Verdict | null {
  for (const rule of asked) {
    const finding = rule(judged, signal);
    if (finding !== null) return { ...finding, at: signal.at, eventId: signal.id };
  }
  return null;
}

function tooManyFailures(judged: LiveRollout, signal: RolloutSignal): Finding | null {
  const { evidence, policy, tasks } = judged.context;
  if (isWeighed(judged.context)) return failedByEvidence(judged, signal);
  if (!hasTooManyFailures(evidence, policy) || hostToBlame(evidence, tasks) !== null) return null;
  return failed('TaskFailures', describeFailures(evidence, policy));
}

function failedByEvidence(judged: LiveRollout, signal: RolloutSignal): Finding | null {
  const { evidence, policy } = judged.context;
  if (hasCertainCause(evidence, policy)) return failed('TaskFailures', describeCertainCause(evidence));
  return suspected(judged, signal);
}

function suspected({ context: { suspicion } }: LiveRollout, signal: RolloutSignal): Finding | null {
  if (suspicion === null || isPostponed(suspicion, signal.at)) return null;
  const { weighed } = suspicion;
  return { ...failed('TaskFailures', describeWeighed(weighed)), evidence: weighed };
}

function alarmRaised({ context }: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'AlarmChanged' || !isRaised(context, signal.event)) return null;
  const { alarmName } = signal.event;
  const doubted = doubtIn(context, alarmName);
  if (doubted === undefined) return failed('AlarmRaised', `alarm ${alarmName} went to ALARM`);
  if (!isRaisedOften(doubted)) return null;
  const message = `alarm ${alarmName} went to ALARM for the third time in 30 min (${describeDoubt(doubted)})`;
  return failed('AlarmRaised', message);
}

function alarmLasts({ context }: LiveRollout, signal: RolloutSignal): Finding | null {
  // A check may find that one has lasted already of which no notification told.
  const mayShow = signal.type === 'HoldElapsed' || signal.type === 'AlarmsChecked';
  const lasting = mayShow ? lastingAlarm(context, signal.at) : undefined;
  if (lasting === undefined) return null;
  const message = `alarm ${lasting.alarm} has been in ALARM for ${believedAfterSeconds} s`;
  return failed('AlarmRaised', `${message} (${describeDoubt(lasting)})`);
}

function alarmRaisedAtBakeEnd({ phase, context }: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'AlarmsChecked' || phase !== 'baking') return null;
  const raised = raisedAtCheck(context, signal.event.alarms);
  const believed = raised.find(({ alarm }) => doubtIn(context, alarm) === undefined);
  if (believed === undefined) return null;
  return failed('AlarmRaised', `alarm ${believed.alarm} is in ALARM at the end of the bake`);
}

function worseThanAllowed({ context }: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'MeasurementTaken') return null;
  const failedMetric = measuredAnalysis(context)?.failed ?? null;
  if (failedMetric === null) return null;
  const reason = failedMetric.brokenRule === 'comparison' ? 'MetricDegraded' : 'LimitExceeded';
  const { missRatePercent = 0 } = context.policy.analysis ?? {};
  return failed(reason, describeJudgement(failedMetric, missRatePercent / 100));
}

function failedByEcs(_: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'DeploymentFailed') return null;
  return failed('NativeFailure', signal.event.reason ?? 'ECS itself took the deployment back');
}

function takenBackByOthers(_: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'RollbackStarted') return null;
  if (signal.stoppedBy !== undefined) {
    const who = signal.stoppedBy ?? 'a person or tool';
    return failed('Operator', `${who} stopped the service deployment, so that ECS goes back`);
  }
  if (signal.by !== 'operator') return failed('NativeFailure', 'ECS itself took the deployment back');
  const { target, safeTarget } = signal;
  return target === null || target === safeTarget()?.taskDefinition
    ? failed('Operator', 'a person or tool deployed the stable task definition again')
    : failed('Operator', `a person or tool went back to ${shortTaskDefinition(target)}`);
}

/** The policy takes back what stays undecided at a gate. */
function gateFailed(_: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'GateDecided' || signal.event.answer !== 'ROLLBACK') return null;
  const { stage, because } = signal.event;
  return failed('DeadlineElapsed', `the gate at ${stage} was ${because}`);
}

/** A required test that has failed each time that it may be run; what could not be run has not. */
function testFailed({ context }: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'TestEnded' || signal.event.result !== 'failed') return null;
  const { test, attempt, message, evidence } = signal.event;
  const declared = context.policy.tests.find(({ name }) => name === test);
  if (declared === undefined || !declared.required || attempt <= declared.retries) return null;
  const often = attempt === 1 ? '' : ` (attempt ${attempt})`;
  const [lastLine] = evidence.slice(-1);
  const said = lastLine === undefined ? '' : `: ${lastLine}`;
  return failed('TestFailed', `the test ${test} failed: ${message}${often}${said}`);
}

/** Time alone is no failure: what fails is a release whose own tasks do not get up. */
function stalled({ phase, context }: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'StallElapsed' || phase !== 'watching') return null;
  const stallAt = stallsAt(context);
  if (stallAt === null || signal.at < stallAt) return null;
  const { evidence, policy } = context;
  const counts = `${evidence.running} of ${evidence.started} started tasks run`;
  if (!isHung(evidence)) {
    const kept = `ECS replaced no old task for ${policy.stallSeconds} s: it does not take the new ones for healthy`;
    return failed('Stalled', `${kept} (${counts})`);
  }
  return failed('Stalled', `no new task got up for ${policy.stallSeconds} s (${counts})`);
}

function unknownAtBakeEnd({ phase, context }: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'BakeElapsed' || phase !== 'baking' || !isDue(context, signal)) return null;
  const { onInconclusive } = context.policy;
  const unknowns = onInconclusive === 'pass' ? [] : unknownsAtBakeEnd(context, signal.event);
  const open = openMetrics(context).filter(({ follows }) => follows !== 'pass');
  const texts = [
    ...(unknowns.length === 0 ? [] : [`nothing is known of ${unknowns.join(', ')}`]),
    ...open.map(({ message }) => message),
  ];
  if (texts.length === 0) return null;
  const follows = [...(unknowns.length === 0 ? [] : [onInconclusive]), ...open.map((one) => one.follows)];
  const result = follows.includes('rollback') ? 'failed' : 'inconclusive';
  const message = `the bake was extended once and still ${texts.join('; ')}`;
  return { result, reason: 'DeadlineElapsed', message };
}

function baked({ phase, context }: LiveRollout, signal: RolloutSignal): Finding | null {
  if (signal.type !== 'BakeElapsed' || phase !== 'baking' || !isDue(context, signal)) return null;
  const { evidence, policy, isBakeExtended, hasRunInBake, transitionCause } = context;
  const wholeSeconds = isBakeExtended ? 2 * policy.bakeSeconds : policy.bakeSeconds;
  // Somebody may have ended it before.
  const bakedSeconds = Math.min(wholeSeconds, Math.round((signal.at - transitionCause.at) / 1000));
  if (!hasRunInBake) {
    const message = `no task ran in the ${bakedSeconds} s after completion: that proves nothing`;
    return { result: 'inconclusive', reason: 'BakePassed', message };
  }
  const failures =
    evidence.failed === 0 ? 'no failed task' : `${evidence.failed} failed within what is allowed`;
  const open = openMetrics(context).map((metric) => `; ${metric.message}`);
  const message = `nothing spoke against it for ${bakedSeconds} s after completion (${failures}${open.join('')})`;
  return { result: 'passed', reason: 'BakePassed', message };
}

function failed(reason: Reason, message: string): Finding {
  return { result: 'failed', reason, message };
}

/**
 * Whether the phase has ended by then. A signal of an earlier deadline says nothing of this one.
 */
export function isDue({ dueAt }: RolloutContext, { at }: Pick<RolloutSignal, 'at'>): boolean {
  return dueAt !== null && at >= dueAt;
}
