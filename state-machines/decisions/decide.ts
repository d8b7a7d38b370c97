import type { AlarmReading, RollbackIssued } from '../log/decided-events';
import type { EventId, TaskDefinitionArn } from '../log/identifiers';
import type { Instant } from '../log/instant';
import { invariant } from '../log/invariant';
import type { ObservedEvent } from '../log/observed-events';
import type { ObservedService } from '../log/observed-service';
import type { Policy } from '../log/policy';
import type { RolloutId } from '../log/rollout-id';
import { isLive, isSameRollout, type LiveRollout } from '../rollout/live-rollout';
import { type Elapsed, elapsedBy, nextDueAt } from '../service/deadlines';
import { type ServiceState, safeTargetOf } from '../service/service-state';
import { decideRollback, decideUntold, isUntold } from './decide-rollback';
import { decidedIn, decisionOn, openingOf, type RecordDecision, recordThat } from './decision-events';

/** One step towards what the service should be. `because` is a sentence for the log. */
export type Decision =
  | RecordDecision
  /** Append what no notification told, and look again. */
  | { readonly action: 'learn'; readonly facts: readonly ObservedEvent[]; readonly because: string }
  | RollBack
  /** Nothing to do before the instant; null: not before the log changes. */
  | { readonly action: 'wait'; readonly until: Instant | null; readonly because: string };

/** Call ECS. Only the owner of an unexpired request gets this decision. */
export interface RollBack {
  readonly action: 'rollBack';
  readonly rollout: RolloutId;
  readonly method: RollbackIssued['method'];
  readonly target: TaskDefinitionArn;
  readonly attempt: number;
  readonly because: string;
}

export interface Situation {
  readonly state: ServiceState;
  /** Null when nothing that can be decided now depends on it. */
  readonly observed: ObservedService | null;
  readonly now: Instant;
  /** Who would hold the lease of a rollback requested now. */
  readonly owner: string;
  /** What the policy's alarms show; null when nothing that can be decided now depends on it. */
  readonly alarms: readonly AlarmReading[] | null;
  /**
   * What ECS shows and the state does not hold; null when nothing that can be decided now depends
   * on it.
   */
  readonly news: readonly ObservedEvent[] | 'refused' | null;
  /** The service's policy as of now, its tags included: what a rollout opened now is held to. */
  readonly policy: Policy;
}

/** State, what is observed and the time in, one decision out. Pure. */
export function decide(situation: Situation): Decision {
  const decision = decideNext(situation);
  return decision.action === 'record' ? decidedIn(situation, decision) : decision;
}

function decideNext(situation: Situation): Decision {
  const { news } = situation;
  if (news !== null && news !== 'refused' && news.length > 0) {
    return {
      action: 'learn',
      facts: news,
      because: `ECS shows ${news.length} facts that no notification told`,
    };
  }
  const waits: Decision[] = [];
  for (const live of situation.state.rollouts) {
    const decision = decideOn(situation, live);
    if (decision.action !== 'wait') return decision;
    waits.push(decision);
  }
  return waits.reduce(sooner, { action: 'wait', until: null, because: 'no rollout is live' });
}

function sooner(a: Decision, b: Decision): Decision {
  if (a.action !== 'wait' || b.action !== 'wait') return a;
  if (a.until === null) return b;
  return b.until !== null && b.until < a.until ? b : a;
}

function decideOn(situation: Situation, live: LiveRollout): Decision {
  const { state, now } = situation;
  const { recorded, context, phase } = live;
  if (!recorded.opened) return openRollout(situation, live);
  const elapsed = elapsedBy(state, now).find((event) => isSameRollout(live, event));
  if (elapsed !== undefined && lacksAlarmCheck(live)) return checkAlarms(situation, live);
  if (elapsed !== undefined) return endPhase(situation, live, elapsed);
  const { verdict } = context;
  if (verdict !== null && !recorded.verdict) {
    const cause = { eventId: verdict.eventId, at: verdict.at };
    return recordThat(
      decisionOn<'VerdictReached'>(state, live, { type: 'VerdictReached', cause, verdict }),
      verdict.message,
    );
  }
  if (phase === 'rollingBack') return decideRollback(situation, live);
  if (isUntold(live)) return decideUntold(situation, live);
  if (!isLive(live)) return conclude(state, live);
  return { action: 'wait', until: nextDueAt(state), because: `${phase}: nothing speaks against it yet` };
}

