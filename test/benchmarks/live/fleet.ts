import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '../../../infra/local/stack';

const caller = { accessKeyId: 'operator', userAgent: '', sourceIpAddress: '' };
const created = 25;

/** Services of two tasks each on the simulated ECS, with a good revision and one that crashes. */
export class Fleet {
  readonly #simulator: Stack['ecs']['simulator'];
  readonly #names: readonly string[];

  constructor({ ecs }: Pick<Stack, 'ecs'>, size: number) {
    this.#simulator = ecs.simulator;
    this.#names = Array.from({ length: size }, (_, index) => `web-${index}`);
  }

  /** Creates the services, some a second. */
  async create(): Promise<void> {
    this.#call('CreateCluster', { clusterName: 'prod' });
    this.#register('good', {});
    this.#register('bad', { 'rewind.behaviour': 'crash', 'rewind.crash-after': '2' });
    for (const [index, serviceName] of this.#names.entries()) {
      this.#call('CreateService', { cluster: 'prod', serviceName, taskDefinition: 'good', desiredCount: 2 });
      if (index % created === created - 1) await delay(1000);
    }
  }

  /** Whether ECS calls every deployment complete. */
  get isSteady(): boolean {
    return this.#names.every((name) => {
      const { services } = this.#call('DescribeServices', { cluster: 'prod', services: [name] });
      const [service] = services as { deployments: { rolloutState: string }[] }[];
      return service?.deployments.every(({ rolloutState }) => rolloutState === 'COMPLETED') === true;
    });
  }

  /** Deploys the revision that crashes to some of the services, one after another. */
  async breakSome(
    { from, to }: { readonly from: number; readonly to: number },
    seconds: number,
  ): Promise<void> {
    for (const service of this.#names.slice(from, to)) {
      this.#call('UpdateService', { cluster: 'prod', service, taskDefinition: 'bad' });
      await delay((1000 * seconds) / (to - from));
    }
  }

  #register(family: string, dockerLabels: Record<string, string>): void {
    const containerDefinitions = [{ name: 'app', image: `example/${family}:1`, dockerLabels }];
    this.#call('RegisterTaskDefinition', { family, containerDefinitions });
  }

  #call(operation: string, input: object): Record<string, unknown> {
    return this.#simulator.call(operation, input, caller);
  }
}
