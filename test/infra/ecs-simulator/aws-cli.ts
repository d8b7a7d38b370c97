// Run by hand, since it needs the AWS CLI and, for the bad deployment, the ten minutes after which
// `wait` gives up: npx tsx test/infra/ecs-simulator/aws-cli.ts
import { notStrictEqual, strictEqual } from 'node:assert';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  AcceleratedClock,
  clockTime,
  EcsSimulator,
  startEcsServer,
} from '../../../infra/ecs-simulator/src/ecs-simulator';

const clock = new AcceleratedClock({ origin: clockTime(Date.UTC(2026, 0, 1)), factor: 60 });
const simulator = new EcsSimulator({ clock, seed: 1, emit: () => {} });
const server = await startEcsServer(simulator);
const run = promisify(execFile);

/** Runs the AWS CLI and returns what it printed, parsed; rejects when it fails. */
async function aws(...words: string[]): Promise<unknown> {
  const { stdout } = await run('aws', [...words, '--endpoint-url', server.endpoint, '--output', 'json'], {
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'cli',
      AWS_SECRET_ACCESS_KEY: 'unused',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_PAGER: '',
    },
  });
  process.stdout.write(`ok   aws ${words.slice(0, 6).join(' ')}\n`);
  return stdout.trim() === '' ? null : JSON.parse(stdout);
}

/** The exit code with which it fails. */
async function failureOf(...words: string[]): Promise<number> {
  try {
    await aws(...words);
    return 0;
  } catch (error) {
    process.stdout.write(`fails, as it should: ${(error as { stderr: string }).stderr.trim()}\n`);
    return (error as { code: number }).code;
  }
}

async function register(behaviour: string): Promise<void> {
  const container = { name: 'app', image: 'example/web:1', dockerLabels: { 'rewind.behaviour': behaviour } };
  await aws(
    'ecs',
    'register-task-definition',
    '--family',
    'web',
    '--container-definitions',
    JSON.stringify([container]),
  );
}

const web = ['--cluster', 'prod'];
const metric = ['--namespace', 'shop', '--metric-name', 'errors'];

try {
  await aws('ecs', 'create-cluster', '--cluster-name', 'prod');
  await register('healthy');
  await aws(
    'ecs',
    'create-service',
    ...web,
    '--service-name',
    'web',
    '--task-definition',
    'web',
    '--desired-count',
    '2',
  );
  await aws('ecs', 'wait', 'services-stable', ...web, '--services', 'web');
  await register('healthy');
  await aws('ecs', 'update-service', ...web, '--service', 'web', '--task-definition', 'web:2');
  await aws('ecs', 'wait', 'services-stable', ...web, '--services', 'web');
  await aws('ecs', 'list-service-deployments', ...web, '--service', 'web');
  await aws('ecs', 'run-task', ...web, '--task-definition', 'web');

  const rule = ['--period', '60', '--evaluation-periods', '1', '--threshold', '5', '--statistic', 'Average'];
  const comparison = ['--comparison-operator', 'GreaterThanThreshold'];
  await aws('cloudwatch', 'put-metric-alarm', '--alarm-name', 'errors', ...metric, ...rule, ...comparison);
  await aws(
    'cloudwatch',
    'set-alarm-state',
    '--alarm-name',
    'errors',
    '--state-value',
    'OK',
    '--state-reason',
    'try',
  );
  const described = await aws('cloudwatch', 'describe-alarms', '--alarm-names', 'errors');
  strictEqual((described as { MetricAlarms: { StateValue: string }[] }).MetricAlarms[0]?.StateValue, 'OK');
  await aws('cloudwatch', 'put-metric-data', ...metric, '--value', '9.5');
  const query = [
    {
      Id: 'm',
      MetricStat: { Metric: { Namespace: 'shop', MetricName: 'errors' }, Period: 60, Stat: 'Average' },
    },
  ];
  const times = ['--start-time', '2026-01-01T00:00:00Z', '--end-time', '2026-01-02T00:00:00Z'];
  const data = await aws(
    'cloudwatch',
    'get-metric-data',
    '--metric-data-queries',
    JSON.stringify(query),
    ...times,
  );
  strictEqual((data as { MetricDataResults: { Values: number[] }[] }).MetricDataResults[0]?.Values[0], 9.5);
  const entry = { Source: 'shop', DetailType: 'Sold', Detail: '{}' };
  await aws('events', 'put-events', '--entries', JSON.stringify([entry]));
  notStrictEqual(
    await failureOf(
      'cloudwatch',
      'set-alarm-state',
      '--alarm-name',
      'none',
      '--state-value',
      'OK',
      '--state-reason',
      'x',
    ),
    0,
  );
  notStrictEqual(await failureOf('ecs', 'update-service', ...web, '--service', 'none'), 0);

  await register('crash');
  await aws('ecs', 'update-service', ...web, '--service', 'web', '--task-definition', 'web:3');
  process.stdout.write('ten minutes until `wait` gives a bad deployment up …\n');
  notStrictEqual(await failureOf('ecs', 'wait', 'services-stable', ...web, '--services', 'web'), 0);
} finally {
  clock.stop();
  await server.close();
}
