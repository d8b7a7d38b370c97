import {
  InvalidIdentifierError,
  isServiceArn,
  parseServiceArn,
  parseServiceDeploymentArn,
  type ServiceArn,
  type ServiceDeploymentArn,
} from '../../state-machines/log/identifiers';
import type { Envelope } from './envelope';
import { InvalidNotificationError } from './parse-part';

const clusterArnPattern = /^arn:aws[\w-]*:ecs:[\w-]+:[\w-]+:cluster\/[^/\s]+$/;
const clusterPart = ':cluster/';

/** The service of a deployment or service-action event: the first of its resources. */
export function serviceOfResources(envelope: Envelope): ServiceArn {
  const [arn] = envelope.resources ?? [];
  if (arn === undefined)
    throw new InvalidNotificationError('resources[0], the ARN of the service, is missing');
  return serviceFrom('resources[0]', arn);
}

/** The service of this name in this cluster: a task event names its service no other way. */
export function serviceInCluster(clusterArn: string, name: string): ServiceArn {
  const at = clusterArn.indexOf(clusterPart);
  const arn = `${clusterArn.slice(0, at)}:service/${clusterArn.slice(at + clusterPart.length)}/${name}`;
  // Of what is a service's ARN, the rest is a cluster's: most are read once, not twice.
  if (at >= 0 && isServiceArn(arn)) return arn;
  if (!clusterArnPattern.test(clusterArn)) {
    throw new InvalidNotificationError(`detail.clusterArn "${clusterArn}" is not the ARN of a cluster`);
  }
  return serviceFrom('detail.group', arn);
}

/** Parses the service ARN in a field; throws InvalidNotificationError naming the field. */
export function serviceFrom(field: string, arn: string): ServiceArn {
  return parsedField(field, () => parseServiceArn(arn));
}

/** The same of the ARN of a service deployment. */
export function serviceDeploymentFrom(field: string, arn: string): ServiceDeploymentArn {
  return parsedField(field, () => parseServiceDeploymentArn(arn));
}

function parsedField<Value>(field: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    throw new InvalidNotificationError(`${field}: ${error.message}`, { cause: error });
  }
}

/**
 * How the regions of a partition begin, as the SDK's own list has them; all others are in `aws`:
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
const partitions = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
] as const;

/**
 * The partition of a region: that of the first ARN which is given and is one, else the one that the
 * region's name tells.
 */
export function partitionOf(region: string, arns: readonly (string | null | undefined)[] = []): string {
  const given = arns.map((arn) => /^arn:(aws[\w-]*):/.exec(arn ?? '')?.[1]).find(Boolean);
  return given ?? partitions.find(([start]) => region.startsWith(start))?.[1] ?? 'aws';
}
