import { describe, expect, it } from 'vitest';
import { translate } from '../../../services/notifications/translate';
import { alarmChangedFor } from '../../../services/notifications/translation';
import { parseServiceArn } from '../../../state-machines/identifiers';

const service = 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web';
const clusterArn = 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod';
const taskDefinitionArn = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7';
const fact = { id: 'e-1', service, occurredAt: Date.UTC(2026, 0, 1, 12, 0, 0, 123) };
const time = '2026-01-01T12:00:00.123Z';

describe('a deployment state change', () => {
  const detail = { deploymentId: 'ecs-svc/2', updatedAt: time };
  const started = { ...detail, eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS' };

  it('in progress is a deployment that started', () => {
    expect(eventOf(deployment({ ...started, reason: 'ECS deployment ecs-svc/2 in progress.' }))).toEqual({
      type: 'DeploymentStarted',
      ...fact,
      deployment: 'ecs-svc/2',
      isRollback: false,
    });
  });

  it('is a rollback, of the deployment that its reason names, when the reason says so', () => {
    const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
    expect(eventOf(deployment({ ...started, reason }))).toMatchObject({
      deployment: 'ecs-svc/1',
      isRollback: true,
    });
  });

  it("takes AWS's own example, whose reason holds a word in place of the id", () => {
    const reason = 'ECS deployment circuit breaker: rolling back to deploymentId deploymentID.';
    expect(eventOf(deployment({ ...started, reason }))).toMatchObject({
      deployment: 'ecs-svc/2',
      isRollback: true,
    });
  });

  it('tells of completion and of failure', () => {
    expect(eventOf(deployment({ ...detail, eventName: 'SERVICE_DEPLOYMENT_COMPLETED' }))).toEqual({
      type: 'DeploymentCompleted',
      ...fact,
      deployment: 'ecs-svc/2',
    });
    expect(eventOf(deployment({ ...detail, eventName: 'SERVICE_DEPLOYMENT_FAILED', reason: 'why' }))).toEqual(
      {
        type: 'DeploymentFailed',
        ...fact,
        deployment: 'ecs-svc/2',
        reason: 'why',
      },
    );
  });

  it('of a name not yet known is ignored', () => {
    expect(translate(deployment({ ...detail, eventName: 'SERVICE_DEPLOYMENT_PAUSED' }))).toMatchObject({
      kind: 'ignored',
      occurredAt: fact.occurredAt,
    });
  });

  it('takes the time of the envelope when the detail has none', () => {
    const { updatedAt: _, ...rest } = started;
    expect(eventOf(deployment(rest)).occurredAt).toBe(Date.UTC(2026, 0, 1, 12, 1));
  });
});

describe('a service action', () => {
  const action = (detail: object) =>
    envelope('ECS Service Action', { createdAt: time, clusterArn, ...detail });

  it('that reports trouble is an impaired service, whatever its name', () => {
    for (const eventType of ['WARN', 'WARNING', 'ERROR']) {
      expect(
        eventOf(action({ eventType, eventName: 'SERVICE_TASK_ON_FIRE', reason: 'RESOURCE:CPU' })),
      ).toEqual({
        type: 'ServiceImpaired',
        ...fact,
        eventName: 'SERVICE_TASK_ON_FIRE',
        reason: 'RESOURCE:CPU',
      });
    }
  });

  it('that reports a steady state is ignored', () => {
    expect(translate(action({ eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE' })).kind).toBe('ignored');
  });

  it('may tell of a deployment that it does not name, except of its start', () => {
    expect(eventOf(action({ eventType: 'INFO', eventName: 'SERVICE_DEPLOYMENT_COMPLETED' }))).toMatchObject({
      type: 'DeploymentCompleted',
      deployment: null,
    });
    expect(eventOf(action({ eventType: 'ERROR', eventName: 'SERVICE_DEPLOYMENT_FAILED' }))).toMatchObject({
      type: 'DeploymentFailed',
      deployment: null,
      reason: null,
    });
    const started = { eventType: 'INFO', eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS' };
    expect(translate(action(started)).kind).toBe('ignored');
    expect(eventOf(action({ ...started, reason: 'ECS deployment ecs-svc/2 in progress.' }))).toMatchObject({
      type: 'DeploymentStarted',
      deployment: 'ecs-svc/2',
    });
  });
});

describe('a task state change', () => {
  const detail = {
    taskArn: 'arn:aws:ecs:eu-west-1:111122223333:task/prod/abc',
    clusterArn,
    group: 'service:web',
    lastStatus: 'RUNNING',
    updatedAt: time,
  };
  const task = (rest: object) => envelope('ECS Task State Change', { ...detail, ...rest });

  it('tells what is known, and null for the rest', () => {
    expect(eventOf(task({}))).toEqual({
      type: 'TaskChanged',
      ...fact,
      task: 'abc',
      version: null,
      deployment: null,
      taskDefinition: null,
      lastStatus: 'RUNNING',
      createdAt: null,
      startedAt: null,
      stopped: null,
    });
  });

  it('tells everything about a stopped one', () => {
    const stop = {
      lastStatus: 'STOPPED',
      version: 7,
      startedBy: 'ecs-svc/2',
      taskDefinitionArn,
      createdAt: '2026-01-01T11:59:00Z',
      startedAt: '2026-01-01T11:59:30.5Z',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'app', exitCode: 137, reason: 'OutOfMemoryError: …', cpu: 'null' }, {}],
    };
    expect(eventOf(task(stop))).toMatchObject({
      version: 7,
      deployment: 'ecs-svc/2',
      taskDefinition: taskDefinitionArn,
      createdAt: Date.UTC(2026, 0, 1, 11, 59),
      startedAt: Date.UTC(2026, 0, 1, 11, 59, 30, 500),
      stopped: {
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        containers: [
          { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: …' },
          { name: 'unnamed', exitCode: null, reason: null },
        ],
      },
    });
  });

  it('has not stopped yet while it runs with a stop code, as spot tasks do', () => {
    expect(eventOf(task({ stopCode: 'SpotInterruption' }))).toMatchObject({ stopped: null });
  });

  it('of a task that a person or a schedule started has no deployment', () => {
    expect(eventOf(task({ startedBy: 'events-rule/nightly' }))).toMatchObject({ deployment: null });
  });

  it('may name its task definition without a revision, or its task in the resources only', () => {
    const withoutRevision = taskDefinitionArn.replace(':7', '');
    const resources = [detail.taskArn];
    const { taskArn: _, ...rest } = { ...detail, taskDefinitionArn: withoutRevision };
    const notification = { ...envelope('ECS Task State Change', rest), resources };
    expect(eventOf(notification)).toMatchObject({ task: 'abc', taskDefinition: withoutRevision });
  });

  it('of a task of no service is ignored', () => {
    for (const group of ['family:web', null, undefined]) {
      expect(translate(task({ group })).kind).toBe('ignored');
    }
  });

  it('whose account was blanked out is ignored', () => {
    const masked = clusterArn.replace('111122223333', 'XXXXXXXXXXXX');
    expect(translate(task({ clusterArn: masked })).kind).toBe('ignored');
  });
});

describe('an API call', () => {
  const call = (detail: object) => ({
    ...envelope('AWS API Call via CloudTrail', {
      eventName: 'UpdateService',
      eventTime: '2026-01-01T12:00:00Z',
      userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/deployer/ci' },
      requestParameters: { cluster: 'prod', service: 'web' },
      responseElements: null,
      ...detail,
    }),
    resources: [],
  });

  it('tells who updated the service, and what the response says of it', () => {
    const responseElements = {
      service: {
        serviceArn: service,
        taskDefinition: taskDefinitionArn,
        deployments: [
          { id: 'ecs-svc/2', status: 'PRIMARY', createdAt: 'Feb 20, 2026, 1:02:03 PM' },
          { id: 'ecs-svc/1', status: 'ACTIVE' },
        ],
      },
    };
    expect(eventOf(call({ responseElements }))).toEqual({
      type: 'ServiceUpdated',
      id: 'e-1',
      service,
      occurredAt: Date.UTC(2026, 0, 1, 12),
      by: 'arn:aws:sts::111122223333:assumed-role/deployer/ci',
      taskDefinition: taskDefinitionArn,
      deployment: 'ecs-svc/2',
    });
  });

  it.each([
    [{ cluster: 'prod', service: 'web' }, service],
    [{ cluster: clusterArn, service: 'web' }, service],
    [{ service }, service],
    [{ service: 'web' }, service.replace('prod', 'default')],
  ])('names its service by %j', (requestParameters, expected) => {
    expect(eventOf(call({ requestParameters })).service).toBe(expected);
  });

  it('has the partition of its region', () => {
    const notification = { ...call({}), region: 'cn-north-1' };
    expect(eventOf(notification).service).toBe('arn:aws-cn:ecs:cn-north-1:111122223333:service/prod/web');
  });

  it('calls a new service by another name, and tells of a deleted one', () => {
    const created = call({
      eventName: 'CreateService',
      requestParameters: { cluster: 'prod', serviceName: 'web' },
    });
    expect(eventOf(created)).toMatchObject({ type: 'ServiceCreated', service });
    expect(eventOf(call({ eventName: 'DeleteService' }))).toMatchObject({ type: 'ServiceDeleted', service });
  });

  it('that failed, or changes no service, is ignored', () => {
    expect(translate(call({ errorCode: 'AccessDenied', requestParameters: null })).kind).toBe('ignored');
    expect(translate(call({ eventName: 'RunTask', requestParameters: null })).kind).toBe('ignored');
  });
});

describe("an alarm's change of state", () => {
  const alarm = {
    ...envelope('CloudWatch Alarm State Change', {
      alarmName: 'web-5xx',
      state: { value: 'ALARM', timestamp: '2026-01-01T12:00:00.123+0000', reasonData: '{not json' },
    }),
    source: 'aws.cloudwatch',
    resources: ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web-5xx'],
  };

  it('becomes an event of each service that it is looked up for', () => {
    const translation = translate(alarm);
    if (translation.kind !== 'alarm') throw new Error(translation.kind);
    expect(alarmChangedFor(translation.alarm, parseServiceArn(service))).toEqual({
      type: 'AlarmChanged',
      ...fact,
      alarm: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web-5xx',
      alarmName: 'web-5xx',
      state: 'ALARM',
      previousState: null,
    });
  });

  it('of a contributor to it is another detail type, and ignored', () => {
    expect(translate({ ...alarm, 'detail-type': 'CloudWatch Alarm Contributor State Change' }).kind).toBe(
      'ignored',
    );
  });
});

describe('what cannot be understood', () => {
  const good = deployment({
    eventName: 'SERVICE_DEPLOYMENT_COMPLETED',
    deploymentId: 'ecs-svc/1',
    updatedAt: time,
  });

  it.each([
    [42, 'this is a number, not an EventBridge envelope'],
    [null, 'this is null, not an EventBridge envelope'],
    [[good], 'this is an array, not an EventBridge envelope'],
    [{}, 'this is not an EventBridge envelope: detail-type is missing'],
    [
      { eventVersion: '1.09', eventSource: 'ecs.amazonaws.com' },
      'this is a bare CloudTrail record, not an EventBridge envelope',
    ],
    [
      { executionId: 'x', lifecycleStage: 'PRE_SCALE_UP' },
      'this is the input of a lifecycle-hook Lambda, not an EventBridge envelope',
    ],
    [{ ...good, id: undefined }, 'id is missing'],
    [{ ...good, id: '' }, 'id is empty'],
    [{ ...good, detail: 'text' }, 'detail must be an object, not a string'],
    [{ ...good, detail: [] }, 'detail must be an object, not an array'],
    [{ ...good, resources: [] }, 'resources[0], the ARN of the service, is missing'],
    [
      { ...good, resources: ['arn:aws:ecs:eu-west-1:111122223333:service/web'] },
      'turn on the account setting serviceLongArnFormat',
    ],
    [{ ...good, detail: { ...good.detail, deploymentId: undefined } }, 'detail.deploymentId is missing'],
    [
      { ...good, detail: { ...good.detail, deploymentId: 7 } },
      'detail.deploymentId must be a string, not a number',
    ],
    [
      { ...good, detail: { ...good.detail, deploymentId: '7' } },
      'detail.deploymentId: "7" is not a deployment id',
    ],
    [
      { ...good, detail: { ...good.detail, updatedAt: 'yesterday' } },
      'detail.updatedAt "yesterday" is not a time',
    ],
  ])('%#: is invalid, in a sentence that names the field', (value, sentence) => {
    const translation = translate(value);
    expect(translation).toMatchObject({ kind: 'invalid' });
    expect('because' in translation && translation.because).toContain(sentence);
  });

  it('is never what AWS may add: fields, values, detail types', () => {
    const added = {
      ...good,
      traceHeader: 'x',
      detail: { ...good.detail, eventType: 'NOTE', more: { a: [1] } },
    };
    expect(translate(added).kind).toBe('event');
    expect(translate({ ...good, 'detail-type': 'ECS Daemon Service Action', resources: [] }).kind).toBe(
      'ignored',
    );
    expect(translate({ ...good, source: 'aws.ec2' }).kind).toBe('ignored');
  });
});

function deployment(detail: object) {
  return envelope('ECS Deployment State Change', { eventType: 'INFO', ...detail });
}

function envelope(detailType: string, detail: object) {
  return {
    version: '0',
    id: 'e-1',
    'detail-type': detailType,
    source: 'aws.ecs',
    account: '111122223333',
    time: '2026-01-01T12:01:00Z',
    region: 'eu-west-1',
    resources: [service],
    detail,
  };
}

function eventOf(notification: unknown) {
  const translation = translate(notification);
  if (translation.kind !== 'event') throw new Error(JSON.stringify(translation));
  return translation.event;
}
