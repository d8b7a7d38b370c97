import type { CallAnswer } from '../../state-machines/decisions/decide-call-answer';
import type { CallEcs } from '../../state-machines/decisions/decision';
import { hasTimeToAct } from '../../state-machines/decisions/rollback-lease';
import type { Situation } from '../../state-machines/decisions/situation';
import { invariant } from '../../state-machines/log/foundation/invariant';
import type { Instant } from '../../state-machines/log/instant';
import type { ObservedService } from '../../state-machines/log/observed-service';
import { isSameRollout } from '../../state-machines/rollout/live-rollout';
import { refusalOf } from '../aws/ecs/ecs';
import { heldBecause, type Sources, silenceOf } from './look';

interface Caller extends Pick<Sources, 'ecs' | 'killSwitch' | 'mode'> {
  readonly now: () => Instant;
}

interface Call {
  readonly situation: Situation;
  readonly observed: ObservedService;
  readonly decision: CallEcs;
}

/**
 * Calls ECS, and says what it answered. Safe to repeat: each call changes nothing the second time.
 */
export async function callEcs(caller: Caller, situation: Situation, decision: CallEcs): Promise<CallAnswer> {
  const answer = situation.seen.service?.answer;
  invariant(answer?.kind === 'shown', 'a call is decided with the service in view');
  const call = { situation, decision, observed: answer.shown.observed };
  try {
    return await (decision.method === 'UpdateService' ? update(caller, call) : stop(caller, call));
  } catch (error) {
    return unanswered(error);
  }
}

function unanswered(error: unknown): CallAnswer {
  const { kind, reason, message } = silenceOf(error);
  if (kind === 'faulty') throw error;
  const refusal = refusalOf(error);
  if (refusal === 'outdated') return { kind: 'outdated' };
  return { kind: refusal === 'terminal' ? 'refused' : 'unreachable', reason, message };
}

async function stop(caller: Caller, call: Call): Promise<CallAnswer> {
  const { observed, decision } = call;
  const { serviceDeployment } = decision;
  invariant(serviceDeployment !== null, 'what is stopped was chosen with the way back');
  const hindrance = hindranceTo(caller, call, await heldBecause(caller));
  if (hindrance !== null) return hindrance;
  const { requestId, isOnRequest } = await caller.ecs.stopServiceDeployment(serviceDeployment);
  if (!isOnRequest) return { kind: 'outdated' };
  // ECS goes back to a deployment that is still there, under its old id; its answer does not name
  // it.
  const { deployment, taskDefinition } = decision.wayBack;
  const others = observed.deployments.filter(({ id }) => id !== decision.rollout.deployment);
  const resumed =
    others.find(({ id }) => id === deployment) ??
    others.find((other) => other.taskDefinition === taskDefinition);
  const rollbackDeployment = resumed?.id ?? null;
  return { kind: 'accepted', requestId, rollbackDeployment, carriedOver: [], copy: null };
}

async function update(caller: Caller, call: Call): Promise<CallAnswer> {
  const { ecs } = caller;
  const { observed, decision, situation } = call;
  const { service } = situation.state;
  const { wayBack, byCopy } = decision;
  const parameters = await ecs.parametersLeftBehind(service, wayBack);
  const hindrance = hindranceTo(caller, call, await heldBecause(caller));
  if (hindrance !== null) return hindrance;
  const copy = byCopy ? await ecs.copyOf(wayBack) : null;
  const target = copy ?? wayBack.taskDefinition;
  const [primary] = observed.deployments;
  // All that took calls of its own. Somebody may have deployed meanwhile, and UpdateService would
  // overwrite that: the question for it is the last one.
  const held = byCopy ? await heldBecause(caller) : null;
  const isOutdated = (await ecs.primaryOf(service)) !== (primary?.id ?? null);
  if (isOutdated) return { kind: 'outdated' };
  const lastHindrance = hindranceTo(caller, call, held);
  if (lastHindrance !== null) return lastHindrance;
  const isForced = primary?.taskDefinition === target || 'capacityProviderStrategy' in parameters;
  const { deployment, requestId } = await ecs.updateService(service, { target, parameters, isForced });
  // No new deployment: somebody had brought the service there before, and the call changed nothing.
  if (observed.deployments.some(({ id }) => id === deployment)) return { kind: 'outdated' };
  const carriedOver = Object.keys(parameters);
  return { kind: 'accepted', requestId, rollbackDeployment: deployment, carriedOver, copy };
}

/**
 * The last question before a write: null when nobody holds Rewind back and the lease leaves time
 * for the call. The process may have stood still since the decision.
 */
function hindranceTo({ now }: Caller, { situation, decision }: Call, held: string | null): CallAnswer | null {
  if (held !== null) return { kind: 'held', because: held };
  const live = situation.state.rollouts.find((rollout) => isSameRollout(rollout, decision.rollout));
  if (live?.context.policy.mode === 'observe')
    return { kind: 'held', because: 'the rollout is only observed' };
  const me = { owner: situation.owner, now: now() };
  return hasTimeToAct(live?.recorded.attempt ?? null, me) ? null : { kind: 'outdated' };
}
