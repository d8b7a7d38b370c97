import { exited, exitedText, labelled, sidecar, startFailed, web } from './labelled-stop';

const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/web:42';

/** Tasks whose image did not arrive. */
export const imagePulls = [
  ...labelled('image-pull', 'task_cannot_pull_image', [
    [
      startFailed,
      `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}: not found`,
    ],
    [
      startFailed,
      `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReaderSeeker: failed open: unexpected status code 403 Forbidden`,
    ],
    [
      startFailed,
      `CannotPullContainerError: Error response from daemon: pull access denied for web, repository does not exist or may require 'docker login'`,
    ],
    [
      startFailed,
      "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
    ],
    [
      startFailed,
      'CannotPullContainerError: inspect image has been retried 5 time(s): httpReaderSeeker: failed open: toomanyrequests: You have reached your pull rate limit.',
    ],
    [
      startFailed,
      'CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device',
    ],
    [
      startFailed,
      'CannotPullContainerError: pull command failed: panic: runtime error: invalid memory address or nil pointer dereference',
    ],
    [
      startFailed,
      'CannotPullContainerError: error pulling image configuration: Get https://prod-us-east-1-starport-layer-bucket.s3.amazonaws.com: dial tcp: i/o timeout',
    ],
    [startFailed, 'CannotPullContainerError: context canceled'],
    [
      startFailed,
      'CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry.',
    ],
    [
      startFailed,
      "The task cannot pull 'web:42' from the Amazon ECR repository '123456789012.dkr.ecr.us-east-1.amazonaws.com/web'. There is a connection issue between the task and Amazon ECR. Check your task network configuration.",
    ],
    [startFailed, 'The task can’t pull the image. Check your network configuration'],
    [
      startFailed,
      'CannotPullECRContainerError: AccessDeniedException: User is not authorized to perform: ecr:GetAuthorizationToken',
    ],
    // The network failed, not the image; ECS cannot tell, and files it here after its own retries.
    [
      startFailed,
      `CannotPullContainerError: API error (500): Get https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
    ],
    [
      startFailed,
      `CannotPullContainerError: failed to do request: Head "https://${image}": dial tcp 10.0.3.17:443: i/o timeout`,
    ],
  ]),
  ...labelled('image-pull', 'the EC2 agent, which tells it of the container', [
    [
      startFailed,
      'Task failed to start',
      web(
        null,
        'CannotPullContainerError: Error response from daemon: manifest for web:42 not found: manifest unknown',
      ),
    ],
    [exited, exitedText, web(null, 'CannotPullContainerError: API error (404): repository web not found')],
    [
      null,
      'Task failed to start',
      sidecar(null, 'CannotPullContainerError: toomanyrequests: Rate exceeded'),
      web(null),
    ],
    [startFailed, '(service web) was unable to place a task. Reason: CannotPullContainerError: not found.'],
  ]),
];
