import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployedRules } from '../../infra/local/aws/bus/bus';
import { matchesEventPattern } from '../../infra/local/aws/bus/event-patterns';
import { translate } from '../../services/notifications/translate';
import { history } from '../fixtures/histories/history';
import { fargateTaskNotification } from '../services/event-log/fargate-task-notification';
import {
  continueServiceDeployment,
  envelope,
  hookNotification,
  stopServiceDeployment,
  time,
} from '../services/notifications/envelopes';
import { crashing } from '../services/reconciler/worlds/rewind-at-work';
import { alarmNotification } from '../services/reconciler/worlds/stated-alarms';
import { origin, SimulatedEcs } from './ecs-simulator/simulated-ecs';

type Payload = {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Record<string, unknown>;
};

const ruleOf: Readonly<Record<string, string>> = {
  'ECS Deployment State Change': 'DeploymentStateChangeRule',
  'ECS Task State Change': 'TaskStateChangeRule',
  'ECS Service Action': 'ServiceActionRule',
  'ECS Hook State Change': 'HookStateChangeRule',
  'AWS API Call via CloudTrail': 'ServiceCallRule',
  'CloudWatch Alarm State Change': 'AlarmStateChangeRule',
};
const rules = deployedRules();
const matching = (payload: Payload) =>
  rules.filter(({ pattern }) => matchesEventPattern(pattern, payload)).map(({ name }) => name);

/**
 * Of every kind that the project knows: generated histories, notifications as recorded, and what
 * the simulated ECS tells.
 */
const payloads: Payload[] = [];
let ecs: SimulatedEcs;
beforeAll(async () => {
  ecs = await SimulatedEcs.start();
  for (let seed = 1; seed <= 5; seed += 1) {
    payloads.push(
      ...history({ seed, services: 2, rollouts: 5, badPercent: 40, lines: 600 }).lines.map((line) =>
        JSON.parse(line),
      ),
    );
  }
  payloads.push(
    JSON.parse(fargateTaskNotification('RUNNING')),
    JSON.parse(fargateTaskNotification('STOPPED')),
  );
  const others: unknown[] = [
    envelope('ECS Service Action', {
      eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
      eventType: 'ERROR',
      createdAt: time,
    }),
    envelope('ECS Service Action', {
      eventName: 'SERVICE_TASK_START_IMPAIRED',
      eventType: 'WARN',
      createdAt: time,
    }),
    envelope('ECS Service Action', {
      eventName: 'SERVICE_DEPLOYMENT_FAILED',
      eventType: 'ERROR',
      createdAt: time,
    }),
    hookNotification,
    stopServiceDeployment,
    continueServiceDeployment,
    envelope('ECS Container Instance State Change', { agentConnected: true }),
    envelope('ECS Task State Change', { group: 'family:batch', lastStatus: 'RUNNING' }),
    alarmNotification({ name: 'web-5xx', state: 'ALARM', previous: 'OK', at: origin }),
  ];
  payloads.push(...(others as Payload[]));
  await ecs.create({ taskDefinition: await ecs.register() });
  await ecs.run(300);
  await ecs.update({ taskDefinition: await ecs.register(crashing) });
  await ecs.run(600);
  payloads.push(...(JSON.parse(JSON.stringify(ecs.notifications)) as Payload[]));
});
afterAll(() => ecs?.stop());

describe('the deployed rules', () => {
  it('let through whatever says something of a rollout, each by the rule for its kind and by no other', () => {
    const telling = payloads.filter((payload) => translate(payload).kind !== 'ignored');
    expect(new Set(telling.map((payload) => payload['detail-type'])).size).toBe(6);
    const wrong = telling.filter((payload) => matching(payload).join() !== ruleOf[payload['detail-type']]);
    expect(wrong).toEqual([]);
  });

  it('match no payload twice, and none of another kind', () => {
    for (const payload of payloads) {
      const names = matching(payload);
      expect(names.length).toBeLessThanOrEqual(1);
      if (names.length === 1) expect(names).toEqual([ruleOf[payload['detail-type']]]);
    }
  });

  it('leave steady states and stopped tasks of services to those who want them', () => {
    const actions = payloads.filter((payload) => payload['detail-type'] === 'ECS Service Action');
    const quiet = actions.filter(({ detail }) => detail.eventName === 'SERVICE_STEADY_STATE');
    expect(quiet.length).toBeGreaterThan(0);
    expect(quiet.flatMap(matching)).toEqual([]);
  });
});
