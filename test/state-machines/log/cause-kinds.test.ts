import { describe, expect, it } from 'vitest';
import { type CauseKind, causeKindOf, classify } from '../../../state-machines/log/stopped-task';
import { exited, exitedText, sidecar, startFailed, web } from './stopped-tasks/labelled-stop';

const pull = 'CannotPullContainerError:';
const secrets =
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed:';
const started = 'Task failed to start';

function kindOf(stoppedReason: string, ...containers: ReturnType<typeof web>[]): CauseKind | null {
  const stop = { stopCode: startFailed, stoppedReason, containers };
  return causeKindOf(stop, classify(stop));
}

describe('a failure that no further try can mend', () => {
  it.each([
    `${pull} pull image manifest has been retried 5 time(s): failed to resolve ref web:42: not found`,
    `${pull} Error response from daemon: manifest for web:42 not found: manifest unknown`,
    `${pull} API error (404): repository web not found`,
    `${pull} Error response from daemon: pull access denied for web, repository does not exist or may require 'docker login'`,
    `${pull} image Manifest does not contain descriptor matching platform 'linux/amd64'`,
    'CannotPullECRContainerError: AccessDeniedException: User is not authorized to perform: ecr:GetAuthorizationToken',
    `${secrets} unable to retrieve secret from asm: service call has been retried 5 time(s): ResourceNotFoundException: Secrets Manager can’t find the specified secret.`,
    `${secrets} unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /prod/web/key`,
    `${secrets} unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key PASSWORD`,
    `${secrets} unable to retrieve secret from asm: AccessDeniedException: User: web is not authorized to perform: secretsmanager:GetSecretValue`,
    'ResourceInitializationError: failed to validate logger args: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
  ])('is certain: %s', (reason) => {
    expect(kindOf(reason)).toBe('certain');
  });

  it.each([
    'exec: "serve": executable file not found in $PATH: unknown',
    'exec: "/entry.sh": stat /entry.sh: no such file or directory: unknown',
    'exec: "/entry.sh": permission denied: unknown',
    'exec /web: exec format error',
  ])('is certain where the image has no such executable: %s', (reason) => {
    const said = `CannotStartContainerError: Error response from daemon: OCI runtime create failed: ${reason}`;
    expect(kindOf(started, web(null, said))).toBe('certain');
  });
});

describe('a failure that a further try may mend', () => {
  it.each([
    `${pull} failed to do request: Head "https://web:42": dial tcp 10.0.3.17:443: i/o timeout`,
    `${pull} Get https://registry-1.docker.io/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
    `${pull} inspect image has been retried 5 time(s): toomanyrequests: You have reached your pull rate limit.`,
    `${pull} dial tcp: lookup registry on 10.0.0.2:53: Temporary failure in name resolution`,
    `${pull} read tcp 10.0.0.1:443: read: connection reset by peer`,
    `${pull} dial tcp 10.0.0.1:443: connect: connection refused`,
    `${secrets} unable to retrieve secret from asm: service call has been retried 5 time(s): ThrottlingException: Rate exceeded`,
    `${secrets} The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration.`,
    '(service web) was unable to place a task. Reason: ResourceInitializationError: unable to pull secrets or registry auth: context deadline exceeded.',
  ])('is transient: %s', (reason) => {
    expect(kindOf(reason)).toBe('transient');
  });
});

describe('any other failure', () => {
  it.each([
    `${pull} write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device`,
    'ResourceInitializationError: failed to initialize logging driver: dial unix /var/run/fluent.sock: connect: no such file or directory',
    'Task failed to start',
    'Timeout waiting for network interface provisioning to complete.',
  ])('says nothing of a further try: %s', (reason) => {
    expect(kindOf(reason)).toBeNull();
  });

  it('says nothing of one where what could not be pulled is not why the task ended', () => {
    const agent = sidecar(null, `${pull} unexpected status: 403 Forbidden`);
    const stop = { stopCode: exited, stoppedReason: exitedText, containers: [web(1), agent] };
    expect(causeKindOf(stop, classify(stop))).toBeNull();
  });
});
