import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setVariables } from '../../infra/local/process-environment';
import { Director } from '../../infra/local/stories/scenario/director';
import { readStories } from '../../infra/local/stories/scenario/story-folder';
import { parsePolicyFile } from '../../services/policy/policy-file';
import { parsePolicyText } from '../../services/policy/policy-text';
import { type RecordingEventBus, startRecordingEventBus } from '../fixtures/recording-event-bus';
import { GuardedAccount } from '../services/guard/guarded-account';
import { crashing } from '../services/reconciler/worlds/rewind-at-work';
import { loadBalancers as shifting } from './ecs-simulator/hooked-service';
import { grantedActions } from './granted-actions';
import { RecordedCalls } from './recorded-calls';
import { RunningFunctions } from './running-functions';

let account: GuardedAccount;
let recordingBus: RecordingEventBus;
let calls: RecordedCalls;
let putBack: () => void;

const gates = { stages: ['POST_TEST_TRAFFIC_SHIFT'] };
/** One ends by itself, one is given up, and the function of one is not there. */
const tests = [
  { name: 'smoke', task: { taskDefinition: 'smoke' } },
  { name: 'load', task: { taskDefinition: 'load' }, timeoutSeconds: 30, required: false },
  { name: 'contract', lambda: { function: 'contract' }, required: false },
];
const policy = { defaults: { bakeSeconds: 300, alarms: ['web-errors'], rollbackBudget: 20, gates, tests } };

const webErrors = {
  AlarmName: 'web-errors',
  Namespace: 'Web',
  MetricName: 'Errors',
  Dimensions: [],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
};

/**
 * Everything that the functions ever do, once: told, missed and discovered, failed in each way,
 * taken back in both.
 */
beforeAll(async () => {
  [account, recordingBus] = await Promise.all([GuardedAccount.start(), startRecordingEventBus()]);
  putBack = setVariables({
    ...recordingBus.environment,
    REWIND_TABLE: account.dynamoDb.tableName,
    REWIND_POLICY: JSON.stringify(parsePolicyText(JSON.stringify(policy), 'policy')),
    REWIND_MODE: 'enforce',
    REWIND_KILL_SWITCH: '/rewind/test/kill-switch',
    REWIND_ACCOUNT: '123456789012',
    REWIND_TOPIC: 'arn:aws:sns:us-east-1:123456789012:announcements',
  });
  account.ecs.call('PutParameter', { Name: '/rewind/test/kill-switch', Value: 'off' });
  calls = new RecordedCalls();
  const functions = new RunningFunctions(account, calls);
  await tellTheStory(functions);
});
afterAll(async () => {
  calls?.stop();
  putBack?.();
  await recordingBus?.stop();
  await account?.stop();
});

async function tellTheStory(functions: RunningFunctions): Promise<void> {
  const { ecs } = account;
  const targetGroupArn = await account.targetGroup('web');
  const loadBalancers = [{ targetGroupArn, containerName: 'app', containerPort: 80 }];
  ecs.call('PutMetricAlarm', webErrors);
  ecs.call('SetAlarmState', { AlarmName: 'web-errors', StateValue: 'OK', StateReason: 'test' });
  await ecs.create({ taskDefinition: await ecs.register(), loadBalancers });
  await functions.pass(500);
  // Fails while ECS works on it: stopped.
  await ecs.update({ taskDefinition: await ecs.register(crashing) });
  await functions.pass(500);
  // Fails in its bake, when an alarm is raised: deployed over.
  await ecs.update({ taskDefinition: await ecs.register() });
  await functions.pass(450);
  ecs.call('SetAlarmState', { AlarmName: 'web-errors', StateValue: 'ALARM', StateReason: 'test' });
  await functions.pass(900);
  ecs.call('SetAlarmState', { AlarmName: 'web-errors', StateValue: 'OK', StateReason: 'test' });
  // Fails in its bake, when what it took the place of is deregistered: a copy is deployed.
  const replaced = (await ecs.describe()).taskDefinition ?? '';
  await ecs.update({ taskDefinition: await ecs.register({ ...crashing, 'rewind.crash-after': '450' }) });
  await functions.pass(400);
  await ecs.deregister(replaced);
  await functions.pass(900);
  await tellTheStories(functions);
  // Protected, and then by another alarm: the first one goes.
  for (const preset of ['target-5xx', 'memory']) {
    const declared = `services: [{ match: prod/web, native: { alarms: { presets: [${preset}] } } }]`;
    await functions.guardWith(parsePolicyFile(declared, 'policy'));
  }
  await passGate(functions, targetGroupArn);
  await functions.recover();
}

