import {
  type ServiceArn,
  shortTaskDefinition,
  type TaskDefinitionArn,
} from '../../../state-machines/log/identifiers';
import type { Commit } from '../../../state-machines/log/operator/operator-act';
import { RegistrationDiffersError, registerRevision } from '../../aws/ecs/registration';
import type { Session } from '../session/session';
import { tellActIfPossible } from '../session/told-act';
import { changeAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';
import type { DeployPlan } from './deploy-plan';

/** What ECS answered. */
export interface DeployReceipt {
  readonly path: string;
  readonly service: ServiceArn;
  readonly from: TaskDefinitionArn;
  readonly to: TaskDefinitionArn;
  readonly isRegistered: boolean;
  readonly commit: Commit | null;
  readonly requestId: string | null;
  /** Null where ECS did not say. */
  readonly deployment: string | null;
  readonly undo: string;
}

/**
 * Registers what is to be registered, tells Rewind, looks whether anybody else has deployed
 * meanwhile, and calls ECS. Throws CommandError where ECS refuses, or somebody was faster.
 */
export async function deploy(
  session: Session,
  plan: DeployPlan,
  { reason }: { readonly reason: string | null },
): Promise<DeployReceipt> {
  const { view, commit, registration, isRetry } = plan;
  const { service, path, ecs, primary } = view;
  const target = await targetOf(session, plan);
  const told = commit === null ? {} : { commit: { sha: commit.sha, subject: commit.subject } };
  await tellActIfPossible(session, service, {
    action: isRetry ? 'retry' : 'deploy',
    reason,
    deployment: primary.id,
    taskDefinition: primary.taskDefinition,
    target,
    ...told,
  });
  await requireNobodyElse(plan);
  const isForced = primary.taskDefinition === target;
  const update = { target, parameters: {}, isForced };
  const { requestId, deployment } = await changeAws(path, () => ecs.updateService(service, update));
  return {
    path,
    service,
    from: primary.taskDefinition,
    to: target,
    isRegistered: registration !== null,
    commit: told.commit ?? null,
    requestId,
    deployment,
    undo: isForced
      ? `rewind abort ${path}`
      : `rewind rollback ${path} --to ${shortTaskDefinition(primary.taskDefinition)}`,
  };
}

async function targetOf({ clients }: Session, plan: DeployPlan): Promise<TaskDefinitionArn> {
  const { registration, base, view } = plan;
  const { path, ecs, records } = view;
  if (registration !== null) {
    const parts = { client: clients.ecs(), once: clients.ecsOnce() };
    return changeAws(path, () => registerRevision(parts, registration)).catch(sayDifference);
  }
  if (base.isActive) return base.taskDefinition;
  const { images = null } =
    records.find(({ taskDefinition }) => taskDefinition === base.taskDefinition) ?? {};
  return changeAws(path, () => ecs.copyOf({ taskDefinition: base.taskDefinition, images }));
}

function sayDifference(error: unknown): never {
  if (!(error instanceof RegistrationDiffersError)) throw error;
  const sentence = `${error.message}; it is not deployed: a newer rewind may know these members`;
  throw new CommandError(sentence, exitCode.unavailable, { cause: error });
}

/** Two jobs may have looked at the same service: the second one is told of the first. */
async function requireNobodyElse({ view: { ecs, service, path, primary } }: DeployPlan): Promise<void> {
  const now = await changeAws(path, () => ecs.primaryOf(service));
  if (now === primary.id) return;
  const sentence = `${path}: somebody else has deployed meanwhile (${now}): nothing was deployed over it`;
  throw new CommandError(sentence, exitCode.data);
}
