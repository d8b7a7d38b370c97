import type { ServiceRevision } from '@aws-sdk/client-ecs';
import { parseTaskDefinitionArn, type TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../../state-machines/log/instant';
import type { ObservedDeployment, ObservedRevision } from '../../../state-machines/log/observed-service';
import type { Images } from '../../../state-machines/log/way-back';

/** What is asked for of the service revisions that ECS shows. */
export interface RevisionQuestion {
  readonly candidates: readonly TaskDefinitionArn[];
  readonly revisions?: readonly string[];
}

/** What else ECS shows of the service: its deployments, and what brought them. */
interface RevisionSurroundings {
  readonly deployments: readonly ObservedDeployment[];
  /** When the service deployment of each service revision was created. */
  readonly broughtAt: ReadonlyMap<string, Instant>;
}

/** A service revision as the log keeps it; null for one that tells too little. */
export function observedRevision(
  revision: ServiceRevision,
  others: readonly ServiceRevision[],
  surroundings: RevisionSurroundings,
): ObservedRevision | null {
  const { serviceRevisionArn: serviceRevision, taskDefinition } = revision;
  if (serviceRevision === undefined || taskDefinition === undefined) return null;
  return {
    taskDefinition: parseTaskDefinitionArn(taskDefinition),
    deployment: deploymentOf(revision, surroundings)?.id ?? null,
    serviceRevision,
    images: imagesOf(revision),
    ...(hasMoved(revision, others) ? { hasMoved: true } : {}),
  };
}

/** The service deployment and its deployment are made in the same moment, or nearly. */
const apartMilliseconds = 2000;

/**
 * The deployment that runs a service revision, while DescribeServices shows it. ECS gives both the
 * same number; where it does not, they were made at the same time.
 */
function deploymentOf(
  { serviceRevisionArn = '', taskDefinition }: ServiceRevision,
  { deployments, broughtAt }: RevisionSurroundings,
): ObservedDeployment | undefined {
  const running = deployments.filter((deployment) => deployment.taskDefinition === taskDefinition);
  const id = `ecs-svc/${serviceRevisionArn.slice(serviceRevisionArn.lastIndexOf('/') + 1)}`;
  const at = broughtAt.get(serviceRevisionArn);
  const isMadeWithIt = ({ createdAt }: ObservedDeployment) =>
    at !== undefined && Math.abs(createdAt - at) <= apartMilliseconds;
  return running.find((deployment) => deployment.id === id) ?? running.find(isMadeWithIt);
}

/** By container; one that is not version-consistent has no digest of the revision's own. */
function imagesOf({ containerImages = [] }: ServiceRevision): Images | null {
  const digests = containerImages.flatMap(({ containerName, imageDigest }) =>
    containerName === undefined || imageDigest === undefined ? [] : [[containerName, imageDigest] as const],
  );
  return digests.length === 0 ? null : Object.fromEntries(digests);
}

/** Whether the newest service revision that names an image of this one resolved it to another. */
function hasMoved({ containerImages = [], createdAt }: ServiceRevision, others: readonly ServiceRevision[]) {
  const madeAt = (other: Pick<ServiceRevision, 'createdAt'>) => instantFrom(other.createdAt?.getTime() ?? 0);
  const newer = others
    .filter((other) => madeAt(other) > madeAt({ createdAt }))
    .sort((a, b) => madeAt(b) - madeAt(a))
    .flatMap((other) => other.containerImages ?? []);
  return containerImages.some(({ image, imageDigest }) => {
    const latest = newer.find((other) => other.image === image && other.imageDigest !== undefined);
    return imageDigest !== undefined && latest !== undefined && latest.imageDigest !== imageDigest;
  });
}
