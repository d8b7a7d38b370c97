import type { Instant } from '../../../state-machines/log/instant';
import {
  type Caller,
  EcsError,
  EcsSimulator,
  type Notification,
} from '../../ecs-simulator/src/ecs-simulator';
import type { FunctionRun } from '../lambda/function-run';
import type { VirtualTime } from '../lambda/virtual-time';
import { AccountHistory } from './account-history';
import type { Breaker, Release } from './plan-items';
import { releaseLabels } from './release-labels';
import { killSwitchName } from './rewind-functions';
import type { EffectiveWrite, Starter } from './run-record';
import { alarmName, type Settings } from './settings';

const cluster = 'prod';
const service = 'web';
export const serviceArnOfRun = 'arn:aws:ecs:us-east-1:123456789012:service/prod/web';
const people: Caller = { accessKeyId: 'deployer', userAgent: 'people', sourceIpAddress: '127.0.0.1' };
const looks: ReadonlySet<string> = new Set(['DescribeServices']);
const writes: ReadonlySet<string> = new Set([
  'UpdateService',
  'StopServiceDeployment',
  'RegisterTaskDefinition',
]);

const alarmDefinition = {
  ...{ AlarmName: alarmName, Namespace: 'web', MetricName: 'errors', Statistic: 'Sum', Period: 60 },
  ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
};

interface SimulatedAccountParts {
  readonly time: VirtualTime;
  readonly seed: number;
  readonly settings: Settings;
  readonly emit: (notification: Notification) => void;
}

/**
 * The account: a service, its alarm and the kill switch, what people do there, and the truth about
 * it, which is learnt from the simulated ECS and from nothing of Rewind's.
 */
export class SimulatedAccount {
  readonly history = new AccountHistory();
  writeCalls = 0;
  ecsCalls = 0;
  readonly #simulator: EcsSimulator;
  readonly #time: VirtualTime;
  readonly #settings: Settings;
  #switchThrownAt: Instant | null = null;
  readonly #looks = new WeakMap<FunctionRun, Instant>();
  #callsToHotfix: number | null = null;
  #hotfixBefore = 0;
  #first = '';
  #newest = '';

