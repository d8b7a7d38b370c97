import { lacksAlarmCheck, type Situation } from '../../state-machines/decisions/decide';
import { awaitsEcs, isUntold } from '../../state-machines/decisions/decide-rollback';
import { isNews } from '../../state-machines/decisions/unrecorded-facts';
import type { EventId } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { Policy } from '../../state-machines/log/policy';
import type { RolloutId } from '../../state-machines/log/rollout-id';
import { isSameRollout } from '../../state-machines/rollout/live-rollout';
import { elapsedBy } from '../../state-machines/service/deadlines';
import { type ServiceState, safeTargetsOf } from '../../state-machines/service/service-state';
import type { Alarms } from '../aws/alarms/alarms';
import { AccountNotConfiguredError, type Ecs, isDenied, type Question } from '../aws/ecs/ecs';
import type { KillSwitch } from '../aws/kill-switch';
import type { PolicyFile } from '../policy/policy-file';
import { type Tag, withTags } from '../policy/policy-tags';

interface Looking {
  readonly ecs: Ecs;
  readonly alarms: Alarms;
  readonly policies: PolicyFile;
  readonly mode?: Policy['mode'];
  readonly now: () => Instant;
  readonly owner: string;
  readonly state: ServiceState;
  /** Facts that were appended already, whatever the state made of them. */
  readonly learnt: ReadonlySet<EventId>;
}

/** ECS gave no answer, or none that is final: Rewind asks again later. */
export interface Unavailable {
  readonly unavailable: string;
  /** The refusal of ECS to be looked at; null when asking again may help. */
  readonly denied: { readonly reason: string; readonly message: string } | null;
  /** Whether it is people who keep Rewind from writing to ECS: then it is no failure, and asking again soon is no burden. */
  readonly isHeld: boolean;
  /** Why the service is out of reach until somebody changes the policy file; null when it is not. */
  readonly outOfReach: string | null;
}

export function unavailable(error: unknown): Unavailable {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const denied = isDenied(error) ? { reason: name, message } : null;
  const outOfReach = error instanceof AccountNotConfiguredError ? message : null;
  return { unavailable: `ECS could not be asked: ${name}: ${message}`, denied, isHeld: false, outOfReach };
}

/** Null when nobody keeps Rewind from writing to ECS. */
export async function heldBy(killSwitch: KillSwitch | undefined): Promise<Unavailable | null> {
  const because = (await killSwitch?.heldBecause()) ?? null;
  if (because === null) return null;
  return { unavailable: `held: ${because}`, denied: null, isHeld: true, outOfReach: null };
}

/** A situation, and what was asked to learn it. */
export interface Look {
  readonly situation: Situation;
  readonly asked: Asked;
}

interface Asked {
  readonly question: Question | null;
  readonly alarms: readonly string[];
}

/**
 * All that a decision is made from. ECS is asked only where a decision may depend on it: to open a rollout, before every step of
 * a rollback, and before time alone ends a phase.
 */
export async function lookAt(looking: Looking): Promise<Look | Unavailable> {
  const { ecs, alarms, state, owner } = looking;
  // Before the look, so that whatever has run out by then has run out before ECS was asked.
  const now = looking.now();
  const question = questionOf(state, { owner, now });
  try {
    const observation = question === null ? null : await ecs.observe(state.service, question);
    const policy = policyOf(looking, observation?.tags ?? []);
    const names = alarmsToRead({ state, now, policy });
    const readings = names.length === 0 ? null : await alarms.read(names, state.service);
    const observed = observation?.observed ?? null;
    const until = lastEndBy(state, now);
    const news = until === null ? null : await newsOf(looking, until);
    return {
      situation: { state, observed, alarms: readings, news, owner, policy, now },
      asked: { question, alarms: names },
    };
  } catch (error) {
    return unavailable(error);
  }
}

/** When the last of the phases ended that time is to end now; null when there is none. A bake asks its alarms first, then ECS. */
function lastEndBy(state: ServiceState, now: Instant): Instant | null {
  const unasked = state.rollouts.filter(lacksAlarmCheck);
  const ended = elapsedBy(state, now).filter((end) => !unasked.some((live) => isSameRollout(live, end)));
  return ended.at(-1)?.occurredAt ?? null;
}

/** What ECS shows that no notification told; `refused` when it lets Rewind not look, which is a result like any other. */
async function newsOf({ ecs, state, learnt }: Looking, until: Instant): Promise<Situation['news']> {
  try {
    const facts = await ecs.facts(state.service);
    return facts.filter((fact) => !learnt.has(fact.id) && isNews(state, fact, until));
  } catch (error) {
    if (isDenied(error)) return 'refused';
    throw error;
  }
}

/** The file's policy for the service, its tags over it, and no more than Rewind is deployed to do. */
function policyOf({ policies, mode, state }: Looking, tags: readonly Tag[]): Policy {
  const { policy } = withTags(policies.policyFor(state.service), tags);
  return mode === 'observe' ? { ...policy, mode } : policy;
}

/**
 * The situation with the log as it stands after the look: whoever had acted by then, had written down before that they would,
 * and it is not taken for somebody else's doing. Null when the newer state asks for more than was looked at.
 */
export function withNewerState({ situation, asked }: Look, state: ServiceState): Situation | null {
  const question = questionOf(state, situation);
  const isAsked = question?.candidates.every((one) => asked.question?.candidates.includes(one)) ?? true;
  // What ended since the look is not in it.
  const isSeen = state.rollouts.filter(isUntold).every(({ context }) => wasUntold(situation.state, context));
  const names = alarmsToRead({ ...situation, state });
  const isShown = situation.news !== null || lastEndBy(state, situation.now) === null;
  return isAsked && isSeen && isShown && names.every((name) => asked.alarms.includes(name))
    ? { ...situation, state }
    : null;
}

function wasUntold({ rollouts }: ServiceState, rollout: RolloutId): boolean {
  return rollouts.some((live) => isSameRollout(live, rollout) && isUntold(live));
}

/** The alarms of a rollout that is opened now, or whose bake ends now without their having been asked. */
function alarmsToRead({ state, now, policy }: { state: ServiceState; now: Instant; policy: Policy }) {
  const names = state.rollouts.flatMap((live) => {
    const { dueAt, policy: recorded } = live.context;
    if (!live.recorded.opened) return policy.alarms;
    return lacksAlarmCheck(live) && dueAt !== null && dueAt <= now ? recorded.alarms : [];
  });
  return [...new Set(names)];
}

/** Null when nothing that could be decided now depends on ECS. */
function questionOf(state: ServiceState, moment: { owner: string; now: Instant }): Question | null {
  const isUndecided = state.rollouts.some((live) => !live.recorded.opened || awaitsEcs(live, moment));
  if (!isUndecided) return null;
  const candidates = state.rollouts
    .filter(({ phase }) => phase === 'rollingBack')
    .flatMap((live) => safeTargetsOf(state, live));
  return { candidates: [...new Set(candidates)] };
}
