/**
 * A task of a Fargate service as ECS reports it, in AWS's order of fields, compact as EventBridge
 * delivers it.
 */
export function fargateTaskNotification(lastStatus: 'RUNNING' | 'STOPPED'): string {
  const isStopped = lastStatus === 'STOPPED';
  return JSON.stringify({
    version: '0',
    id: isStopped ? '7f1c44c2-9a0d-3b6e-52d1-c0ab6f7e9d13' : 'b2d95e0a-61f4-8c27-0e3d-94a1c76f2b58',
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account: '481516234207',
    time: isStopped ? '2026-11-18T14:23:37Z' : '2026-11-18T14:21:52Z',
    region: 'eu-central-1',
    resources: [taskArn],
    detail: {
      attachments: [networkInterface(isStopped ? 'DELETED' : 'ATTACHED')],
      attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
      availabilityZone: 'eu-central-1b',
      clusterArn: `${ecs}:cluster/storefront-prod`,
      connectivity: 'CONNECTED',
      connectivityAt: '2026-11-18T14:21:31.608Z',
      containers: [container(isStopped)],
      cpu: '512',
      createdAt: '2026-11-18T14:21:27.914Z',
      desiredStatus: isStopped ? 'STOPPED' : 'RUNNING',
      enableExecuteCommand: false,
      ephemeralStorage: { sizeInGiB: 20 },
      ...(isStopped ? { executionStoppedAt: '2026-11-18T14:23:11.07Z' } : {}),
      group: 'service:checkout-api',
      launchType: 'FARGATE',
      lastStatus,
      memory: '1024',
      overrides: { containerOverrides: [{ name: 'checkout-api' }] },
      platformVersion: '1.4.0',
      pullStartedAt: '2026-11-18T14:21:38.455Z',
      pullStoppedAt: '2026-11-18T14:21:49.102Z',
      startedAt: '2026-11-18T14:21:51.833Z',
      startedBy: 'ecs-svc/3870164925518302746',
      ...(isStopped ? stop : {}),
      taskArn,
      taskDefinitionArn: `${ecs}:task-definition/checkout-api:142`,
      updatedAt: isStopped ? '2026-11-18T14:23:36.291Z' : '2026-11-18T14:21:51.833Z',
      version: isStopped ? 5 : 3,
    },
  });
}

const ecs = 'arn:aws:ecs:eu-central-1:481516234207';
const taskId = 'e4b07c9d1f6a4285b93e60d8a7c5142f';
const taskArn = `${ecs}:task/storefront-prod/${taskId}`;
const attachmentId = '0c9f3b7e-5d28-4a61-8e94-f17ab2d063c5';
const address = '10.42.117.86';

const stop = {
  stoppingAt: '2026-11-18T14:23:11.07Z',
  stoppedAt: '2026-11-18T14:23:36.291Z',
  stoppedReason: 'Essential container in task exited',
  stopCode: 'EssentialContainerExited',
};

function container(isStopped: boolean) {
  return {
    containerArn: `${ecs}:container/storefront-prod/${taskId}/5a8e1d37-c204-4f9b-b6e0-92d71c3f8a45`,
    ...(isStopped ? { exitCode: 1 } : {}),
    lastStatus: isStopped ? 'STOPPED' : 'RUNNING',
    name: 'checkout-api',
    image: '481516234207.dkr.ecr.eu-central-1.amazonaws.com/checkout-api:2026-11-18.3-g4be91d7',
    imageDigest: 'sha256:93f0c2ab5e7d41860d9b3c75f28a6e140b7d5c92ea83f641d0572be96c18fa34',
    runtimeId: `${taskId}-2781906453`,
    taskArn,
    networkInterfaces: [{ attachmentId, privateIpv4Address: address }],
    cpu: '0',
    memory: '1024',
  };
}

function networkInterface(status: string) {
  return {
    id: attachmentId,
    type: 'eni',
    status,
    details: [
      { name: 'subnetId', value: 'subnet-0b83f6d1e94a72c5f' },
      { name: 'networkInterfaceId', value: 'eni-07d4e1a95c3b8f260' },
      { name: 'macAddress', value: '0a:5f:c3:91:7e:24' },
      { name: 'privateDnsName', value: 'ip-10-42-117-86.eu-central-1.compute.internal' },
      { name: 'privateIPv4Address', value: address },
    ],
  };
}
