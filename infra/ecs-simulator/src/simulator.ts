import { CallLog } from './api/call-log';
import { Faults } from './api/faults';
import type { OperationOutcome } from './api/operation';
import { ApiUsage, Throttling } from './api/throttling';
import { AccountAlarms } from './cloudwatch/account-alarms';
import type { Alarm } from './cloudwatch/alarm';
import { Metrics } from './cloudwatch/metrics';
import type { Caller } from './foundation/caller';
import type { SimulationClock } from './foundation/clock';
import { EcsError } from './foundation/ecs-error';
import { type InvokeLambda, LambdaCalls } from './foundation/lambda';
import type { Notification } from './foundation/notification';
import { SeededRandom } from './foundation/seeded-random';
import { ContainerImages } from './model/container-images';
import { LogStreams } from './model/log-streams';
import type { ChooseBehaviour, StartedDeployment, World } from './model/world';
import { notifyAlarm } from './notifications/alarm-notification';
import { notifyApiCall } from './notifications/api-call-notification';
import { operations } from './operations/operation-table';
import { Platform } from './scheduler/platform';
import { ServiceScheduler } from './scheduler/service-scheduler';
import { ServiceMetrics } from './service-metrics/service-metrics';
import { Traffic, type TrafficOptions } from './service-metrics/traffic';

export interface EcsSimulatorOptions {
  /** The only time the simulator knows. It schedules callbacks there and polls nothing. */
  readonly clock: SimulationClock;
  /**
   * The same seed, with the same calls at the same instants, gives the same notifications byte for
   * byte.
   */
  readonly seed: number;
  /** Takes each notification as it is sent; they come in the order in which things happened. */
  readonly emit: (envelope: Notification) => void;
  /**
   * Chooses how the containers of each task behave, over what their labels say; what is left out
   * chooses nothing.
   */
  readonly chooseBehaviour?: ChooseBehaviour;
  /** us-east-1 when left out. */
  readonly region?: string;
  /** Twelve digits; 123456789012 when left out. */
  readonly accountId?: string;
  /**
   * Calls the functions of lifecycle hooks; without it, a service with Lambda hooks is refused.
   * `lambdaAt` calls them over HTTP.
   */
  readonly invokeLambda?: InvokeLambda;
  /** Whether calls are throttled as ECS's are; not, when left out. */
  readonly throttles?: boolean;
  /**
   * The requests that load balancers pass on by the weights of traffic and report once a minute.
   * Without it, alarms see ten requests a second in every target group, and nothing is published.
   */
  readonly traffic?: TrafficOptions;
}

/** These calls are told through CloudTrail here; AWS tells of every write. */
const toldThroughCloudTrail: ReadonlySet<string> = new Set([
  'CreateService',
  'UpdateService',
  'DeleteService',
  'StopServiceDeployment',
  'ContinueServiceDeployment',
]);

/**
 * One account's Amazon ECS in one Region, in memory. Speak to it over HTTP with `startEcsServer`,
 * or call it directly.
 */
export class EcsSimulator {
  /** The writes that were asked for: what a test counts. */
  readonly calls = new CallLog();
  /** What befalls tasks through no fault of theirs. */
  readonly platform: Platform;
  /** What the registries hold: tags can be moved and images removed. */
  readonly images: ContainerImages;
  /** Calls that fail because a test says so. */
  readonly faults: Faults;
  /** What users ask for; null without the option. */
  readonly traffic: Traffic | null;
  /** The calls that were admitted, reads too. */
  readonly usage = new ApiUsage();
  readonly #world: World;
  readonly #throttling: Throttling | null;
  readonly #scheduler: ServiceScheduler;

