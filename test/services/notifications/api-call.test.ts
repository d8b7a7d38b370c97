import { describe, expect, it } from 'vitest';
import { translate } from '../../../services/notifications/translate';
import {
  clusterArn,
  continueServiceDeployment,
  envelope,
  eventOf,
  service,
  serviceDeployment,
  stopServiceDeployment,
  taskDefinitionArn,
} from './envelopes';

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

  it.each([
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
  ])('in %s is of a service of the partition %s', (region, partition) => {
    const { service } = eventOf({ ...call({}), region });
    expect(service).toBe(`arn:${partition}:ecs:${region}:111122223333:service/prod/web`);
  });

  it('has the partition of the cluster that it names by its ARN', () => {
    const cluster = 'arn:aws-new:ecs:xx-new-1:111122223333:cluster/prod';
    const notification = { ...call({ requestParameters: { service: 'web', cluster } }), region: 'xx-new-1' };
    expect(eventOf(notification).service).toBe('arn:aws-new:ecs:xx-new-1:111122223333:service/prod/web');
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

  it('tells who stopped a service deployment, and how', () => {
    expect(eventOf(stopServiceDeployment)).toEqual({
      type: 'ServiceDeploymentStopped',
      id: 'e-1',
      service,
      occurredAt: Date.UTC(2026, 0, 1, 12),
      by: 'arn:aws:sts::111122223333:assumed-role/admin/oncall',
      serviceDeployment,
      stopType: 'ROLLBACK',
    });
  });

  it('tells who let a hook go on', () => {
    expect(eventOf(continueServiceDeployment)).toEqual({
      type: 'ServiceDeploymentContinued',
      id: 'e-1',
      service,
      occurredAt: Date.UTC(2026, 0, 1, 12),
      by: 'arn:aws:sts::111122223333:assumed-role/admin/oncall',
      serviceDeployment,
      hookId: 'ecs-pause-1',
      action: 'CONTINUE',
    });
  });

  it('names its service deployment in the answer, if not in the request', () => {
    const { detail } = stopServiceDeployment;
    const answered = { ...detail, requestParameters: { stopType: 'ABORT' } };
    expect(eventOf({ ...stopServiceDeployment, detail: answered })).toMatchObject({
      service,
      serviceDeployment,
      stopType: 'ABORT',
    });
    const unnamed = { ...answered, responseElements: null };
    expect(translate({ ...stopServiceDeployment, detail: unnamed })).toEqual({
      kind: 'invalid',
      because: 'detail.requestParameters.serviceDeploymentArn is missing',
    });
  });

  it('that failed, or changes no service, is ignored', () => {
    expect(translate(call({ errorCode: 'AccessDenied', requestParameters: null })).kind).toBe('ignored');
    expect(translate(call({ eventName: 'RunTask', requestParameters: null })).kind).toBe('ignored');
  });
});
