import {
  InvalidIdentifierError,
  parseServiceArn,
  type ServiceArn,
} from '../../state-machines/log/identifiers';
import { type Envelope, InvalidNotificationError } from './envelope';
import { memoized } from './memo';

const clusterArnPattern = /^(arn:aws[\w-]*:ecs:[\w-]+:[\w-]+):cluster\/([^/\s]+)$/;

/** The service that a deployment or service-action event is about: the first of its resources, and nowhere else. */
export function serviceOfResources(envelope: Envelope): ServiceArn {
  const [arn] = envelope.resources ?? [];
  if (arn === undefined)
    throw new InvalidNotificationError('resources[0], the ARN of the service, is missing');
  return serviceFrom('resources[0]', arn);
}

/** The service of a name, in the cluster of an ARN: all that a task event tells. */
export function serviceInCluster(clusterArn: string, name: string): ServiceArn {
  return servicesOfCluster(clusterArn)(name);
}

const servicesOfCluster = memoized((clusterArn) => memoized((name) => arnInCluster(clusterArn, name)), 100);

function arnInCluster(clusterArn: string, name: string): ServiceArn {
  const match = clusterArnPattern.exec(clusterArn);
  if (match === null) {
    throw new InvalidNotificationError(`detail.clusterArn "${clusterArn}" is not the ARN of a cluster`);
  }
  return serviceFrom('detail.group', `${match[1]}:service/${match[2]}/${name}`);
}

/** Parses a service ARN that stands in a field; throws InvalidNotificationError naming it. */
export function serviceFrom(field: string, arn: string): ServiceArn {
  try {
    return parseServiceArn(arn);
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    throw new InvalidNotificationError(`${field}: ${error.message}`, { cause: error });
  }
}

/** The partition of a region: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