  constructor({ time, seed, settings, emit }: SimulatedAccountParts) {
    this.#time = time;
    this.#settings = settings;
    this.#simulator = new EcsSimulator({
      clock: time.clock,
      seed,
      emit: (notification) => {
        if (notification.detail.eventName === 'SERVICE_DEPLOYMENT_IN_PROGRESS') this.#noteStart(notification);
        emit(notification);
      },
    });
  }

  /** As an invocation of one of Rewind's functions reaches it. */
  of(run: FunctionRun): Pick<EcsSimulator, 'call'> {
    return { call: (operation, input, caller) => this.#callOfRewind(run, operation, { input, caller }) };
  }

  #callOfRewind(
    run: FunctionRun,
    operation: string,
    { input, caller }: { readonly input: unknown; readonly caller: Caller },
  ): Record<string, unknown> {
    this.ecsCalls += 1;
    if (run.name === 'reconciler' || run.name === 'sweep') this.#hotfixIfDue();
    if (looks.has(operation)) this.#looks.set(run, this.#time.now());
    const call = () => this.#simulator.call(operation, input, caller);
    if (!writes.has(operation)) return call();
    this.writeCalls += 1;
    const ended = this.history.rollouts.at(-1);
    const lookedAt = this.#looks.get(run) ?? null;
    const about = { operation, at: this.#time.now(), lookedAt, switchThrownAt: this.#switchThrownAt };
    return this.#noting('rewind', ended === undefined ? null : { ...about, ended }, call);
  }

  /** Makes a call that may change something, and notes what came of it. */
  #noting<Answer>(by: Starter, write: Omit<EffectiveWrite, 'target'> | null, call: () => Answer): Answer {
    const { history } = this;
    const before = history.rollouts.length;
    const stops = () => this.#simulator.calls.effective('StopServiceDeployment').length;
    const stopsBefore = stops();
    try {
      return history.during(by, call);
    } finally {
      const started = history.rollouts.length > before ? history.rollouts.at(-1) : undefined;
      if (started !== undefined && write !== null)
        history.noteWrite({ ...write, target: started.taskDefinition });
      if (stops() > stopsBefore) history.noteStop(by, write);
    }
  }

  begin(): void {
    const { desiredCount, policy } = this.#settings;
    this.#by('CreateCluster', { clusterName: cluster });
    this.#by('PutParameter', { Name: killSwitchName, Value: 'off' });
    if (policy.alarms.includes(alarmName)) {
      this.#by('PutMetricAlarm', alarmDefinition);
      this.setAlarm('OK');
    }
    this.#first = this.#register({});
    this.#newest = this.#first;
    this.#by('CreateService', {
      cluster,
      serviceName: service,
      taskDefinition: this.#first,
      desiredCount,
    });
  }

  deploy(release: Release, breaker: Breaker): void {
    const deploymentCircuitBreaker = { enable: breaker !== 'none', rollback: breaker === 'rollsBack' };
    const taskDefinition = this.#taskDefinitionOf(release);
    this.#by('UpdateService', {
      cluster,
      service,
      taskDefinition,
      deploymentConfiguration: { deploymentCircuitBreaker },
      forceNewDeployment: true,
    });
  }

  /** Before which call after the next failed verdict somebody deploys. */
  planHotfix(beforeCall: number): void {
    this.#hotfixBefore = beforeCall;
  }

  /** Said when a failed verdict is recorded. */
  noteFailure(): void {
    if (this.#hotfixBefore > 0) this.#callsToHotfix = this.#hotfixBefore;
    this.#hotfixBefore = 0;
  }

  #hotfixIfDue(): void {
    if (this.#callsToHotfix === null) return;
    this.#callsToHotfix -= 1;
    if (this.#callsToHotfix > 0) return;
    this.#callsToHotfix = null;
    this.deploy('healthy', 'none');
  }

  scale(desiredCount: number): void {
    this.#by('UpdateService', { cluster, service, desiredCount });
  }

  stopDeployment(): void {
    const { serviceDeployments } = this.#by('ListServiceDeployments', { cluster, service }) as {
      serviceDeployments?: readonly { serviceDeploymentArn: string }[];
    };
    const [newest] = serviceDeployments ?? [];
    if (newest === undefined) return;
    this.#by('StopServiceDeployment', {
      serviceDeploymentArn: newest.serviceDeploymentArn,
      stopType: 'ROLLBACK',
    });
  }

  deregisterFirst(): void {
    this.#by('DeregisterTaskDefinition', { taskDefinition: this.#first });
  }

  setAlarm(StateValue: 'ALARM' | 'OK'): void {
    this.#by('SetAlarmState', { AlarmName: alarmName, StateValue, StateReason: 'as the plan says' });
  }

  throwSwitch(isThrown: boolean): void {
    this.#switchThrownAt = isThrown ? this.#time.now() : null;
    this.#by('PutParameter', { Name: killSwitchName, Value: isThrown ? 'on' : 'off', Overwrite: true });
  }

  #taskDefinitionOf(release: Release): string {
    if (release === 'again') return this.#newest;
    if (release === 'first') return this.#first;
    this.#newest = this.#register(releaseLabels(release, this.#settings));
    return this.#newest;
  }

  #register(dockerLabels: Readonly<Record<string, string>>): string {
    const containerDefinitions = [{ name: 'app', image: 'example/web:1', dockerLabels }];
    const { taskDefinition } = this.#by('RegisterTaskDefinition', { family: 'web', containerDefinitions });
    return (taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn;
  }

  /** A call of people: what ECS refuses them is their own affair. */
  #by(operation: string, input: object): Record<string, unknown> {
    try {
      return this.#noting('people', null, () => this.#simulator.call(operation, input, people));
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      return {};
    }
  }

  #noteStart({ detail }: Notification): void {
    const deployment = String(detail.deploymentId);
    const taskDefinition = this.#taskDefinitionNow(deployment);
    this.history.noteStart({ deployment, taskDefinition, at: this.#time.now() });
  }

  #taskDefinitionNow(deployment: string): string {
    const { services } = this.#simulator.call(
      'DescribeServices',
      { cluster, services: [service] },
      people,
    ) as {
      services: readonly { deployments: readonly { id: string; taskDefinition: string }[] }[];
    };
    return services[0]?.deployments.find(({ id }) => id === deployment)?.taskDefinition ?? '';
  }
}
