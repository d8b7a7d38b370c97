import {
  InvalidIdentifierError,
  parseServiceDeploymentArn,
} from '../../../../state-machines/log/identifiers';
import type { OperatorClients } from '../../../runtime/operator-clients';
import { askAws } from '../../terminal/aws-options';
import { CommandError, exitCode } from '../../terminal/exit-code';

/** What the log tells of a deployment. */
interface KnownDeployment {
  readonly deployment: string;
  readonly serviceRevision: string | null;
}

/** The id in a text that names a deployment by it: `ecs-svc/81…`, or its number alone. Pure. */
export function deploymentIdIn(text: string): string | null {
  if (/^ecs-svc\/\S+$/.test(text)) return text;
  return /^\d{9,}$/.test(text) ? `ecs-svc/${text}` : null;
}

/** The ARN of the service revision that a service deployment brought, as the console names it. */
export async function revisionOfServiceDeployment(
  text: string,
  clients: Pick<OperatorClients, 'ecs'>,
): Promise<string | null> {
  const arn = serviceDeploymentIn(text);
  if (arn === null) return null;
  const { revisionBroughtBy } = await import('../../../aws/operator/service-deployment-target');
  const revision = await askAws(arn, () => revisionBroughtBy(clients.ecs(), arn));
  if (revision !== null) return revision;
  throw new CommandError(`ECS knows no service deployment ${text}`, exitCode.data);
}

/**
 * The id of the deployment that brought a service revision: as the log knows it, else by the number
 * that ECS gives to both.
 */
export function deploymentOfRevision(serviceRevision: string, known: readonly KnownDeployment[]): string {
  const found = known.find((one) => one.serviceRevision === serviceRevision);
  return found?.deployment ?? `ecs-svc/${serviceRevision.slice(serviceRevision.lastIndexOf('/') + 1)}`;
}

function serviceDeploymentIn(text: string) {
  try {
    return parseServiceDeploymentArn(text);
  } catch (error) {
    if (error instanceof InvalidIdentifierError) return null;
    throw error;
  }
}
