import type { RollbackIssued } from '../log/decided-events';
import { invariant } from '../log/foundation/invariant';
import type { DeploymentId, TaskDefinitionArn } from '../log/identifiers';
import { isSameRollout } from '../rollout/live-rollout';
import { type CallEcs, type LookAgain, type RecordDecision, type Retry, recordThat } from './decision';
import { decidedIn, decisionFact, failureOf, recordedTarget, reject } from './decision-events';
import { retryAfter } from './look';
import type { Situation } from './situation';

/** What came of a call that takes a service back. */
export type CallAnswer =
  | {
      readonly kind: 'accepted';
      /** What ECS works towards since; null when its answer does not say. */
      readonly rollbackDeployment: DeploymentId | null;
      readonly requestId: string | null;
      /** The parameters that UpdateService was given beside the task definition. */
      readonly carriedOver: readonly string[];
      /** The copy of the task definition that was deployed; null where none was needed. */
      readonly copy: TaskDefinitionArn | null;
    }
  /** ECS refuses for good. */
  | { readonly kind: 'refused'; readonly reason: string; readonly message: string }
  /** What had been seen is no longer so, or the lease leaves no time: nothing was changed. */
  | { readonly kind: 'outdated' }
  /** People keep Rewind from writing to ECS. */
  | { readonly kind: 'held'; readonly because: string }
  /** Nobody knows what came of it: the lease runs out, and whoever comes next looks first. */
  | { readonly kind: 'unreachable'; readonly reason: string; readonly message: string };

/** What follows from the answer to a call, in the situation in which the call was decided. Pure. */
export function decideCallAnswer(
  situation: Situation,
  call: CallEcs,
  answer: CallAnswer,
): RecordDecision | LookAgain | Retry {
  const { state, now } = situation;
  const live = state.rollouts.find((rollout) => isSameRollout(rollout, call.rollout));
  invariant(live?.context.verdict != null, 'only a rollout with a verdict is rolled back');
  switch (answer.kind) {
    case 'accepted': {
      const { rollbackDeployment, requestId, carriedOver, copy } = answer;
      const event: RollbackIssued = {
        ...decisionFact(state, live, { type: 'RollbackIssued', cause: failureOf(live) }),
        attempt: call.attempt,
        method: call.method,
        issuedAt: now,
        ...recordedTarget(call.wayBack),
        rollbackDeployment,
        requestId,
        ...(carriedOver.length === 0 ? {} : { carriedOver }),
        ...(copy === null ? {} : { copy }),
      };
      return decidedIn(situation, recordThat(event, call.because));
    }
    case 'refused':
      return decidedIn(situation, reject(situation, live, answer));
    case 'outdated':
      return { action: 'lookAgain', because: call.because };
    case 'held':
      return { action: 'retry', because: `held: ${answer.because}`, why: 'held' };
    case 'unreachable':
      return retryAfter(answer);
    default:
      return answer satisfies never;
  }
}
