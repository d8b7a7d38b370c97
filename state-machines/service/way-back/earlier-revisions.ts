import { type DeploymentId, shortTaskDefinition, type TaskDefinitionArn } from '../../log/identifiers';
import type { LiveRollout } from '../../rollout/live-rollout';
import { isSaidToGoBack } from '../operator/operator-traces';
import type { ServiceMemory } from '../service-memory';

interface DeployedRevision {
  /** Null until an event names it. */
  readonly deployment: DeploymentId | null;
  readonly taskDefinition: TaskDefinitionArn;
}

/**
 * Whether what somebody deploys over a rollout lies before it: what they have said is their way
 * back, an older revision of its family, or, of another family, one that has run here. It is a
 * person's way back, whether Rewind would have gone there or not. What has never been seen here
 * goes forward.
 */
export function isEarlierRevision(
  memory: ServiceMemory,
  live: LiveRollout,
  deployed: DeployedRevision,
): boolean {
  if (isSaidToGoBack(memory, live.context.deployment, deployed.taskDefinition)) return true;
  const failing = live.context.taskDefinition;
  if (failing === null) return false;
  const [family, revision] = familyAndRevision(deployed.taskDefinition);
  const [failingFamily, failingRevision] = familyAndRevision(failing);
  if (family === failingFamily) return revision < failingRevision;
  return hasRunHere(memory, deployed);
}

function hasRunHere(
  { taskDefinitions, seen, proven, stable }: ServiceMemory,
  deployed: DeployedRevision,
): boolean {
  const { deployment, taskDefinition } = deployed;
  const isOlder = (other: { deployment: DeploymentId | null; taskDefinition: TaskDefinitionArn }) =>
    other.taskDefinition === taskDefinition && other.deployment !== deployment;
  const isOfOlderDeployment = Object.entries(taskDefinitions).some(
    ([other, runs]) => runs === taskDefinition && other !== deployment,
  );
  return (
    isOfOlderDeployment ||
    seen.some(isOlder) ||
    proven.some(isOlder) ||
    stable?.taskDefinition === taskDefinition
  );
}

/** A task definition that names no revision is older than none. */
function familyAndRevision(taskDefinition: TaskDefinitionArn): readonly [string, number] {
  const [family = '', revision] = shortTaskDefinition(taskDefinition).split(':');
  return [family, Number(revision)];
}
