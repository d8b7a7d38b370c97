import { translate } from '../../../../services/notifications/translate';
import { alarmChangedFor } from '../../../../services/notifications/translation';
import type { PolicyFile } from '../../../../services/policy/policy-file';
import type { Verdict } from '../../../../state-machines/log/decided-events';
import type { RewindEvent } from '../../../../state-machines/log/events';
import type { DeploymentId, ServiceArn } from '../../../../state-machines/log/identifiers';
import { instantFrom } from '../../../../state-machines/log/instant';
import type { AlarmChange } from '../../../../state-machines/log/observed-events';
import { type FoldStep, replay } from '../../../../state-machines/replay/replay';
import type { HistoryFacts } from '../histories/compact-history';

/** A policy under which Rewind judges. */
export interface RewindJudge {
  readonly name: string;
  readonly policyFile: PolicyFile;
}

type Facts = Pick<HistoryFacts, 'service' | 'deployment' | 'until' | 'alarms'>;

/** Rewind's events of a history: what it would have in its log. */
export function eventsOf(notifications: Iterable<unknown>, { service, alarms }: Facts): RewindEvent[] {
  const events: RewindEvent[] = [];
  for (const notification of notifications) {
    const translation = translate(notification);
    if (translation.kind === 'event') events.push(translation.event);
    if (translation.kind === 'alarm' && isNamed(translation.alarm, alarms))
      events.push(alarmChangedFor(translation.alarm, service as ServiceArn));
    if (translation.kind === 'invalid') throw new Error(translation.because);
  }
  return events;
}

/**
 * The failed verdict of a replay on the judged rollout, a revoked pass included; null for any
 * other.
 */
export function failedVerdict(
  events: readonly RewindEvent[],
  facts: Facts,
  { policyFile }: RewindJudge,
): Verdict | null {
  const policy = { ...policyFile.policyFor(facts.service as ServiceArn), alarms: facts.alarms };
  try {
    const follow = (step: FoldStep) => stopAtFailure(step, facts.deployment as DeploymentId);
    const rollouts = replay(events, { policy, until: instantFrom(facts.until), follow });
    const judged = rollouts.find(({ deployment }) => deployment === facts.deployment);
    return judged?.verdict?.result === 'failed' ? judged.verdict : null;
  } catch (stop) {
    if (stop instanceof FailureSeen) return stop.verdict;
    throw stop;
  }
}

/** What comes behind a failed verdict changes nothing of it, and is much. */
class FailureSeen extends Error {
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super('the rollout has failed');
    this.verdict = verdict;
  }
}

function stopAtFailure({ after }: FoldStep, deployment: DeploymentId): void {
  for (const { context } of after.rollouts) {
    if (context.deployment === deployment && context.verdict?.result === 'failed')
      throw new FailureSeen(context.verdict);
  }
}

function isNamed({ alarm, alarmName }: AlarmChange, alarms: readonly string[]): boolean {
  return alarms.includes(alarmName) || alarms.includes(alarm);
}
