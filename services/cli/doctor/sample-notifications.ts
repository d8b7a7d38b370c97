const envelope = {
  version: '0',
  id: '6f1d8b0e-5b0a-4c7e-9a57-0d1f5f3c2b11',
  account: '123456789012',
  region: 'us-east-1',
  time: '2026-01-01T00:00:00Z',
  resources: [],
};

function ofEcs(detailType: string, detail: object) {
  return { ...envelope, source: 'aws.ecs', 'detail-type': detailType, detail };
}

/** What AWS sends, in short, by the rule that has to let it through, and no other. */
export const sampleNotifications: ReadonlyMap<string, object> = new Map([
  [
    'DeploymentStateChangeRule',
    ofEcs('ECS Deployment State Change', { eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS' }),
  ],
  ['TaskStateChangeRule', ofEcs('ECS Task State Change', { group: 'service:web', lastStatus: 'RUNNING' })],
  [
    'ServiceActionRule',
    ofEcs('ECS Service Action', { eventName: 'SERVICE_TASK_START_IMPAIRED', eventType: 'WARN' }),
  ],
  [
    'HookStateChangeRule',
    ofEcs('ECS Hook State Change', { eventName: 'HOOK_AWAITING_ACTION', hookType: 'PAUSE' }),
  ],
  [
    'ServiceCallRule',
    ofEcs('AWS API Call via CloudTrail', { eventSource: 'ecs.amazonaws.com', eventName: 'UpdateService' }),
  ],
  [
    'AlarmStateChangeRule',
    {
      ...envelope,
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      detail: { alarmName: 'web-5xx', state: { value: 'ALARM' }, previousState: { value: 'OK' } },
    },
  ],
  [
    'OperatorActionRule',
    {
      ...envelope,
      source: 'rewind.operator',
      'detail-type': 'Rewind Operator Action',
      detail: { action: 'forgive' },
    },
  ],
  ['ProbeRule', { ...envelope, source: 'rewind.doctor', 'detail-type': 'Rewind Probe', detail: {} }],
]);
