import { expect } from 'vitest';
import { type DoctoredAccount, part } from './doctored-account';

/** What is planted, and what the doctor says of it. */
export const faults: readonly (readonly [
  fault: string,
  plant: (doctored: DoctoredAccount) => void,
  found: readonly string[],
])[] = [
  [
    'a deployment that failed',
    (doctored) => {
      doctored.account.stackStatus = 'UPDATE_ROLLBACK_COMPLETE';
    },
    ['stack: UPDATE_ROLLBACK_COMPLETE: the last deployment failed'],
  ],
  [
    'a stack of another version',
    (doctored) => {
      doctored.account.version = '0.0.9';
    },
    ['version: the stack is of version 0.0.9, this command of 0.1.0'],
  ],
  [
    'a stack of a version that told none',
    (doctored) => {
      doctored.account.version = '';
    },
    ['version: the stack does not tell its version, this command of 0.1.0'],
  ],
  [
    'a clock that is behind',
    (doctored) => {
      doctored.date = () => new Date(doctored.clock.now() + 400_000);
    },
    ['clock: this machine is 400 s behind AWS'],
  ],
  [
    'a rule that is off',
    (doctored) => {
      part(doctored.account.rules, 'TaskStateChangeRule').state = 'DISABLED';
    },
    ['rules: TaskStateChangeRule is DISABLED: nothing comes through it'],
  ],
  [
    'a schedule that is off',
    (doctored) => {
      part(doctored.account.rules, 'SweepEventsRuleSchedule1').state = 'DISABLED';
    },
    ['rules: SweepEventsRuleSchedule1 is DISABLED: nothing comes through it'],
  ],
  [
    'a rule that lets nothing through any more, but what another is for',
    (doctored) => {
      part(doctored.account.rules, 'ServiceActionRule').pattern = {
        'detail-type': ['ECS Task State Change'],
      };
    },
    [
      'rules: ServiceActionRule also lets through what TaskStateChangeRule is for',
      'rules: ServiceActionRule does not let through what ServiceActionRule is for',
    ],
  ],
  [
    'a rule without a target',
    (doctored) => {
      part(doctored.account.rules, 'AlarmStateChangeRule').targets = [];
    },
    [
      'rules: AlarmStateChangeRule has no target',
      'delivery: AlarmStateChangeRule does not lead to the queue of notifications',
    ],
  ],
  [
    'a rule that is gone',
    (doctored) => doctored.account.rules.delete('ServiceCallRule'),
    ['rules: is gone: ServiceCallRule does not exist.', 'delivery: is gone: ServiceCallRule does not exist.'],
  ],
  [
    'a queue that lets a rule in no more',
    (doctored) => {
      const queue = part(doctored.account.queues, 'NotificationQueue');
      queue.policy = queue.policy.replace('rule/ServiceActionRule"', 'rule/Other"');
    },
    ['delivery: the queue does not let ServiceActionRule in'],
  ],
  [
    'dead letters',
    (doctored) => {
      part(doctored.account.queues, 'NotificationDeadLetterQueue').messages = () => 3;
    },
    ['queues: NotificationDeadLetterQueue holds 3: nobody looked at what was given up'],
  ],
  [
    'a function that cannot run',
    (doctored) => {
      part(doctored.account.functions, 'rewind-local-ingest').state = 'Failed';
    },
    ['functions: rewind-local-ingest is Failed'],
  ],
  [
    'a reader of the stream that is off',
    (doctored) => {
      part(doctored.account.mappings, 'ReconcilerEventSourceMapping1').state = 'Disabled';
    },
    ['functions: ReconcilerEventSourceMapping1 is Disabled: it wakes nobody'],
  ],
  [
    'a reader whose function fails',
    (doctored) => {
      part(doctored.account.mappings, 'IngestEventSourceMapping1').lastResult =
        'PROBLEM: Function call failed';
    },
    ['functions: IngestEventSourceMapping1: PROBLEM: Function call failed'],
  ],
  [
    'an error that a function logged, and why',
    (doctored) => {
      const line = JSON.stringify({
        level: 'ERROR',
        message: 'a service could not be reconciled',
        error: { name: 'AccessDeniedException', message: 'not authorized to perform: ecs:UpdateService' },
      });
      const at = doctored.clock.now() - 5 * 60_000;
      doctored.account.logs.push({ functionName: 'rewind-local-reconciler', at, line });
    },
    [
      'errors: rewind-local-reconciler, 5 min ago: a service could not be reconciled: AccessDeniedException: not authorized to perform: ecs:UpdateService',
    ],
  ],
  [
    'a role whose policy was taken away',
    (doctored) => part(doctored.account.roles, 'IngestRole').policies.clear(),
    [expect.stringMatching(/^roles: IngestRole may not logs:CreateLogStream, .*dynamodb:PutItem/)],
  ],
  [
    'a role that is denied what it was allowed',
    (doctored) => {
      const Statement = [{ Effect: 'Deny', Action: ['ecs:describe*'], Resource: '*' }];
      part(doctored.account.roles, 'DiscoveryRole').policies.set('deny', { Statement });
    },
    [expect.stringMatching(/^roles: DiscoveryRole may not ecs:DescribeServices, ecs:DescribeTasks/)],
  ],
  [
    'a policy that cannot be read',
    (doctored) => {
      for (const { environment } of doctored.account.functions.values())
        environment.REWIND_POLICY = 'mode: on';
    },
    ['policy: the deployed policy, line 1: mode is not a key that Rewind knows'],
  ],
  [
    'an account of the policy file that the bus takes nothing from',
    (doctored) => {
      const accounts = { '444455556666': { regions: ['eu-west-1'] } };
      const REWIND_POLICY = JSON.stringify({ accounts });
      for (const { environment } of doctored.account.functions.values())
        Object.assign(environment, { REWIND_POLICY });
    },
    ['accounts: the bus takes nothing from account 444455556666'],
  ],
];
