import { exited, exitedText, labelled, scheduler, startFailed, web } from './labelled-stop';

const launch = 'ResourceInitializationError: Unable to launch instance(s) for capacity provider web-managed.';
const unplaced = '(service web) was unable to place a task. Reason:';
const noInstance =
  '(service web) was unable to place a task because no container instance met all of its requirements.';
const createInterface = 'Unexpected EC2 error while attempting to Create Network Interface in subnet';

/** Tasks for which there was no room, however that is wrapped, and tasks whose host failed. */
export const refusals = [
  ...labelled('capacity', 'api_failures_messages', [
    [startFailed, 'TaskFailedToStart: RESOURCE:CPU'],
    [startFailed, 'TaskFailedToStart: RESOURCE:GPU'],
    [startFailed, 'TaskFailedToStart: RESOURCE:ENI'],
    [startFailed, 'TaskFailedToStart: EMPTY CAPACITY PROVIDER'],
    [startFailed, 'EMPTY CAPACITY PROVIDER'],
    [startFailed, 'NO ACTIVE INSTANCES'],
  ]),
  ...labelled(
    'capacity',
    'api_failures_messages; a judgement, for tasks of a service were not seen with it',
    [[startFailed, 'TaskFailedToStart: LOCATION']],
  ),
  ...labelled('capacity', 'service-event-messages-list', [
    [
      null,
      `${noInstance} The closest matching container-instance 0123 has insufficient CPU units available.`,
    ],
    [startFailed, 'The closest matching container-instance 0123 has insufficient CPU units available.'],
    [startFailed, 'The closest matching container-instance is already using a port required by your task.'],
    [
      null,
      'service (web) was unable to reach steady state. Reason: No Container Instances were found in your capacity provider.',
    ],
    [null, `${unplaced} You've reached the limit on the number of tasks you can run concurrently`],
    [
      null,
      '(service web) was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.',
    ],
  ]),
  ...labelled('capacity', 'service-event-messages-list; the end of the sentence is a judgement', [
    [
      null,
      '(service web) could not launch 3 tasks for deployment ecs-svc/1234567890123456789: The closest matching container-instance 0123 has insufficient memory available.',
    ],
  ]),
  ...labelled('capacity', 'aws/aws-app-mesh-examples#342, public notes on GPUs', [
    [null, `${noInstance} The closest matching container-instance 0123 encountered error "RESOURCE:ENI".`],
    [
      null,
      `${noInstance} The closest matching container-instance 0123 has insufficient GPU resource available.`,
    ],
  ]),
  ...labelled('capacity', 'public records of Managed Instances', [
    [
      startFailed,
      `${launch} UnfulfillableCapacity: Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.`,
    ],
    [null, `${unplaced} ${launch} MaxSpotInstanceCountExceeded: Max spot instance count exceeded.`],
    [startFailed, launch],
    [startFailed, `TaskFailedToStart: ${launch}`],
  ]),
  ...labelled('capacity', "managed-instances-errors, EC2's errors-overview; a judgement on their wrapping", [
    [
      startFailed,
      'ResourceInitializationError: No instance types satisfy the instance requirements specified in the Amazon ECS Managed Instances capacity provider',
    ],
    [startFailed, `${launch} InsufficientHostCapacity: There is not enough capacity on the Dedicated Host.`],
    [
      startFailed,
      'ResourceInitializationError: InsufficientInstanceCapacity: There is no Spot capacity available that matches your request.',
    ],
    [
      startFailed,
      'ResourceInitializationError: We currently do not have sufficient m7g.large capacity in the Availability Zone you requested.',
    ],
    [
      startFailed,
      'TaskFailedToStart: InstanceLimitExceeded: You have requested more instances than your current instance limit allows.',
    ],
    [
      startFailed,
      'ResourceInitializationError: InsufficientReservedInstanceCapacity: There are not enough available Reserved Instances.',
    ],
    [startFailed, 'ResourceInitializationError: ReservationCapacityExceeded: The capacity is in use.'],
    [startFailed, 'RequestLimitExceeded: Request limit exceeded.'],
  ]),
  ...labelled('capacity', 'failed-to-start-error', [
    [startFailed, `${createInterface} 'subnet-0123': InsufficientFreeAddressesInSubnet`],
    [startFailed, `TaskFailedToStart: ${createInterface} 'subnet-0123'`],
    [
      startFailed,
      `ResourceInitializationError: ${createInterface} 'subnet-0123': NetworkInterfaceLimitExceeded`,
    ],
  ]),
  ...labelled(
    'capacity',
    'a public incident; a judgement: the account forbids the interface, not the release',
    [[startFailed, 'Unexpected EC2 error while attempting to tag the network interface: TagPolicyViolation']],
  ),
  ...labelled('capacity', 'errors of RunTask, aws/aws-cdk#30171; a judgement on their wrapping', [
    [
      startFailed,
      "ClientException: You've reached the limit on the number of vCPUs you can run concurrently",
    ],
    [
      startFailed,
      'InvalidParameterException: No Container Instances were found in your cluster. (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException)',
    ],
    [
      startFailed,
      'ECS.AmazonECSException: Capacity is unavailable at this time. Please try again later or in a different availability zone',
    ],
    [
      startFailed,
      'ResourceInitializationError: LimitExceededException: The limit for the resource was exceeded.',
    ],
  ]),
  ...labelled('platform', 'service-event-messages-list, stopped-task-error-codes', [
    [
      null,
      'service (web) Timed out waiting for Amazon ECS Agent to start. Please check logs at /var/log/ecs/ecs-agent.log.',
    ],
    [startFailed, 'TaskFailedToStart: InternalError: the network interface was reported too late'],
    [null, '(service web) was unable to place a task. Reason: Internal error'],
  ]),
  ...labelled(
    'platform',
    'api_failures_messages (StartTask): the instance is gone; a judgement, as for LOCATION',
    [
      [startFailed, 'TaskFailedToStart: INACTIVE'],
      [startFailed, 'MISSING'],
    ],
  ),
  ...labelled('platform', "errors of AWS's APIs; a judgement: AWS failed, not the release", [
    [startFailed, 'ServerException: Service Unavailable. Please try again later.'],
    [startFailed, 'ThrottlingException: Rate exceeded'],
  ]),
  ...labelled('platform', 'amazon-ecs-agent errors.go, task_manager.go; a judgement: its host failed', [
    [startFailed, 'TaskStateError: Agent could not progress task’s state to stopped'],
    [startFailed, 'Task failed to start', web(null, 'CannotGetDockerClientVersionError: the daemon is gone')],
    [
      exited,
      exitedText,
      web(null, 'ContainerNetworkingError: failed to set up the namespace of the pause container'),
    ],
    [
      startFailed,
      'ResourceInitializationError: resource cannot be initialized for task arn:aws:ecs:us-east-1:123456789012:task/prod/0123: cgroup resource: setup cgroup: unable to create cgroup',
    ],
  ]),
  ...labelled('intended', 'amazon-ecs-agent errors.go; a judgement: it was told to stop', [
    [
      scheduler,
      null,
      web(null, 'TaskStoppedBeforePullBeginError: Task stopped before image pull could begin for task: 0123'),
    ],
  ]),
];
