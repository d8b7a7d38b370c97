import type { SeededRandom } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import type { Loss, TaskExit, Trait } from '../service/loss';

const hour = 3600;

/** A cause that comes without a memory: so many of the tasks are lost each hour. */
export function hazard(
  random: SeededRandom,
  perHour: number,
  exit: Omit<TaskExit, 'afterSeconds'> = crashed,
): Trait {
  return ({ step }) => (step === 'running' ? background(exit, exponential(random, hour / perHour)) : null);
}

export const crashed = { code: 1, reason: null } as const;
/** Killed from outside, by signal. */
export const killed = { code: 137, reason: null } as const;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
export const outOfMemory = {
  code: 137,
  reason: 'OutOfMemoryError: Container killed due to memory usage',
} as const;

/** Of the platform, the past or somebody else. */
export function background(exit: Omit<TaskExit, 'afterSeconds'>, afterSeconds: number): Loss {
  return { isOfTheRelease: false, exit: { ...exit, afterSeconds } };
}

export function ofTheRelease(exit: Omit<TaskExit, 'afterSeconds'>, afterSeconds: number): Loss {
  return { isOfTheRelease: true, exit: { ...exit, afterSeconds } };
}

/** The trait, for tasks of the release only. */
export function ofNew(trait: Trait): Trait {
  return (task) => (task.isNew ? trait(task) : null);
}

/** As tasks reach RUNNING. */
export function whenRunning(loss: () => Loss | null): Trait {
  return ({ step }) => (step === 'running' ? loss() : null);
}

/** As tasks are about to be pulled. */
export function failingStart(
  startFailure: NonNullable<Loss['startFailure']>,
  { isOfTheRelease }: Pick<Loss, 'isOfTheRelease'>,
): Loss {
  return { isOfTheRelease, startFailure };
}

export function exponential(random: SeededRandom, mean: number): number {
  return -Math.log(1 - random.next()) * mean;
}

/** What a mended start runs into: a retry helps, sooner or later. */
export const transientFailures = {
  pullTimeout: {
    during: 'pulling',
    reason:
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1: failed to do request: Head "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/web/manifests/1": dial tcp 10.0.3.17:443: i/o timeout',
  },
  tooManyRequests: {
    during: 'pulling',
    reason:
      'CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/example/web/manifests/1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
  },
  secretThrottled: {
    during: 'initializing',
    reason:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:web from secrets manager: ThrottlingException: Rate exceeded',
  },
} as const;

/** What no retry mends. */
export const certainFailures = {
  manifestUnknown: {
    during: 'pulling',
    reason:
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/web:9: 123456789012.dkr.ecr.us-east-1.amazonaws.com/web:9: not found: manifest unknown: Requested image not found',
  },
  secretMissing: {
    during: 'initializing',
    reason:
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:web from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
  },
  accessDenied: {
    during: 'initializing',
    reason:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/webExecution/0123456789abcdef is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-east-1:123456789012:parameter/web because no identity-based policy allows the ssm:GetParameters action',
  },
  noSuchExecutable: {
    during: 'pulling',
    reason:
      'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/app/serve": stat /app/serve: no such file or directory: unknown',
  },
  wrongPlatform: {
    during: 'pulling',
    reason:
      "CannotPullContainerError: pull image manifest has been retried 1 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'.",
  },
  noWayToRegistry: {
    during: 'authenticating',
    reason:
      'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration.',
  },
} as const;
