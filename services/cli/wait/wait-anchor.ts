import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { DescribedService } from '../../aws/ecs/inventory';
import { oneService } from '../session/chosen-services';
import type { Session } from '../session/session';
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
    return { service, deployment: deploymentNamed(asked.deployment), isNamed: true };
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

/** The console shows ids of service deployments, which are others. */
function deploymentNamed(text: string): string {
  if (/^ecs-svc\/\S+$/.test(text)) return text;
  if (/^\d+$/.test(text)) return `ecs-svc/${text}`;
  const sentence = `--deployment: "${text}" is not the id of a deployment (ecs-svc/…); for a task definition say --task-definition`;
  throw new CommandError(sentence, exitCode.usage);
}
