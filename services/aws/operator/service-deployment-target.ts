import { DescribeServiceDeploymentsCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { ServiceDeploymentArn } from '../../../state-machines/log/identifiers';

/**
 * The ARN of the service revision that a service deployment brought; null where ECS knows no such
 * service deployment. Throws what the SDK throws.
 */
export async function revisionBroughtBy(
  client: ECSClient,
  serviceDeployment: ServiceDeploymentArn,
): Promise<string | null> {
  const serviceDeploymentArns = [serviceDeployment];
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
  const { serviceDeployments = [] } = await client.send(command);
  return serviceDeployments[0]?.targetServiceRevision?.arn ?? null;
}
