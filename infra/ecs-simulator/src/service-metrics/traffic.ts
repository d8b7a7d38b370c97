import type { Metric, Sample } from '../cloudwatch/metrics';
import { type ClockTime, clockTime, laterBy } from '../foundation/clock';
import { SeededRandom } from '../foundation/seeded-random';
import { allServices } from '../model/cluster';
import { metricNameOf } from '../model/load-balancing';
import { type Service, tasksOf } from '../model/service';
import type { Task } from '../model/task';
import { runAfter, type World } from '../model/world';
import { errorPercentOf, responseSecondsOf } from './task-answers';
import { productionRuleOf, sharesOf } from './traffic-shares';

export interface TrafficOptions {
  /** What every service behind a load balancer is asked for, in all of its target groups. */
  readonly requestsPerSecond: number;
  /** How many requests fail, whichever version answers them. */
  readonly errorPercent?: number;
}

/** Between two draws: weights move within a minute. */
const drawSeconds = 15;
/**
 * The newest minutes grow: half of the requests are there at once, the rest and what came of them
 * after so many seconds. https://github.com/Netflix/atlas/pull/1300 saw up to two minutes.
 */
const publishedAfter = [60, 110] as const;
/** Response times spread like a lognormal distribution with σ = 0.6: its twentieths, as factors. */
const responseFactors = [
  0.31, 0.42, 0.5, 0.57, 0.64, 0.7, 0.76, 0.82, 0.89, 0.96, 1.04, 1.12, 1.21, 1.32, 1.43, 1.57, 1.75, 1.99,
  2.37, 3.24,
] as const;

/** What a minute came to, by metric and value. */
type MinuteCounts = Map<string, { readonly metric: Metric; readonly samples: Map<number, number> }>;

/**
 * Requests that reach the versions of a service by the weights of its traffic, as Application Load
 * Balancers report them: by target group, once a minute, late. Seeded; draws by itself, so that
 * all else in the simulator stays as it is without traffic.
 */
export class Traffic {
  /** Of all requests, whichever version answers them: something that all versions depend on. */
  errorPercent: number;
  readonly #world: World;
  readonly #requestsPerSecond: number;
  readonly #random: SeededRandom;
  #minute: MinuteCounts = new Map();

  constructor(world: World, seed: number, { requestsPerSecond, errorPercent = 0 }: TrafficOptions) {
    this.#world = world;
    this.#requestsPerSecond = requestsPerSecond;
    this.errorPercent = errorPercent;
    this.#random = new SeededRandom(seed ^ 0x5bd1e995);
  }

  begin(): void {
    const { clock } = this.#world;
    const drawMs = drawSeconds * 1000;
    const next = clockTime((Math.floor(clock.now() / drawMs) + 1) * drawMs);
    clock.schedule(next, () => this.#draw(next));
  }

  #draw(at: ClockTime): void {
    for (const service of allServices(this.#world)) this.#drawOf(service);
    if (at % 60_000 === 0) this.#publish(clockTime(at - 60_000));
    const next = laterBy(at, drawSeconds);
    this.#world.clock.schedule(next, () => this.#draw(next));
  }

  #drawOf(service: Service): void {
    const rule = this.#world.loadBalancing.rules.get(productionRuleOf(service) ?? '') ?? null;
    for (const [group, share] of sharesOf(service, rule)) {
      const loadBalancers = this.#world.loadBalancing.targetGroups.get(group)?.loadBalancers ?? [];
      const expected = this.#requestsPerSecond * drawSeconds * share;
      const healthy = healthyIn(service, group);
      for (const { arn } of loadBalancers) {
        const loadBalancer = { name: 'LoadBalancer', value: metricNameOf(arn) };
        if (healthy.length === 0) {
          // Without a healthy target the load balancer answers by itself, for no target group.
          this.#count([loadBalancer], 'HTTPCode_ELB_5XX_Count', { value: 1, count: this.#poisson(expected) });
        } else {
          const dimensions = [loadBalancer, { name: 'TargetGroup', value: metricNameOf(group) }];
          for (const task of healthy) this.#answer(dimensions, task, expected / healthy.length);
        }
      }
    }
  }

  #answer(dimensions: Metric['dimensions'], task: Task, expected: number): void {
    const now = this.#world.clock.now();
    const ofTwentieth = expected / responseFactors.length;
    for (const factor of responseFactors) {
      const count = this.#poisson(ofTwentieth);
      this.#count(dimensions, 'RequestCount', { value: 1, count });
      this.#count(dimensions, 'TargetResponseTime', { value: factor * responseSecondsOf(task), count });
      const share = 1 - (1 - errorPercentOf(task, now) / 100) * (1 - this.errorPercent / 100);
      const errors = Math.min(count, this.#poisson(count * share));
      this.#count(dimensions, 'HTTPCode_Target_5XX_Count', { value: 1, count: errors });
    }
  }

  #count(dimensions: Metric['dimensions'], name: string, { value, count }: Sample): void {
    if (count === 0) return;
    const key = JSON.stringify([name, dimensions]);
    const metric = { namespace: 'AWS/ApplicationELB', name, dimensions };
    const { samples } = this.#minute.get(key) ?? { samples: new Map<number, number>() };
    samples.set(value, (samples.get(value) ?? 0) + count);
    this.#minute.set(key, { metric, samples });
  }

  #publish(minute: ClockTime): void {
    for (const { metric, samples } of this.#minute.values()) {
      for (const [value, count] of samples) {
        const atOnce = metric.name === 'RequestCount' ? Math.floor(count / 2) : 0;
        this.#put(metric, minute, { value, count: atOnce });
        const rest = { value, count: count - atOnce };
        runAfter(this.#world, this.#random.between(...publishedAfter), () => this.#put(metric, minute, rest));
      }
    }
    this.#minute = new Map();
  }

  #put(metric: Metric, at: ClockTime, { value, count }: Sample): void {
    if (count === 0) return;
    this.#world.metrics.put(metric, { at, count, sum: value * count, minimum: value, maximum: value });
  }

  /** By multiplication: the means of a twentieth of a task's share are small. */
  #poisson(mean: number): number {
    let count = 0;
    for (let left = mean; left > 0; left -= largestMean) {
      const end = Math.exp(-Math.min(left, largestMean));
      for (let product = this.#random.next(); product > end; product *= this.#random.next()) count += 1;
    }
    return count;
  }
}

const largestMean = 400;

function healthyIn(service: Service, group: string): Task[] {
  return [...tasksOf(service)].filter(
    ({ lastStatus, isHealthy, targetGroups }) =>
      lastStatus === 'RUNNING' && isHealthy && targetGroups.some(({ arn }) => arn === group),
  );
}
