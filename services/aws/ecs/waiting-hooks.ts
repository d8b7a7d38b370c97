import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  type ECSClient,
} from '@aws-sdk/client-ecs';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { AnsweredHook, AnswerReceipt } from './ecs';

/** The hooks of a stage that wait for somebody's answer. */
export interface WaitingHooks {
  readonly serviceDeployment: string;
  readonly stage: string;
  readonly hooks: readonly WaitingHook[];
}

interface WaitingHook {
  readonly id: string;
  /** When ECS answers by itself; null where it does not say. */
  readonly expiresAt: Instant | null;
}

/**
 * What a service deployment waits for; null where it waits for nobody. Throws what the SDK throws.
 */
export async function waitingHooks(client: ECSClient, arn: string): Promise<WaitingHooks | null> {
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
  const { serviceDeployments: [deployment] = [] } = await client.send(command);
  const waiting = (deployment?.lifecycleHookDetails ?? []).filter(
    ({ status }) => status === 'AWAITING_ACTION',
  );
  const hooks = waiting.flatMap(({ hookId, expiresAt }) =>
    hookId === undefined
      ? []
      : [{ id: hookId, expiresAt: expiresAt === undefined ? null : instantFrom(expiresAt.getTime()) }],
  );
  if (hooks.length === 0) return null;
  return { serviceDeployment: arn, stage: deployment?.lifecycleStage ?? 'its stage', hooks };
}

/**
 * Answers one hook. Throws what the SDK throws: InvalidParameterException where the hook has been
 * answered, or its time is over.
 */
export async function answerHook(
  client: ECSClient,
  hook: AnsweredHook,
): Promise<{ readonly requestId: string | null }> {
  const { serviceDeployment: serviceDeploymentArn, id: hookId, action } = hook;
  const command = new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action });
  const { $metadata } = await client.send(command);
  return { requestId: $metadata.requestId ?? null };
}

/**
 * Answers one hook, and looks at ECS where it refuses: which error a second answer gets, AWS does
 * not say. Throws what the SDK throws for a hook that waits on.
 */
export async function answerOrLook(client: ECSClient, hook: AnsweredHook): Promise<AnswerReceipt> {
  try {
    const { requestId } = await answerHook(client, hook);
    return { requestId, isTaken: true };
  } catch (error) {
    const waiting = await waitingHooks(client, hook.serviceDeployment);
    if (waiting?.hooks.some(({ id }) => id === hook.id)) throw error;
    return { requestId: null, isTaken: false };
  }
}
