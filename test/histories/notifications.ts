import { hexadecimal, type Random } from './random';

/** A service of a history, and the source of what is random about it. */
export interface Service {
  readonly region: string;
  readonly account: string;
  readonly cluster: string;
  readonly name: string;
  readonly random: Random;
}

export interface Task {
  readonly id: string;
  readonly deployment: string;
  readonly taskDefinition: string;
  readonly createdAt: number;
  startedAt: number | null;
  version: number;
}

export interface TaskReport {
  readonly task: Task;
  readonly at: number;
  readonly lastStatus: string;
  readonly stop?: {
    readonly stopCode: string;
    readonly stoppedReason: string;
    readonly exitCode?: number;
    readonly reason?: string;
  };
}

export function arnOf({ region, account }: Service, resource: string): string {
  return `arn:aws:ecs:${region}:${account}:${resource}`;
}

export function serviceArnOf(service: Service): string {
  return arnOf(service, `service/${service.cluster}/${service.name}`);
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
export function deploymentStateChange(
  service: Service,
  {
    at,
    deployment,
    eventName,
    reason,
  }: { at: number; deployment: string; eventName: string; reason: string },
): string {
  return envelope(service, 'ECS Deployment State Change', {
    at,
    detail: {
      eventType: eventName === 'SERVICE_DEPLOYMENT_FAILED' ? 'ERROR' : 'INFO',
      eventName,
      clusterArn: arnOf(service, `cluster/${service.cluster}`),
      deploymentId: deployment,
      updatedAt: iso(at),
      reason,
    },
  });
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html */
export function serviceAction(
  service: Service,
  { at, eventName }: { at: number; eventName: string },
): string {
  return envelope(service, 'ECS Service Action', {
    at,
    detail: {
      eventType: 'INFO',
      eventName,
      clusterArn: arnOf(service, `cluster/${service.cluster}`),
      createdAt: iso(at),
    },
  });
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/logging-using-cloudtrail.html */
export function updateServiceCall(
  service: Service,
  { at, deployment, taskDefinition }: { at: number; deployment: string; taskDefinition: string },
): string {
  const time = `${iso(at).slice(0, 19)}Z`;
  return envelope(service, 'AWS API Call via CloudTrail', {
    at,
    resources: [],
    detail: {
      eventVersion: '1.09',
      userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::${service.account}:assumed-role/deployer/ci` },
      eventTime: time,
      eventSource: 'ecs.amazonaws.com',
      eventName: 'UpdateService',
      awsRegion: service.region,
      requestParameters: { cluster: service.cluster, service: service.name, taskDefinition },
      responseElements: {
        service: {
          serviceArn: serviceArnOf(service),
          taskDefinition,
          deployments: [
            { id: deployment, status: 'PRIMARY', taskDefinition, createdAt: 'Feb 20, 2026, 1:02:03 PM' },
          ],
        },
      },
      eventType: 'AwsApiCall',
      recipientAccountId: service.account,
    },
  });
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html; counts the task's version up. */
export function taskStateChange(service: Service, { task, at, lastStatus, stop }: TaskReport): string {
  task.version += 1;
  if (lastStatus === 'RUNNING') task.startedAt ??= at;
  const taskArn = arnOf(service, `task/${service.cluster}/${task.id}`);
  const isStopped = lastStatus === 'STOPPED';
  return envelope(service, 'ECS Task State Change', {
    at,
    resources: [taskArn],
    detail: {
      attachments: [{ id: uuid(service.random), type: 'eni', status: 'ATTACHED', details: [] }],
      availabilityZone: `${service.region}a`,
      clusterArn: arnOf(service, `cluster/${service.cluster}`),
      connectivity: 'CONNECTED',
      containers: [
        {
          containerArn: arnOf(service, `container/${service.cluster}/${task.id}/${uuid(service.random)}`),
          lastStatus: isStopped ? 'STOPPED' : lastStatus === 'RUNNING' ? 'RUNNING' : 'PENDING',
          name: 'app',
          image: `${service.account}.dkr.ecr.${service.region}.amazonaws.com/${service.name}:latest`,
          taskArn,
          ...(isStopped && stop?.exitCode !== undefined ? { exitCode: stop.exitCode } : {}),
          ...(isStopped && stop?.reason !== undefined ? { reason: stop.reason } : {}),
          cpu: '0',
        },
      ],
      cpu: '256',
      memory: '512',
      createdAt: iso(task.createdAt),
      desiredStatus: stop === undefined ? 'RUNNING' : 'STOPPED',
      group: `service:${service.name}`,
      launchType: 'FARGATE',
      lastStatus,
      platformVersion: '1.4.0',
      ...(task.startedAt === null ? {} : { startedAt: iso(task.startedAt) }),
      startedBy: task.deployment,
      ...(stop === undefined ? {} : { stopCode: stop.stopCode, stoppedReason: stop.stoppedReason }),
      ...(isStopped ? { stoppedAt: iso(at) } : {}),
      taskArn,
      taskDefinitionArn: task.taskDefinition,
      updatedAt: iso(at),
      version: task.version,
    },
  });
}

function envelope(
  service: Service,
  detailType: string,
  content: { readonly at: number; readonly detail: object; readonly resources?: readonly string[] },
): string {
  return JSON.stringify({
    version: '0',
    id: uuid(service.random),
    'detail-type': detailType,
    source: 'aws.ecs',
    account: service.account,
    time: `${iso(content.at).slice(0, 19)}Z`,
    region: service.region,
    resources: content.resources ?? [serviceArnOf(service)],
    detail: content.detail,
  });
}

/** ECS leaves the zeros at the end of a fraction out. */
function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.?0+Z$/, 'Z');
}

function uuid(random: Random): string {
  return [8, 4, 4, 4, 12].map((digits) => hexadecimal(random, digits)).join('-');
}
