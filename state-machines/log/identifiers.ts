/**
 * A type that only its own parser makes, so that a checked value cannot be confused with any
 * string.
 */
export type Brand<Value, Name extends string> = Value & { readonly brand: Name };

/** `arn:aws:ecs:region:account:service/cluster/name`: the key of a service's stream. */
export type ServiceArn = Brand<string, 'ServiceArn'>;
/**
 * `ecs-svc/<digits>`. ECS re-uses it when it rolls back to it, so it does not identify one rollout.
 */
export type DeploymentId = Brand<string, 'DeploymentId'>;
/** `arn:aws:ecs:region:account:task-definition/family:revision`. */
export type TaskDefinitionArn = Brand<string, 'TaskDefinitionArn'>;
/** `arn:aws:ecs:region:account:service-deployment/cluster/service/id`. */
export type ServiceDeploymentArn = Brand<string, 'ServiceDeploymentArn'>;
/**
 * What names an event within its stream: an observed one has its notification's id, a decided one
 * is named for its cause.
 */
export type EventId = Brand<string, 'EventId'>;

/** Thrown by the parsers below; its message is a sentence for the person who sent the text. */
export class InvalidIdentifierError extends Error {
  override readonly name = 'InvalidIdentifierError';
}

/**
 * Account ids are 12 digits, but histories that people share have them masked: they can be judged
 * all the same.
 */
const serviceArnPattern =
  /^arn:(aws[\w-]*):ecs:([\w-]+):([\w-]+):service\/([^/\s\p{Cc}\p{Cf}]+)\/([^/\s\p{Cc}\p{Cf}]+)$/u;
const shortServiceArnPattern = /^arn:aws[\w-]*:ecs:[\w-]+:[\w-]+:service\/[^/\s]+$/;

/**
 * Parses a long service ARN; throws InvalidIdentifierError, with the way to migrate for the short
 * form of before 2021.
 */
export function parseServiceArn(text: string): ServiceArn {
  if (serviceArnPattern.test(text)) return text as ServiceArn;
  if (shortServiceArnPattern.test(text)) {
    throw new InvalidIdentifierError(
      `${text} is a short service ARN, which names no cluster; turn on the account setting serviceLongArnFormat and recreate the service to migrate it`,
    );
  }
  throw new InvalidIdentifierError(`"${text}" is not the ARN of an ECS service`);
}

export function isServiceArn(text: string): text is ServiceArn {
  return serviceArnPattern.test(text);
}

const serviceDeploymentArnPattern =
  /^(arn:aws[\w-]*:ecs:[\w-]+:[\w-]+):service-deployment\/([^/\s]+)\/([^/\s]+)\/[^/\s]+$/;

/** Parses the ARN of a service deployment; throws InvalidIdentifierError. */
export function parseServiceDeploymentArn(text: string): ServiceDeploymentArn {
  if (serviceDeploymentArnPattern.test(text)) return text as ServiceDeploymentArn;
  throw new InvalidIdentifierError(`"${text}" is not the ARN of a service deployment`);
}

/** The service that a service deployment is one of. */
export function serviceOfServiceDeployment(serviceDeployment: ServiceDeploymentArn): ServiceArn {
  const [, place, cluster, name] = serviceDeploymentArnPattern.exec(serviceDeployment) ?? [];
  return parseServiceArn(`${place}:service/${cluster}/${name}`);
}

/** The parts of a service ARN, with the name that policy globs match: `cluster/service`. */
export function partsOfService(service: ServiceArn) {
  const [, partition = '', region = '', account = '', cluster = '', name = ''] =
    serviceArnPattern.exec(service) ?? [];
  return { partition, region, account, cluster, name, path: `${cluster}/${name}` };
}

/**
 * Whether the thing with this ARN is in the account and region of the service. Names hold within
 * one account and region only: another place may have an alarm of the same name.
 */
export function isInSamePlace(arn: string, service: ServiceArn): boolean {
  const placeIn = (text: string) => text.split(':').slice(3, 5).join(':');
  return placeIn(arn) === placeIn(service);
}

/**
 * Parses a deployment id; throws InvalidIdentifierError. Anything visible after `ecs-svc/` goes:
 * AWS's own examples hold no digits.
 */
export function parseDeploymentId(text: string): DeploymentId {
  if (/^ecs-svc\/[^\s\p{Cc}\p{Cf}]+$/u.test(text)) return text as DeploymentId;
  throw new InvalidIdentifierError(`"${text}" is not a deployment id (ecs-svc/…)`);
}

/**
 * Parses a task definition ARN, with or without its revision (AWS's EC2 example has none); throws
 * InvalidIdentifierError.
 */
export function parseTaskDefinitionArn(text: string): TaskDefinitionArn {
  if (/^arn:aws[\w-]*:ecs:[\w-]+:[\w-]+:task-definition\/[\w-]+(:\d+)?$/.test(text))
    return text as TaskDefinitionArn;
  throw new InvalidIdentifierError(`"${text}" is not the ARN of a task definition`);
}

/** Whether two are revisions of one family. */
export function isOfSameFamily(one: TaskDefinitionArn, other: TaskDefinitionArn): boolean {
  const family = (arn: TaskDefinitionArn) => arn.slice(0, arn.lastIndexOf(':'));
  return family(one) === family(other);
}

/** `family:revision`, as people say it. */
export function shortTaskDefinition(taskDefinition: TaskDefinitionArn): string {
  return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1);
}
