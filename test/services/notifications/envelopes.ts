import { translate } from '../../../services/notifications/translate';

export const service = 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web';
export const clusterArn = 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod';
export const taskDefinitionArn = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7';
export const fact = { id: 'e-1', service, occurredAt: Date.UTC(2026, 0, 1, 12, 0, 0, 123) };
export const time = '2026-01-01T12:00:00.123Z';

export function deployment(detail: object) {
  return envelope('ECS Deployment State Change', { eventType: 'INFO', ...detail });
}

export function envelope<Detail extends object>(detailType: string, detail: Detail) {
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

export function eventOf(notification: unknown) {
  const translation = translate(notification);
  if (translation.kind !== 'event') throw new Error(JSON.stringify(translation));
  return translation.event;
}

export const serviceDeployment = service.replace(':service/', ':service-deployment/').concat('/0EYSiB0qap');

/** Calls that steer a service deployment, as CloudTrail tells of them. */
export const stopServiceDeployment = steeringCall('StopServiceDeployment', { stopType: 'ROLLBACK' });
export const continueServiceDeployment = steeringCall('ContinueServiceDeployment', {
  hookId: 'ecs-pause-1',
  action: 'CONTINUE',
});

function steeringCall(eventName: string, requestParameters: object) {
  const detail = {
    eventSource: 'ecs.amazonaws.com',
    eventName,
    eventTime: '2026-01-01T12:00:00Z',
    userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/admin/oncall' },
    requestParameters: { serviceDeploymentArn: serviceDeployment, ...requestParameters },
    responseElements: { serviceDeploymentArn: serviceDeployment },
  };
  return { ...envelope('AWS API Call via CloudTrail', detail), resources: [] };
}

/** A hook that waits, in the shape of AWS's own example, nanoseconds included. */
export const hookNotification = {
  ...envelope('ECS Hook State Change', {
    eventType: 'INFO',
    eventName: 'HOOK_AWAITING_ACTION',
    hookId: 'ecs-pause-1',
    hookType: 'PAUSE',
    expiresAt: '2026-01-01T12:10:00Z',
    lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
    clusterArn,
    serviceArn: service,
    serviceDeploymentArn: serviceDeployment,
    updatedAt: '2026-01-01T12:00:00.123059641Z',
  }),
  resources: [serviceDeployment],
};