  constructor(options: EcsSimulatorOptions) {
    this.#world = createWorld(options);
    this.#throttling = options.throttles === true ? new Throttling(options.clock) : null;
    this.#scheduler = new ServiceScheduler(this.#world);
    this.platform = new Platform(this.#world, this.#scheduler);
    this.images = this.#world.images;
    this.faults = new Faults(this.#world);
    this.traffic =
      options.traffic === undefined ? null : new Traffic(this.#world, options.seed, options.traffic);
    this.traffic?.begin();
  }

  /** Every deployment that a call has started, in order; a rollback takes up an old one again. */
  get deploymentsStarted(): readonly StartedDeployment[] {
    return this.#world.deploymentsStarted;
  }

  /**
   * Resolves when no function of a hook is being called: until then a stepped clock had better
   * stand still.
   */
  idle(): Promise<void> {
    return this.#world.lambda.idle();
  }

  /**
   * Runs one operation to its end and returns its output, instants as epoch seconds; throws
   * EcsError when ECS would refuse it.
   */
  call(operation: string, input: unknown, caller: Caller): Record<string, unknown> {
    const known = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (known === undefined) {
      throw new EcsError(
        'UnknownOperationException',
        `The simulator does not know the operation ${operation}.`,
      );
    }
    this.#throttling?.admit(operation);
    this.usage.note(operation);
    const request = { world: this.#world, scheduler: this.#scheduler, caller, input };
    const run = () => {
      this.faults.admit({ operation, input, accessKeyId: caller.accessKeyId });
      return known.run(request);
    };
    return known.kind === 'read' ? run().output : this.#write(operation, request, run);
  }

  #write(
    operation: string,
    request: { caller: Caller; input: unknown },
    run: () => OperationOutcome,
  ): Record<string, unknown> {
    try {
      const outcome = run();
      this.#record(operation, request.caller, outcome);
      this.#tell(operation, request, { output: outcome.output, error: null });
      return outcome.output;
    } catch (error) {
      if (!(error instanceof EcsError)) throw error;
      this.#record(operation, request.caller, error);
      this.#tell(operation, request, { output: null, error });
      throw error;
    }
  }

  #record(operation: string, { accessKeyId: by }: Caller, result: OperationOutcome | EcsError): void {
    const at = this.#world.clock.now();
    if (result instanceof EcsError) {
      this.calls.record({ operation, by, at, resource: null, hadEffect: false, error: result.name });
      return;
    }
    const { resource = null, hadEffect = true } = result;
    this.calls.record({ operation, by, at, resource, hadEffect, error: null });
  }

  #tell(
    operation: string,
    { caller, input }: { caller: Caller; input: unknown },
    result: { output: unknown; error: EcsError | null },
  ): void {
    // What the protocol itself refuses never reaches CloudTrail as a call of the service.
    if (!toldThroughCloudTrail.has(operation) || result.error?.name === 'SerializationException') return;
    notifyApiCall(this.#world, caller, { operation, input, ...result });
  }
}

function createWorld(options: EcsSimulatorOptions): World {
  const {
    clock,
    seed,
    emit,
    chooseBehaviour = () => null,
    region = 'us-east-1',
    accountId = '123456789012',
    invokeLambda = null,
    traffic,
  } = options;
  const metrics = new Metrics();
  const beforeEvaluation = (alarm: Alarm) => serviceMetrics.put(alarm);
  const world: World = {
    clock,
    random: new SeededRandom(seed),
    recordIds: new SeededRandom(seed ^ 0x2545f491),
    emit,
    chooseBehaviour,
    region,
    accountId,
    clusters: new Map(),
    taskDefinitions: new Map(),
    metrics,
    alarms: new AccountAlarms({ clock, metrics, beforeEvaluation }),
    lambda: new LambdaCalls(invokeLambda),
    loadBalancing: { loadBalancers: new Map(), targetGroups: new Map(), rules: new Map() },
    images: new ContainerImages(),
    logs: new LogStreams(),
    parameters: new Map(),
    tags: new Map(),
    deploymentsStarted: [],
  };
  const serviceMetrics = new ServiceMetrics(world, traffic !== undefined);
  world.alarms.subscribe((alarm, previous) => notifyAlarm(world, alarm, previous));
  return world;
}
