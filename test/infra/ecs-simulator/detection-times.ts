import { clockTime, EcsSimulator, SteppedClock } from '../../../infra/ecs-simulator/src/ecs-simulator';

/** A way to fail, with the settings under which somebody recorded how long AWS took. */
interface Failure {
  readonly name: string;
  readonly recordedSeconds: number;
  readonly desiredCount: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly service?: object;
}

const balancer = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const loadBalancers = [
  {
    targetGroupArn: `${balancer}:targetgroup/web/1`,
    containerName: 'app',
    containerPort: 80,
    advancedConfiguration: {
      alternateTargetGroupArn: `${balancer}:targetgroup/web/2`,
      productionListenerRule: `${balancer}:listener-rule/app/web/1/1/1`,
      roleArn: 'arn:aws:iam::123456789012:role/traffic',
    },
  },
];

/** The sequences of ecs-simulator/README.md, under "Time to detection". */
export const recordedFailures: readonly Failure[] = [
  { name: 'exits at once', recordedSeconds: 150, desiredCount: 1, labels: { 'rewind.behaviour': 'crash' } },
  {
    name: 'unhealthy for the load balancer',
    recordedSeconds: 930,
    desiredCount: 1,
    labels: { 'rewind.behaviour': 'unhealthy', 'rewind.check': 'load-balancer' },
    service: { loadBalancers },
  },
  {
    name: 'container never healthy, CANARY',
    recordedSeconds: 480,
    desiredCount: 2,
    labels: { 'rewind.behaviour': 'unhealthy' },
    service: { loadBalancers, deploymentConfiguration: { strategy: 'CANARY' } },
  },
  {
    name: 'image missing',
    recordedSeconds: 704,
    desiredCount: 1,
    labels: { 'rewind.behaviour': 'unpullable' },
  },
  {
    name: 'registry out of reach',
    recordedSeconds: 1236,
    desiredCount: 1,
    labels: { 'rewind.behaviour': 'registry-unreachable' },
  },
];

const caller = { accessKeyId: 'operator', userAgent: '', sourceIpAddress: '' };
const settledSeconds = 7200;

/** Seconds from UpdateService to the FAILED notification; the breaker has its default threshold. */
export function detectionSeconds({ desiredCount, labels, service = {} }: Failure, seed: number): number {
  const clock = new SteppedClock(clockTime(Date.UTC(2026, 0, 1)));
  let failedAt: number | null = null;
  const emit = ({ detail }: { detail: Readonly<Record<string, unknown>> }) => {
    if (detail.eventName === 'SERVICE_DEPLOYMENT_FAILED') failedAt ??= clock.now();
  };
  const simulator = new EcsSimulator({ clock, seed, emit });
  const call = (operation: string, input: object) => simulator.call(operation, input, caller);
  const register = (dockerLabels: object) => {
    const containerDefinitions = [{ name: 'app', image: 'example/web:1', dockerLabels }];
    call('RegisterTaskDefinition', { family: 'web', containerDefinitions });
  };
  call('CreateCluster', { clusterName: 'prod' });
  register({});
  const { deploymentConfiguration, ...others } = service as { deploymentConfiguration?: object };
  call('CreateService', {
    cluster: 'prod',
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount,
    ...others,
    deploymentConfiguration: {
      ...deploymentConfiguration,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
  });
  clock.advanceBy(settledSeconds);
  register(labels);
  const updatedAt = clock.now();
  call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: 'web' });
  clock.advanceBy(settledSeconds);
  return failedAt === null ? Number.POSITIVE_INFINITY : (failedAt - updatedAt) / 1000;
}
