import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeregisterTaskDefinitionCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  type ServiceDeployment,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import {
  type ClockTime,
  clockTime,
  EcsError,
  EcsSimulator,
  type EcsSimulatorOptions,
  type Notification,
  SteppedClock,
  startEcsServer,
} from '../../../infra/ecs-simulator/src/ecs-simulator';
import { isModelledError, problemsInOutput } from './api-model';

/** Midnight: what the clock of every test shows first. */
export const origin: ClockTime = clockTime(Date.UTC(2026, 0, 1));

/**
 * The simulator on a stepped clock behind its HTTP server, a real SDK client, cluster `prod`, and
 * words for what tests do.
 */
export class SimulatedEcs {
  readonly clock: SteppedClock;
  /** All of them, oldest first. */
  readonly notifications: Notification[];
  readonly simulator: EcsSimulator;
  readonly #server: Awaited<ReturnType<typeof startEcsServer>>;
  readonly client: ECSClient;

  static async start(
    seed = 1,
    options: Pick<EcsSimulatorOptions, 'invokeLambda' | 'throttles' | 'traffic'> = {},
  ): Promise<SimulatedEcs> {
    const notifications: Notification[] = [];
    const clock = new SteppedClock(origin);
    const emit = (envelope: Notification) => notifications.push(envelope);
    const simulator = new EcsSimulator({ clock, seed, emit, ...options });
    const server = await startEcsServer(checkedAgainstModel(simulator));
    const started = new SimulatedEcs({ simulator, server, notifications, clock });
    await started.client.send(new CreateClusterCommand({ clusterName: 'prod' }));
    return started;
  }

  private constructor(parts: {
    simulator: EcsSimulator;
    server: Awaited<ReturnType<typeof startEcsServer>>;
    notifications: Notification[];
    clock: SteppedClock;
  }) {
    this.simulator = parts.simulator;
    this.notifications = parts.notifications;
    this.clock = parts.clock;
    this.#server = parts.server;
    this.client = new ECSClient({
      endpoint: parts.server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'deployer', secretAccessKey: 'unused' },
      maxAttempts: 1,
    });
  }

  get endpoint(): string {
    return this.#server.endpoint;
  }

  /** Calls an operation of CloudWatch or EventBridge without HTTP. */
  call(operation: string, input: unknown): Record<string, unknown> {
    return this.simulator.call(operation, input, { accessKeyId: 'test', userAgent: '', sourceIpAddress: '' });
  }

  /** Moves the clock on in small steps, and waits in each for the functions of hooks. */
  async run(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      this.clock.advanceBy(Math.min(5, seconds - passed));
      await this.simulator.idle();
    }
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.#server.close();
  }

  /** Registers the next revision of family `web` and returns its ARN. */
  async register(labels: Record<string, string> = {}): Promise<string> {
    const { taskDefinition } = await this.client.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        containerDefinitions: [{ name: 'app', image: 'example/web:1', dockerLabels: labels }],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  }

  async deregister(taskDefinition: string): Promise<void> {
    await this.client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  }

  /** Creates service `web` of three tasks, unless told otherwise. */
  async create(input: Partial<CreateServiceCommandInput> & { taskDefinition: string }): Promise<Service> {
    const { service } = await this.client.send(
      new CreateServiceCommand({ cluster: 'prod', serviceName: 'web', desiredCount: 3, ...input }),
    );
    return service ?? {};
  }

  async update(input: Partial<UpdateServiceCommandInput>): Promise<Service> {
    const { service } = await this.client.send(
      new UpdateServiceCommand({ cluster: 'prod', service: 'web', ...input }),
    );
    return service ?? {};
  }

  async describe(): Promise<Service> {
    const { services } = await this.client.send(
      new DescribeServicesCommand({ cluster: 'prod', services: ['web'] }),
    );
    return services?.[0] ?? {};
  }

  /** The service deployments in full, newest first. */
  async serviceDeployments(): Promise<ServiceDeployment[]> {
    const { serviceDeployments: briefs = [] } = await this.client.send(
      new ListServiceDeploymentsCommand({ cluster: 'prod', service: 'web' }),
    );
    const { serviceDeployments = [] } = await this.client.send(
      new DescribeServiceDeploymentsCommand({
        serviceDeploymentArns: briefs.map(({ serviceDeploymentArn }) => serviceDeploymentArn ?? ''),
      }),
    );
    return serviceDeployments;
  }

  /** Details of the notifications of a kind, oldest first. */
  details(detailType: string): Record<string, unknown>[] {
    return this.notifications
      .filter((envelope) => envelope['detail-type'] === detailType)
      .map(({ detail }) => detail);
  }

  /** The deployment notifications as `NAME deploymentId`. */
  deploymentHistory(): string[] {
    return this.details('ECS Deployment State Change').map(
      ({ eventName, deploymentId }) =>
        `${String(eventName).replace('SERVICE_DEPLOYMENT_', '')} ${String(deploymentId)}`,
    );
  }

  /** The distinct ends of tasks of one task definition: `stopCode: stoppedReason`. */
  stopsOf(taskDefinition: string): string[] {
    const ends = this.details('ECS Task State Change')
      .filter((task) => task.lastStatus === 'STOPPED' && task.taskDefinitionArn === taskDefinition)
      .map((task) => `${task.stopCode}: ${task.stoppedReason}`);
    return [...new Set(ends)];
  }
}

/**
 * Makes each answer that is not as the API model has it a failure of the simulator, which no test
 * expects.
 */
function checkedAgainstModel(simulator: EcsSimulator): Pick<EcsSimulator, 'call'> {
  return {
    call(operation, input, caller) {
      try {
        const output = simulator.call(operation, input, caller);
        const problems = problemsInOutput(operation, JSON.parse(JSON.stringify(output)));
        if (problems.length > 0) throw new Error(problems.join('; '));
        return output;
      } catch (error) {
        if (error instanceof EcsError && !isModelledError(error.name) && !unmodelled.has(error.name)) {
          throw new Error(`${error.name} is not in the model`);
        }
        throw error;
      }
    },
  };
}

/** Errors of the protocol and of throttling. */
const unmodelled: ReadonlySet<string> = new Set([
  'SerializationException',
  'ThrottlingException',
  'UnknownOperationException',
]);

/** A circuit breaker that rolls back. */
export const breaker = { enable: true, rollback: true };
