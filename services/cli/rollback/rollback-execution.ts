import { shortTaskDefinition, type TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { Session } from '../session/session';
import { tellActIfPossible } from '../session/told-act';
import { askAws, changeAws } from '../terminal/aws-options';
import type { RollbackPlan } from './rollback-plan';

/** What ECS answered. */
export interface RollbackReceipt {
  readonly path: string;
  readonly from: TaskDefinitionArn;
  readonly to: TaskDefinitionArn;
  readonly method: 'ContinueServiceDeployment' | 'StopServiceDeployment' | 'UpdateService';
  readonly requestId: string | null;
  /** The deployment that brings the service back; null where ECS did not say. */
  readonly deployment: string | null;
  readonly undo: string;
}

interface Meaning {
  readonly action: 'rollback' | 'abort';
  readonly reason: string | null;
  readonly isLeftAsBad: boolean;
}

/** Tells Rewind, then calls ECS. Throws CommandError where ECS refuses. */
export async function goBack(
  session: Session,
  plan: RollbackPlan,
  meaning: Meaning,
): Promise<RollbackReceipt> {
  const { view, candidate, serviceDeployment, byCopy } = plan;
  const { service, path, ecs, primary } = view;
  const { wayBack } = candidate;
  const target = byCopy
    ? await changeAws(path, () =>
        ecs.copyOf({ taskDefinition: wayBack.taskDefinition, images: wayBack.images }),
      )
    : wayBack.taskDefinition;
  await tellActIfPossible(session, service, {
    action: meaning.action,
    reason: meaning.reason,
    deployment: primary.id,
    taskDefinition: primary.taskDefinition,
    target,
    ...(meaning.isLeftAsBad ? { isLeftAsBad: true } : {}),
  });
  const undo = `rewind rollback ${path} --to ${shortTaskDefinition(primary.taskDefinition)}`;
  const receipt = { path, from: primary.taskDefinition, to: target, undo };
  const [hook] = plan.gate?.hooks ?? [];
  if (serviceDeployment !== null && hook !== undefined) {
    const answer = { serviceDeployment, id: hook.id, action: 'ROLLBACK' } as const;
    const { answerHook } = await import('../../aws/ecs/waiting-hooks');
    const { requestId } = await changeAws(path, () => answerHook(session.clients.ecs(), answer));
    return { ...receipt, method: 'ContinueServiceDeployment', requestId, deployment: wayBack.deployment };
  }
  if (serviceDeployment !== null) {
    const { requestId } = await changeAws(path, () => ecs.stopServiceDeployment(serviceDeployment));
    return { ...receipt, method: 'StopServiceDeployment', requestId, deployment: wayBack.deployment };
  }
  const parameters = await askAws(path, () => ecs.parametersLeftBehind(service, wayBack));
  const isForced = primary.taskDefinition === target;
  const answer = await changeAws(path, () => ecs.updateService(service, { target, parameters, isForced }));
  return { ...receipt, method: 'UpdateService', ...answer };
}
