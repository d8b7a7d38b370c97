import type { RollBack, Situation } from '../../state-machines/decide';
import { reject } from '../../state-machines/decide-rollback';
import { decisionOn } from '../../state-machines/decisions';
import type { DecidedEvent } from '../../state-machines/events';
import { type Instant, secondsAfter } from '../../state-machines/identifiers';
import { invariant } from '../../state-machines/invariant';
import { isSameRollout } from '../../state-machines/live-rollout';
import { type Ecs, type Issued, refusalOf } from '../ecs/ecs';
import { type Unavailable, unavailable } from './situation';

/**
 * Calls ECS, and says what is to be recorded of its answer: that the rollback was issued, or refused for good. `outdated` when
 * what had been observed is no longer so; `Unavailable` when there was no answer: the lease runs out, and whoever comes next
 * looks at ECS before acting.
 */
export async function rollBack(
  ecs: Ecs,
  situation: Situation,
  decision: RollBack,
): Promise<DecidedEvent | 'outdated' | Unavailable> {
  const live = situation.state.rollouts.find((rollout) => isSameRollout(rollout, decision.rollout));
  const cause = live?.context.verdict;
  invariant(live !== undefined && cause != null, 'only a rollout with a verdict is rolled back');
  try {
    const issued = await call(ecs, situation, decision);
    return decisionOn<'RollbackIssued'>(situation.state, live, {
      type: 'RollbackIssued',
      cause,
      attempt: decision.attempt,
      method: decision.method,
      issuedAt: situation.now,
      target: decision.target,
      rollbackDeployment: issued.deployment,
      requestId: issued.requestId,
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === 'outdated') return refusal;
    if (refusal === 'retryable') return unavailable(error);
    const { name: reason, message } = error as Error;
    return reject(situation, live, { reason, message }).event;
  }
}

async function call(ecs: Ecs, { state, observed }: Situation, decision: RollBack): Promise<Issued> {
  const { method, target } = decision;
  if (method === 'UpdateService') return ecs.updateService(state.service, target);
  const inProgress = observed?.inProgress ?? null;
  invariant(observed !== null && inProgress !== null, 'only a service deployment in progress is stopped');
  const issued = await ecs.stopServiceDeployment({ serviceDeploymentArn: inProgress.arn });
  // ECS goes back to a deployment that is still there, under its old id; its answer does not name it.
  const resumed = observed.deployments.find(
    ({ id, taskDefinition }) => taskDefinition === target && id !== decision.rollout.deployment,
  );
  return { ...issued, deployment: resumed?.id ?? null };
}

const retrySeconds = { first: 5, last: 300 };

/** When to try again after so many failures in a row: exponential, bounded, spread by up to a half. */
export function retryAt(now: Instant, retries: number, jitter: number): Instant {
  const seconds = Math.min(retrySeconds.last, retrySeconds.first * 2 ** (retries - 1));
  return secondsAfter(now, seconds * (1 + jitter / 2));
}
