import { EcsError } from '../../foundation/ecs-error';
import type { DeploymentController } from '../../model/service';

/** What a call would change that only a deployment can. */
interface DeploymentChange {
  readonly taskDefinition: boolean;
  readonly forceNewDeployment: boolean;
  /** The parameters of the service revision that differ, by name. */
  readonly parameters: readonly string[];
  readonly deploymentConfiguration: boolean;
}

/**
 * Refuses what UpdateService cannot change where ECS does not deploy itself; throws
 * InvalidParameterException. The texts for CODE_DEPLOY are those seen in AWS.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export function refuseForController(controller: DeploymentController, change: DeploymentChange): void {
  if (controller === 'ECS') return;
  const isExternal = controller === 'EXTERNAL';
  const instead = isExternal ? 'Create a new task set.' : 'Use AWS CodeDeploy to trigger a new deployment.';
  const refusal = (action: string) =>
    `${action} on services with ${isExternal ? 'an' : 'a'} ${controller} deployment controller. ${instead}`;
  const action = refusedAction(change, isExternal);
  if (action !== null) throw new EcsError('InvalidParameterException', refusal(action));
}

/**
 * https://github.com/boto/boto3/issues/1936,
 * https://github.com/hashicorp/terraform-provider-aws/issues/8005
 */
function refusedAction(change: DeploymentChange, isExternal: boolean): string | null {
  if (change.taskDefinition) return 'Unable to update task definition';
  if (change.forceNewDeployment) return 'Cannot force a new deployment';
  if (change.parameters.includes('networkConfiguration')) return 'Unable to update network parameters';
  if (change.parameters.length > 0) return `Unable to update ${change.parameters[0]}`;
  if (isExternal && change.deploymentConfiguration) return 'Unable to update deployment configuration';
  return null;
}
