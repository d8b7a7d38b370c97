import { exited, exitedText, labelled, outOfMemoryText, sidecar, startFailed, web } from './labelled-stop';

const notPulled =
  'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/agent:1: 403 Forbidden';
const notStarted = 'CannotStartContainerError: Error response from daemon: OCI runtime create failed';
const waited =
  'CannotStartContainerError:  dependency graph: failed to resolve container ordering dependency [migrate(web:7) (STOPPED->RUNNING) - Exit: 1] for target [app(web:7) (NONE->RUNNING)]';

/** Tasks of several containers, one of which never ran: which of them is why the task ended. */
export const otherContainers = [
  // Which container is essential is not told; one that ran and ended by itself is believed to be.
  ...labelled(
    'essential-container-exited',
    'aws/aws-cdk#32877, aws-samples/bedrock-chat#501, and their kind',
    [
      [exited, exitedText, web(1), sidecar(null, notPulled)],
      [exited, exitedText, web(0), sidecar(null, notPulled)],
      [exited, exitedText, web(137), sidecar(null, notPulled)],
      [exited, exitedText, web(139), sidecar(null, notPulled)],
      [exited, exitedText, web(255), sidecar(null, notStarted)],
      [
        exited,
        exitedText,
        web(1),
        sidecar(null, 'CannotCreateContainerError: API error (500): devicemapper'),
      ],
      [
        exited,
        exitedText,
        web(1),
        sidecar(null, 'ResourceInitializationError: failed to initialize logging driver'),
      ],
      [exited, exitedText, web(1), sidecar(null, 'CannotStartContainerError: container init was OOM-killed')],
      [exited, exitedText, web(1), sidecar(null, 'InternalError: no answer')],
      [null, exitedText, web(3), sidecar(null, notPulled)],
      [exited, null, web(1), sidecar(null, notPulled), { name: 'router', exitCode: 143, reason: null }],
    ],
  ),
  // Told to stop for another one: only the one that never started is left to be that other one.
  ...labelled('image-pull', 'what 143 means to ECS; a judgement', [
    [exited, exitedText, web(143), sidecar(null, notPulled)],
  ]),
  ...labelled('start-failed', 'what 143 means to ECS; a judgement', [
    [exited, exitedText, web(143), sidecar(null, notStarted)],
  ]),
  ...labelled(
    'start-failed',
    'amazon-ecs-agent dependencygraph (143 is its code for a container that waited)',
    [
      [exited, exitedText, web(143, `${waited} as dependency did not exit successfully.`), sidecar(1)],
      [exited, exitedText, web(143, `${waited} because dependency will never start`), sidecar(2)],
      [
        exited,
        exitedText,
        web(
          143,
          'CannotStartContainerError: dependency graph: container ordering dependency [envoy] for target [web] has timed out.',
        ),
      ],
      [exited, exitedText, web(null, `${waited} as dependency did not exit successfully.`), sidecar(1)],
      [
        startFailed,
        'Task failed to start',
        web(null, `${waited} as dependency did not exit successfully.`),
        sidecar(1),
      ],
      [startFailed, 'Task failed to start', web(null), sidecar(1)],
    ],
  ),
  ...labelled('out-of-memory', 'aws/amazon-ecs-agent#2467, and its kind', [
    [exited, exitedText, web(0, outOfMemoryText)],
    [exited, exitedText, web(0, outOfMemoryText), sidecar(0)],
    [exited, exitedText, web(0, outOfMemoryText), sidecar(null, notPulled)],
    [exited, exitedText, web(1), sidecar(0, outOfMemoryText)],
    [exited, exitedText, web(null, outOfMemoryText)],
    [exited, 'OutOfMemoryError: Container killed due to memory usage', web(0)],
  ]),
  // What stopped the task is asked before what its containers say.
  ...labelled('configuration', 'resource-initialization-error, with a sidecar of aws/aws-cdk#32877', [
    [
      startFailed,
      'ResourceInitializationError: unable to pull secrets or registry auth: context deadline exceeded',
      web(null),
      sidecar(null, notPulled),
    ],
  ]),
  ...labelled('configuration', 'the status reasons of EBS volumes', [
    [startFailed, 'ECS was unable to create the EBS volume: InvalidSnapshot.NotFound'],
  ]),
  ...labelled('configuration', 'amazon-ecs-agent taskresource, and the category', [
    [
      startFailed,
      'ResourceInitializationError: resource cannot be initialized for task arn:aws:ecs:us-east-1:123456789012:task/prod/0123: unable to download env file with key web.env from bucket prod, error: 403',
    ],
    [startFailed, 'unable to download env file with key web.env from bucket prod, error: AccessDenied'],
    [
      startFailed,
      'fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /prod/key',
    ],
    [startFailed, 'Task failed to start', web(null, 'InvalidVolumeError: the path is not valid')],
  ]),
  ...labelled('start-failed', 'amazon-ecs-agent errors.go', [
    [startFailed, 'Task failed to start', web(null, 'DockerClientConfigError: an option is not valid')],
    [exited, exitedText, web(null, 'HostConfigError: Unable to resolve volume mounts; invalid path')],
    [
      exited,
      exitedText,
      web(null, 'TaskDependencyError: Task dependencies cannot be resolved, taskArn: 0123'),
    ],
  ]),
  // As aws/amazon-ecs-agent#3526 has it, but for the name around it.
  ...labelled(
    'start-failed',
    'aws/amazon-ecs-agent#3526; a judgement: the runtime is the cause, not its category',
    [
      [
        startFailed,
        'ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed',
      ],
    ],
  ),
  ...labelled('load-balancer-health-check', 'service-event-messages-list, service-unhealthy-event-messages', [
    [
      null,
      '(service web, taskSet ecs-svc/1234567890123456789) (task 0123) (port 8080) is unhealthy in (target-group web) due to (reason Request timed out)',
    ],
    [
      null,
      'service (web) task set (ecs-svc/1234567890123456789) (task 0123) is not healthy in target-group (web) due to TARGET IS NOT FOUND',
    ],
  ]),
];
