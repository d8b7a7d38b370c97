import type { RollBack, Situation } from '../../state-machines/decisions/decide';
import { reject } from '../../state-machines/decisions/decide-rollback';
import {
  decidedIn,
  decisionOn,
  failureOf,
  type RecordDecision,
  recordThat,
} from '../../state-machines/decisions/decision-events';
import { hasTimeToAct } from '../../state-machines/decisions/rollback-lease';
import type { DeploymentId } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { invariant } from '../../state-machines/log/invariant';
import { isSameRollout, type LiveRollout } from '../../state-machines/rollout/live-rollout';
import { type Ecs, refusalOf } from '../aws/ecs/ecs';
import type { KillSwitch } from '../aws/kill-switch';
import { heldBy, type Unavailable, unavailable } from './situation';

interface Acting {
  readonly ecs: Ecs;
  readonly killSwitch?: KillSwitch;
  readonly now: () => Instant;
}

/**
 * Calls ECS, and says what is to be recorded of its answer: that the rollback was issued, or refused for good. `outdated` when
 * what had been observed is no longer so; `Unavailable` when there was no answer, or the call was held: the lease runs out, and whoever comes next
 * looks at ECS before acting.
 */
export async function rollBack(
  acting: Acting,
  situation: Situation,
  decision: RollBack,
): Promise<RecordDecision | 'outdated' | Unavailable> {
  const live = situation.state.rollouts.find((rollout) => isSameRollout(rollout, decision.rollout));
  invariant(live?.context.verdict != null, 'only a rollout with a verdict is rolled back');
  try {
    const issued = await call(acting, { situation, live, decision });
    if (issued === 'outdated' || 'unavailable' in issued) return issued;
    const event = decisionOn<'RollbackIssued'>(situation.state, live, {
      type: 'RollbackIssued',
      cause: failureOf(live),
      attempt: decision.attempt,
      method: decision.method,
      issuedAt: situation.now,
      target: decision.target,
      ...issued,
    });
    return decidedIn(situation, recordThat(event, decision.because));
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === 'outdated') return refusal;
    if (refusal === 'retryable') return unavailable(error);
    const { name: reason, message } = error as Error;
    return decidedIn(situation, reject(situation, live, { reason, message }));
  }
}

interface Call {
  readonly situation: Situation;
  readonly live: LiveRollout;
  readonly decision: RollBack;
}

interface Answer {
  readonly rollbackDeployment: DeploymentId | null;
  readonly requestId: string | null;
  readonly carriedOver?: readonly string[];
}

type NoAnswer = 'outdated' | Unavailable;

function call(acting: Acting, called: Call): Promise<Answer | NoAnswer> {
  return called.decision.method === 'UpdateService' ? update(acting, called) : stop(acting, called);
}

/** The last question before a write: null when nobody holds Rewind back, and the lease leaves time for the call. */
function hindrance({ now }: Acting, { situation, live }: Call, held: Unavailable | null): NoAnswer | null {
  if (held !== null) return held;
  return hasTimeToAct(live.recorded.attempt, { owner: situation.owner, now: now() }) ? null : 'outdated';
}

async function stop(acting: Acting, called: Call): Promise<Answer | NoAnswer> {
  const { situation, decision } = called;
  const { observed } = situation;
  invariant(observed?.inProgress != null, 'only a service deployment in progress is stopped');
  const hindered = hindrance(acting, called, await heldBy(acting.killSwitch));
  if (hindered !== null) return hindered;
  const { requestId, isOnRequest } = await acting.ecs.stopServiceDeployment(observed.inProgress.arn);
  if (!isOnRequest) return 'outdated';
  // ECS goes back to a deployment that is still there, under its old id; its answer does not name it.
  const resumed = observed.deployments.find(
    ({ id, taskDefinition }) => taskDefinition === decision.target && id !== decision.rollout.deployment,
  );
  return { requestId, rollbackDeployment: resumed?.id ?? null };
}

async function update(acting: Acting, called: Call): Promise<Answer | NoAnswer> {
  const { ecs, killSwitch } = acting;
  const { state, observed } = called.situation;
  const { target } = called.decision;
  const parameters = await ecs.parametersLeftBehind(state.service, target);
  // Finding those took calls of its own: somebody may have deployed meanwhile, and UpdateService would overwrite it.
  const [{ observed: latest }, held] = await Promise.all([
    ecs.observe(state.service, { candidates: [] }),
    heldBy(killSwitch),
  ]);
  if (latest.deployments[0]?.id !== observed?.deployments[0]?.id) return 'outdated';
  const hindered = hindrance(acting, called, held);
  if (hindered !== null) return hindered;
  const { deployment, requestId } = await ecs.updateService(state.service, { target, parameters });
  // No new deployment: somebody had brought the service there before the call, and the call changed nothing.
  if (observed?.deployments.some(({ id }) => id === deployment)) return 'outdated';
  const carriedOver = Object.keys(parameters);
  return { requestId, rollbackDeployment: deployment, ...(carriedOver.length === 0 ? {} : { carriedOver }) };
}
