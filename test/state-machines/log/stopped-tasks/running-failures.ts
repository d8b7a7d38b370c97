import {
  exited,
  exitedText,
  labelled,
  outOfMemoryText,
  scheduler,
  sidecar,
  startFailed,
  web,
} from './labelled-stop';

const targetGroup =
  'target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';

/** Tasks that ran, and failed. */
export const runningFailures = [
  ...labelled('container-health-check', 'stopped-task-error-codes', [
    [scheduler, 'Task failed container health checks', web(137)],
    [scheduler, 'Task failed container health checks', web(143), sidecar(0)],
    [scheduler, 'Task failed container health checks'],
    [null, '(service web) (task 0123456789abcdef) failed container health checks.'],
    [null, 'Task failed container health checks', web(137)],
    // The health check is what stopped it; that the container grew fat beforehand is only part of
    // the story.
    [scheduler, 'Task failed container health checks', web(137, outOfMemoryText)],
    [
      scheduler,
      'Task failed container health checks',
      sidecar(137, 'CannotStopContainerError: context deadline exceeded'),
    ],
  ]),
  ...labelled('load-balancer-health-check', 'stopped-task-errors, troubleshoot-service-load-balancers', [
    [scheduler, `Task failed ELB health checks in (${targetGroup})`, web(137)],
    [scheduler, `Task failed ELB health checks in (${targetGroup}, ${targetGroup})`, web(143), sidecar(0)],
    [null, 'Task failed ELB health checks in (elb classic-web)', web(0)],
    [scheduler, `Task failed ELB health checks in (${targetGroup})`],
    [scheduler, 'Task failed VPC Lattice health checks', web(143)],
  ]),
  ...labelled('load-balancer-health-check', 'service-event-messages-list', [
    [
      scheduler,
      `(service web) (task 0123) (port 8080) is unhealthy in (${targetGroup}) due to (reason Health checks failed with these codes: [503])`,
    ],
    [
      null,
      `(service web) (instance i-0123) (port 32768) is unhealthy in ${targetGroup} due to (reason Request timed out)`,
    ],
    [
      null,
      '(service web) (instance i-0123) is unhealthy in (elb classic-web) due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)',
    ],
  ]),
  ...labelled('essential-container-exited', 'stopped-task-errors', [
    [exited, exitedText, web(1)],
    // A service's task has no business to end, however politely it does.
    [exited, exitedText, web(0)],
    [exited, exitedText, web(139)],
    [exited, exitedText, web(143), sidecar(0)],
    [exited, exitedText, web(255), sidecar(137)],
    [exited, exitedText, web(2), sidecar(null)],
    [null, exitedText, web(1)],
    [null, 'Essential container exited', web(1)],
    [exited, null, web(134)],
    [exited, exitedText],
  ]),
  // Killed, but nobody says for its memory: a container that ignores SIGTERM ends with 137 as well.
  ...labelled('essential-container-exited', 'the payloads of ecs-task-state-change', [
    [exited, exitedText, web(137)],
    [null, exitedText, web(137), sidecar(137)],
    // What went wrong while the others were being stopped is not why the task stopped.
    [
      exited,
      exitedText,
      web(1),
      sidecar(null, 'CannotStopContainerError: failed sending SIGTERM to container: no such container'),
    ],
    [
      exited,
      exitedText,
      web(1),
      sidecar(null, 'DockerTimeoutError: Could not transition to stopped; timed out after waiting 30s'),
    ],
    [
      exited,
      exitedText,
      web(1),
      sidecar(
        null,
        'CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s',
      ),
    ],
    [exited, 'Essential container in task exited: a later wording that nobody has seen', web(1)],
  ]),
  ...labelled('out-of-memory', 'out-of-memory', [
    [exited, exitedText, web(137, outOfMemoryText)],
    [exited, exitedText, web(137, 'OutOfMemoryError: container killed due to memory usage'), sidecar(0)],
    // Which container is the essential one is not told: the one that says why is believed.
    [exited, exitedText, web(1), sidecar(137, outOfMemoryText)],
    [null, exitedText, web(137, outOfMemoryText)],
    [exited, 'OutOfMemoryError: Container killed due to memory usage', web(137)],
    [null, 'OutOfMemory', web(137)],
    [null, null, web(137, outOfMemoryText)],
  ]),
  ...labelled('out-of-memory', 'cannot-start-container', [
    [
      startFailed,
      'CannotStartContainerError: Error response from daemon: failed to create task for container: OCI runtime create failed: container init was OOM-killed (memory limit too low?): unknown',
      web(128),
    ],
  ]),
];
