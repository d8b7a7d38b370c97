/**
 * The errors of the APIs of ECS, CloudWatch and Elastic Load Balancing that the simulator answers
 * with; `SerializationException` and the like are the protocol's own.
 */
export type EcsErrorName =
  | 'AccessDeniedException'
  | 'ClientException'
  | 'ClusterNotFoundException'
  | 'ConflictException'
  | 'ImageNotFoundException'
  | 'InvalidParameterException'
  | 'InvalidParameterValueException'
  | 'LayersNotFoundException'
  | 'LoadBalancerNotFoundException'
  | 'ParameterNotFound'
  | 'ResourceNotFound'
  | 'ResourceNotFoundException'
  | 'RuleNotFoundException'
  | 'SerializationException'
  | 'ServerException'
  | 'ServiceDeploymentNotFoundException'
  | 'ServiceNotActiveException'
  | 'ServiceNotFoundException'
  | 'TargetGroupNotFoundException'
  | 'ThrottlingException'
  | 'UnknownOperationException'
  | 'UnsupportedFeatureException';

/** Thrown by an operation to make the answer that error; the message is what the caller reads. */
export class EcsError extends Error {
  override readonly name: EcsErrorName;

  constructor(name: EcsErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }

  get httpStatus(): number {
    return this.name === 'ServerException' ? 500 : 400;
  }
}

/**
 * Guards against the simulator's own mistakes: a false condition is a bug here, never a caller's
 * error.
 */
export function assertConsistent(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`The simulator is wrong: ${message}`);
}