/** What the tests run: their last lines are read where they have ended. */
function registerTests({ ecs }: GuardedAccount): void {
  const options = { 'awslogs-group': '/tests', 'awslogs-stream-prefix': 'test' };
  for (const [family, dockerLabels] of [
    ['smoke', { ...crashing, 'rewind.exit-code': '0' }],
    ['load', {}],
  ] as const) {
    const logConfiguration = { logDriver: 'awslogs', options };
    const container = { name: 'test', image: `${family}:1`, dockerLabels, logConfiguration };
    ecs.call('RegisterTaskDefinition', { family, containerDefinitions: [container] });
  }
}

/**
 * Shifts traffic, measured as a tag of the service asks for, and waits at a gate of the policy,
 * which is answered once a test has passed.
 */
async function passGate(functions: RunningFunctions, targetGroupArn: string): Promise<void> {
  const { ecs } = account;
  registerTests(account);
  const tags = [{ key: 'rewind:analysis', value: 'standard' }];
  ecs.call('TagResource', { resourceArn: (await ecs.describe()).serviceArn, tags });
  const alternateTargetGroupArn = await account.targetGroup('green');
  const loadBalancers = shifting.map((balancer) => ({
    ...balancer,
    targetGroupArn,
    advancedConfiguration: { ...balancer.advancedConfiguration, alternateTargetGroupArn },
  }));
  const lifecycleHooks = [{ targetType: 'PAUSE', lifecycleStages: gates.stages }];
  const deploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0, lifecycleHooks };
  const taskDefinition = await ecs.register();
  await ecs.update({ taskDefinition, loadBalancers, deploymentConfiguration } as never);
  await functions.pass(60);
  await functions.askHook();
  await functions.pass(450);
}

/** What web:2 does in every story of docs/scenarios that says how it ends. */
async function tellTheStories(functions: RunningFunctions): Promise<void> {
  for (const story of readStories().values()) {
    // Those with users need a load balancer of their own, and those of gates a policy of their own.
    if (story.traffic !== undefined || JSON.stringify(story.policy).includes('gates')) continue;
    const director = new Director(account.ecs.simulator, story);
    for (const step of story.steps) {
      director.take(step);
      await functions.pass(900);
    }
  }
}

/**
 * What Lambda, CloudWatch Logs and ECS ask of the role by themselves: the code makes no such calls.
 */
const madeForIt =
  /^(sqs|iam|sts|kms|xray):|^logs:(Create|Put)|Stream|Records|Shard|^(cloudwatch|ecs):TagResource$/;
const grantedForCode = (name: string) => grantedActions(name).filter((action) => !madeForIt.test(action));

describe('a role', () => {
  it.each(['ingest', 'recovery', 'discovery', 'hook', 'guard', 'announcer'])(
    'of %s allows what it calls, and nothing else (I8)',
    (name) => {
      expect(calls.of(name).length).toBeGreaterThan(1);
      expect(grantedForCode(name)).toEqual(calls.of(name));
    },
  );

  it('of the reconciler and of its sweep allow what either calls for a reconcile, and nothing else (I8)', () => {
    const either = new Set([...calls.of('reconciler'), ...calls.of('sweep')]);
    const waking = 'dynamodb:Query on index';
    expect(calls.of('reconciler')).not.toContain(waking);
    expect(grantedForCode('sweep')).toEqual([...either].sort());
    expect(grantedForCode('reconciler')).toEqual([...either].filter((action) => action !== waking).sort());
    const writes = [
      'ecs:StopServiceDeployment',
      'ecs:ContinueServiceDeployment',
      'ecs:UpdateService',
      'ecs:RegisterTaskDefinition',
      'ecs:RunTask',
      'ecs:StopTask',
    ];
    for (const write of writes) expect(either).toContain(write);
  });
});
