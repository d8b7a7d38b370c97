import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { DescribedService } from '../../aws/ecs/inventory';
import { oneService } from '../session/chosen-services';
import {
  deploymentIdIn,
  deploymentOfRevision,
  revisionOfServiceDeployment,
} from '../session/rollouts/named-deployment';
import { readRollouts, readServiceState, type Session } from '../session/session';
import { askAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';

/** What is waited for: settled when the waiting begins, so that nothing newer can answer for it. */
export interface WaitAnchor {
  readonly service: ServiceArn;
  readonly deployment: string;
  /** It was asked for by its id; else it is what the service works towards. */
  readonly isNamed: boolean;
}

interface AskedRollout {
  readonly deployment?: string;
  readonly taskDefinition?: string;
}

/** Settles which rollout is waited for. Throws CommandError. */
export async function anchorOf(session: Session, name: string, asked: AskedRollout): Promise<WaitAnchor> {
  const service = await oneService(session, name);
  if (asked.deployment !== undefined) {
    const deployment = await deploymentNamed(session, service, asked.deployment);
    return { service, deployment, isNamed: true };
  }
  const described = await describe(session, service);
  const { deployments = [] } = described;
  const wanted = asked.taskDefinition;
  const isWanted = ({ taskDefinition = '', status }: (typeof deployments)[number]) =>
    wanted === undefined
      ? status === 'PRIMARY'
      : taskDefinition === wanted || taskDefinition.endsWith(`/${wanted}`);
  const deployment = deployments.find(isWanted)?.id;
  if (deployment !== undefined) return { service, deployment, isNamed: wanted !== undefined };
  const shown = deployments.map(({ id, taskDefinition }) => `${id} of ${taskDefinition?.split('/').at(-1)}`);
  const sentence = `ECS shows no deployment of ${wanted ?? 'the service'}: it shows ${shown.join(', ') || 'none'}`;
  throw new CommandError(sentence, exitCode.data);
}

async function describe(session: Session, service: ServiceArn): Promise<DescribedService> {
  const { describeOwnService } = await import('../../aws/operator/own-service');
  const described = await askAws(service, () =>
    describeOwnService(session.clients.ecs(), partsOfService(service)),
  );
  if (described?.status === 'ACTIVE') return described;
  throw new CommandError(
    `${partsOfService(service).path} is no active service of this account and region`,
    exitCode.noInput,
  );
}

const rolloutsRead = 50;

async function deploymentNamed(session: Session, service: ServiceArn, text: string): Promise<string> {
  const id = deploymentIdIn(text);
  if (id !== null) return id;
  const revision = await revisionOfServiceDeployment(text, session.clients);
  if (revision === null) throw noDeployment(text);
  if (session.log === null) return deploymentOfRevision(revision, []);
  const state = await readServiceState(session.log, service);
  const known = await readRollouts(session.log, { service, state, atMost: rolloutsRead });
  return deploymentOfRevision(revision, known);
}

function noDeployment(text: string): CommandError {
  const sentence = `--deployment: "${text}" is neither the id of a deployment (ecs-svc/…) nor the ARN of a service deployment; for a task definition say --task-definition`;
  return new CommandError(sentence, exitCode.usage);
}
