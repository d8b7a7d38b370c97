import { translate } from '../../../services/notifications/translate';

export const service = 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web';
export const clusterArn = 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod';
export const taskDefinitionArn = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7';
export const fact = { id: 'e-1', service, occurredAt: Date.UTC(2026, 0, 1, 12, 0, 0, 123) };
export const time = '2026-01-01T12:00:00.123Z';

export function deployment(detail: object) {
  return envelope('ECS Deployment State Change', { eventType: 'INFO', ...detail });
}

export function envelope(detailType: string, detail: object) {
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
