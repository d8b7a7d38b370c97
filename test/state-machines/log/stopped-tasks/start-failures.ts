import { exited, exitedText, labelled, startFailed, web } from './labelled-stop';

const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/web-AbCdEf';
const role = 'arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/0123';
const couldNotPullSecrets = 'ResourceInitializationError: unable to pull secrets or registry auth';

/** Tasks that were kept from running by what their task definition asks for, their image apart. */
export const startFailures = [
  ...labelled('configuration', 'resource-initialization-error: secrets and registry credentials', [
    [
      startFailed,
      `${couldNotPullSecrets}: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: User: ${role} is not authorized to perform: secretsmanager:GetSecretValue`,
    ],
    [
      startFailed,
      `${couldNotPullSecrets}: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /prod/web/key`,
    ],
    [
      startFailed,
      `${couldNotPullSecrets}: execution resource retrieval failed: unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key PASSWORD`,
    ],
    [
      startFailed,
      `${couldNotPullSecrets}: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 44.213.79.86:443: i/o timeout`,
    ],
    [
      startFailed,
      'ResourceInitializationError: The task cannot pull secrets from AWS Systems Manager Parameter Store. Check your network connection between the task and AWS Systems Manager.',
    ],
    [
      startFailed,
      `The task can't retrieve the secret with ARN '${secret}' from AWS Secrets Manager. Check whether the secret exists in the specified Region.`,
    ],
    [null, `${couldNotPullSecrets}: pull command failed: : signal: killed`],
    [
      startFailed,
      `(service web) was unable to place a task. Reason: ${couldNotPullSecrets}: context deadline exceeded.`,
    ],
    // Throttled, which the next try may not be; ECS has retried by then, and files it here.
    [
      startFailed,
      `${couldNotPullSecrets}: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 5 time(s): ThrottlingException: Rate exceeded`,
    ],
    [
      startFailed,
      `${couldNotPullSecrets}: execution resource retrieval failed: unable to retrieve secrets from ssm: ThrottlingException: The rate of requests to AWS KMS exceeded the limit`,
    ],
    [
      startFailed,
      `${couldNotPullSecrets}: unable to retrieve secret from asm: InternalServiceError: an error occurred on the server side`,
    ],
  ]),
  ...labelled('configuration', 'resource-initialization-error: logs, volumes, environment files', [
    [
      startFailed,
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
    ],
    [
      startFailed,
      'ResourceInitializationError: failed to initialize logging driver: unable to get awslogs driver arguments: awslogs-region is required',
    ],
    [
      startFailed,
      'ResourceInitializationError: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch.',
    ],
    [
      startFailed,
      'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to resolve "fs-0123.efs.us-east-1.amazonaws.com" - check that your file system ID is correct',
    ],
    [
      startFailed,
      "TaskFailedToStart: ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: Connection reset by peer' : unsuccessful EFS utils command execution; code: 32",
    ],
    [
      startFailed,
      'ResourceInitializationError: failed to download env files: file download command: non empty error stream: service call has been retried 1 time(s): AccessDenied: Access Denied status code: 403',
    ],
    [
      startFailed,
      'Task failed to start',
      web(
        null,
        'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log group: AccessDeniedException',
      ),
    ],
    [
      startFailed,
      'Task failed to start',
      web(
        128,
        "CannotStartContainerError: Error response from daemon: error while mounting volume '/var/lib/docker/volumes/data/_data': failed to mount local volume: permission denied",
      ),
    ],
  ]),
  ...labelled('configuration', 'resource-not-found-error, cannot-create-volume, roles', [
    [
      startFailed,
      `ResourceNotFoundException: Fetching secret data from AWS Secrets Manager in region us-east-1: secret ${secret}: Secrets Manager can't find the specified secret.`,
    ],
    [
      startFailed,
      'Task failed to start',
      web(
        null,
        `Fetching secret data from AWS Secrets Manager in region us-east-1: secret ${secret}: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
      ),
    ],
    [
      startFailed,
      'Fetching secret data from SSM Parameter Store in us-east-1: AccessDeniedException: not authorized to perform: ssm:GetParameters',
    ],
    [
      startFailed,
      'CannotCreateVolumeError: Error response from daemon: create data: error looking up volume plugin rexray: plugin not found',
    ],
    [
      startFailed,
      "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/webTaskRole' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions",
    ],
    [startFailed, 'Task failed to start', web(null, 'CannotCreateVolumeError: volume driver timed out')],
  ]),
  ...labelled(
    'start-failed',
    'cannot-start-container, container-runtime-error, container-runtime-timeout-error',
    [
      [startFailed, 'CannotStartContainerError: failed to get container status: context deadline exceeded'],
      [
        startFailed,
        'Task failed to start',
        web(
          127,
          'CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "node": executable file not found in $PATH: unknown',
        ),
      ],
      [
        exited,
        exitedText,
        web(
          128,
          'CannotStartContainerError: API error (500): driver failed programming external connectivity: Bind for 0.0.0.0:8080 failed: port is already allocated',
        ),
      ],
      [
        startFailed,
        'ContainerRuntimeError: failed to create container task: failed to create shim task: OCI runtime create failed: exec format error',
      ],
      [
        startFailed,
        'ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m: signal: killed',
      ],
      [
        null,
        'Task failed to start',
        web(null, 'DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s'),
      ],
      [
        startFailed,
        'Task failed to start',
        web(null, 'DockerStateError: oci runtime error: not a directory'),
      ],
      // A host without memory to start anything is no container over its limit.
      [
        startFailed,
        'CannotStartContainerError: Error response from daemon: fork/exec /usr/bin/runc: cannot allocate memory',
      ],
    ],
  ),
  ...labelled('start-failed', 'CannotCreateContainerError, failed-to-start-error', [
    [
      startFailed,
      'Task failed to start',
      web(
        null,
        'CannotCreateContainerError: API error (500): devmapper: Thin Pool has 2341 free data blocks which is less than minimum required 4454 free data blocks',
      ),
    ],
    [startFailed, 'The selected task definition is not compatible with the selected compute strategy'],
    [startFailed, 'Task failed to start'],
    [startFailed, null, web(null)],
    [startFailed, 'an error that did not exist when this was written'],
    [null, 'Task failed to start'],
    // Not ECS's own words for running out: what stands in the middle of a text decides nothing.
    [startFailed, 'ContainerRuntimeError: shim exited: internalerror: out of memory maps'],
  ]),
];