/**
 * Notifications may be late or lost: before time alone ends a phase, ECS itself has shown what it
 * knows.
 */
function endPhase({ news }: Situation, { phase }: LiveRollout, elapsed: Elapsed): Decision {
  invariant(news !== null, 'a phase ends with what ECS shows in view');
  const isBlind = elapsed.type === 'BakeElapsed' && news === 'refused';
  return recordThat(isBlind ? { ...elapsed, isBlind } : elapsed, `${elapsed.type} in ${phase}`);
}

/**
 * Before a bake ends, the policy's alarms are asked: a notification that one was raised may have
 * been lost.
 */
export function lacksAlarmCheck({ phase, context }: LiveRollout): boolean {
  return phase === 'baking' && context.policy.alarms.length > 0 && context.check?.at !== context.dueAt;
}

function checkAlarms({ state, alarms }: Situation, live: LiveRollout): Decision {
  const { deployment, dueAt } = live.context;
  invariant(alarms !== null && dueAt !== null, 'a bake with alarms ends with CloudWatch in view');
  const cause = { eventId: `AlarmsChecked~${deployment}` as EventId, at: dueAt };
  const event = decisionOn<'AlarmsChecked'>(state, live, { type: 'AlarmsChecked', cause, alarms });
  const told = alarms.map((reading) => `${reading.alarm} ${reading.state}`).join(', ');
  return recordThat(event, `at the end of the bake: ${told}`);
}

function openRollout({ state, observed, policy, alarms }: Situation, live: LiveRollout): Decision {
  invariant(observed !== null, 'a rollout is opened with ECS in view');
  const { deployment, taskDefinition, rollbackOf } = live.context;
  const described = observed.deployments.find(({ id }) => id === deployment);
  const runs = described?.taskDefinition ?? taskDefinition;
  const event = decisionOn<'RolloutOpened'>(state, heldTo(live, policy), {
    type: 'RolloutOpened',
    cause: openingOf(live),
    taskDefinition: runs,
    stable: stableAtOpening({ state, observed }, live, runs),
    desiredCount: observed.exists ? observed.desiredCount : null,
    deploymentConfiguration: observed.deploymentConfiguration,
    policy,
    rollbackOf,
    alarms: alarms ?? [],
  });
  return recordThat(event, `${deployment} is a rollout that Rewind had not taken up`);
}

function heldTo({ context, ...live }: LiveRollout, policy: Policy): LiveRollout {
  return { ...live, context: { ...context, policy } };
}

/**
 * What has proven itself here; where Rewind has seen nothing proven yet, what ECS itself completed
 * before with tasks that run.
 */
function stableAtOpening(
  { state, observed }: { readonly state: ServiceState; readonly observed: ObservedService },
  live: LiveRollout,
  runs: TaskDefinitionArn | null,
): TaskDefinitionArn | null {
  const asOpened = { ...live, recorded: { ...live.recorded, opened: true } };
  const proven = safeTargetOf(state, { ...asOpened, context: { ...live.context, taskDefinition: runs } });
  if (proven !== null) return proven;
  const completed = observed.deployments.find(
    ({ id, rolloutState, runningCount }) =>
      id !== live.context.deployment && rolloutState === 'COMPLETED' && runningCount > 0,
  );
  const candidates = [completed?.taskDefinition, ...successfulWithTasks(observed)];
  const isSafe = (candidate: TaskDefinitionArn | undefined) =>
    candidate !== undefined && candidate !== runs && !state.memory.failed.includes(candidate);
  return candidates.find(isSafe) ?? null;
}

/** A deployment of no tasks succeeds too, and proves nothing. */
function successfulWithTasks({ desiredCount, lastSuccessful, earlierSuccessful }: ObservedService) {
  if (desiredCount === 0) return [];
  return lastSuccessful === null ? earlierSuccessful : [lastSuccessful, ...earlierSuccessful];
}

function conclude(state: ServiceState, live: LiveRollout): Decision {
  const { outcome, because, verdict } = live.context;
  const message = verdict?.message ?? `${outcome}`;
  const event = decisionOn<'RolloutConcluded'>(state, live, {
    type: 'RolloutConcluded',
    // What ended it may have been told late, and lie before the recorded verdict: the conclusion
    // still follows that.
    cause: verdict !== null && verdict.at > because.at ? verdict : because,
    outcome: outcome ?? 'abandoned',
    reason: because.reason,
    eventId: because.eventId,
    message,
  });
  return recordThat(event, `${outcome}: ${message}`);
}
