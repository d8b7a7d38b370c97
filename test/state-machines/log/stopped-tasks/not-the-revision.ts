import { exitedText, labelled, outOfMemoryText, scheduler, sidecar, startFailed, web } from './labelled-stop';

const scaling = 'Scaling activity initiated by (deployment ecs-svc/1234567890123456789)';
const maintenance = 'ECS is performing maintenance on the underlying infrastructure hosting the task';
const host = 'Host EC2 (instance i-0123456789abcdef0)';
const createInterface = 'Unexpected EC2 error while attempting to Create Network Interface';

/** Stops that say nothing against the revision, and texts that say nothing at all. */
export const notTheRevision = [
  ...labelled('capacity', 'service-event-messages-list', [
    [
      startFailed,
      'Capacity is unavailable at this time. Please try again later or in a different availability zone',
    ],
    [null, '(service web) was unable to place a task. Reason: Capacity is unavailable at this time.'],
    [startFailed, "You've reached the limit on the number of vCPUs you can run concurrently"],
    [startFailed, 'You’ve reached the limit on the number of tasks you can run concurrently'],
    [
      null,
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) has insufficient memory available.',
    ],
    [
      null,
      'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0123) encountered error "AGENT"',
    ],
    [startFailed, 'No Container Instances were found in your capacity provider.'],
    [startFailed, 'RESOURCE:ENI'],
    [startFailed, 'RESOURCE:MEMORY'],
    [null, 'RESOURCE:FARGATE'],
    [startFailed, 'Capacity provider web-spot failed to scale out: insufficient capacity in us-east-1a'],
  ]),
  ...labelled('capacity', 'failed-to-start-error, api_failures_messages', [
    [startFailed, 'Timeout waiting for network interface provisioning to complete.'],
    [null, 'Timeout waiting for network interface provisioning to complete.'],
    [startFailed, 'Network interface provision complete error timeout wait for network interface provision.'],
    [null, 'The closest matching (container-instance 0123) is already using a port required by your task.'],
    [startFailed, 'Timeout waiting for EphemeralStorage provisioning to complete.'],
    [
      startFailed,
      `${createInterface} with public IP assignment enabled in subnet 'subnet-0123': InsufficientFreeAddressesInSubnet`,
    ],
    [startFailed, `${createInterface} in subnet 'subnet-0123': AuthFailure`],
    [startFailed, 'Unexpected EC2 error while attempting to attach network interface to instance'],
    [startFailed, 'Unable to attach network interface to unused device index'],
    // The network interface is the platform's, whatever category the error is filed in.
    [
      startFailed,
      'ResourceInitializationError: failed to configure ENI: failed to setup regular eni: netplugin failed with no error message',
    ],
  ]),
  ...labelled('platform', 'spot-interruption-errors', [
    ['SpotInterruption', 'Your Spot Task was interrupted.', web(143)],
    ['TerminationNotice', 'Your Spot Task was interrupted.', web(137), sidecar(0)],
    ['SpotInterruption', null],
    [null, 'Your Spot Task was interrupted.'],
    [null, 'Spot instance interruption'],
    [startFailed, 'SpotInterruptionError: there is no Fargate Spot capacity'],
    ['SpotInterruption', exitedText, web(1, outOfMemoryText)],
  ]),
  ...labelled('platform', 'stopped-task-errors, task-maintenance', [
    ['TerminationNotice', `${host} terminated.`],
    [null, `${host} stopped.`, web(137)],
    ['InfrastructureHealth', maintenance, web(143)],
    [scheduler, `Service web: ${maintenance}`, web(137)],
    [
      scheduler,
      'Service web: container instance arn:aws:ecs:us-east-1:123456789012:container-instance/prod/0123 is in DRAINING state',
      web(0),
    ],
    [scheduler, 'Container instance is in DRAINING state'],
    [null, 'Container instance deregistration forced by user'],
    ['InfrastructureHealth', 'Task failed container health checks of the host'],
    [scheduler, 'AWS Fargate task retirement', web(143)],
  ]),
  ...labelled(
    'platform',
    'internal-error, failed-to-start-error, cannot-stop-container, cannot-inspect-container',
    [
      ['InternalError', 'InternalError: the service could not complete the request'],
      [startFailed, 'InternalError: unable to attach the network interface in time'],
      [null, 'InternalError'],
      [startFailed, 'AGENT'],
      [null, 'The container instance has an agent that’s currently disconnected'],
      [
        startFailed,
        'CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s',
      ],
      [
        scheduler,
        'CannotStopContainerError: failed sending SIGTERM to container: context deadline exceeded',
        web(null),
      ],
      [null, 'DockerTimeoutError: Could not transition to stopped; timed out after waiting 5m0s'],
      [
        startFailed,
        'Task failed to start',
        web(null, 'ContainerVanishedError: No container matching saved ID found'),
      ],
    ],
  ),
  ...labelled('intended', 'stopped-task-errors: scale-in, and a newer deployment', [
    [scheduler, scaling, web(0)],
    [scheduler, scaling, web(137)],
    [scheduler, scaling, web(143), sidecar(0)],
    [null, scaling, web(137)],
    // It ran into its limit while it was being stopped.
    [scheduler, scaling, web(137, outOfMemoryText)],
    [scheduler, scaling, web(null, 'CannotPullContainerError: context canceled')],
    [
      scheduler,
      scaling,
      web(null, 'DockerTimeoutError: Could not transition to stopped; timed out after waiting 30s'),
    ],
  ]),
  ...labelled('intended', 'stopped-task-error-codes: people, and deployments taken back', [
    ['UserInitiated', 'Task stopped by user', web(143)],
    [null, 'Task stopped by user', web(137)],
    ['UserInitiated', null],
    ['UserInitiated', 'drill: what if a Task failed ELB health checks in (target-group web)?'],
    ['UserInitiated', 'OutOfMemoryError in the JVM, restarting it by hand', web(143)],
    ['UserInitiated', 'CannotPullContainerError last night, cleaning up'],
    ['UserInitiated', 'Essential container in task exited', web(1)],
    ['UserInitiated', 'InternalError: spot capacity, DRAINING, RESOURCE:ENI'],
    [
      scheduler,
      'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      web(143),
    ],
    [scheduler, 'Deployment ecs-svc/1234567890123456789 was deleted', web(0)],
    [scheduler, 'Service web was deleted', web(0)],
    [
      scheduler,
      'Availability Zone rebalancing initiated by (deployment ecs-svc/1234567890123456789)',
      web(143),
    ],
  ]),
  ...labelled('unclassified', 'nowhere: what AWS may say tomorrow, and what people write', [
    [null, null],
    [null, '', web(null)],
    [null, null, web(1)],
    ['SomethingNew', 'a reason that did not exist when this was written', web(1)],
    [scheduler, 'a reason that did not exist when this was written'],
    [scheduler, null, web(137)],
    [null, 'nightly restart because of the OutOfMemoryError of last week', web(143)],
    [null, 'was: CannotPullContainerError', web(0)],
    [null, 'moving to another cluster; the task failed container health checks here', web(0)],
    [scheduler, 'The task protects itself', sidecar(0)],
  ]),
];
