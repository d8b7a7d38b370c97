import type { SimulationClock } from '../foundation/clock';
import { EcsError } from '../foundation/ecs-error';

interface Bucket {
  readonly burst: number;
  readonly refillPerSecond: number;
}

/**
 * Tokens by category:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html,
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html and, as
 * a second's worth,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
export const tokenBuckets = {
  'service modify': { burst: 50, refillPerSecond: 5 },
  'service read': { burst: 100, refillPerSecond: 20 },
  'service deployment': { burst: 50, refillPerSecond: 20 },
  'service revision': { burst: 50, refillPerSecond: 20 },
  'task read': { burst: 100, refillPerSecond: 20 },
  'task definition modify': { burst: 20, refillPerSecond: 1 },
  'task definition read': { burst: 50, refillPerSecond: 20 },
  'load balancer read': { burst: 40, refillPerSecond: 10 },
  'alarm read': { burst: 9, refillPerSecond: 9 },
  'alarm put': { burst: 3, refillPerSecond: 3 },
  'alarm delete': { burst: 3, refillPerSecond: 3 },
} as const satisfies Record<string, Bucket>;
export type ThrottlingCategory = keyof typeof tokenBuckets;

/** What the page does not name, StopServiceDeployment for one, is not limited here. */
const categories: Readonly<Record<string, ThrottlingCategory>> = {
  CreateService: 'service modify',
  UpdateService: 'service modify',
  DeleteService: 'service modify',
  DescribeServices: 'service read',
  ListServices: 'service read',
  ListServiceDeployments: 'service deployment',
  DescribeServiceDeployments: 'service deployment',
  DescribeServiceRevisions: 'service revision',
  DescribeTasks: 'task read',
  ListTasks: 'task read',
  DescribeClusters: 'task read',
  ListClusters: 'task read',
  RegisterTaskDefinition: 'task definition modify',
  DeregisterTaskDefinition: 'task definition modify',
  DescribeTaskDefinition: 'task definition read',
  ListTaskDefinitions: 'task definition read',
  DescribeTargetGroups: 'load balancer read',
  DescribeLoadBalancers: 'load balancer read',
  DescribeRules: 'load balancer read',
  DescribeAlarms: 'alarm read',
  PutMetricAlarm: 'alarm put',
  DeleteAlarms: 'alarm delete',
};

/** How many calls there were of each operation, and how long AWS would take to admit them. */
export class ApiUsage {
  readonly #counts = new Map<string, number>();

  note(operation: string): void {
    this.#counts.set(operation, this.count(operation) + 1);
  }

  count(operation: string): number {
    return this.#counts.get(operation) ?? 0;
  }

  /** Begins to count anew. */
  reset(): void {
    this.#counts.clear();
  }

  /**
   * The least time in which so many calls are admitted, at the documented rates and with full
   * tokenBuckets to begin with.
   */
  leastSeconds(): number {
    const byCategory = new Map<ThrottlingCategory, number>();
    for (const [operation, count] of this.#counts) {
      const category = throttlingCategoryOf(operation);
      if (category !== undefined) byCategory.set(category, (byCategory.get(category) ?? 0) + count);
    }
    const seconds = [...byCategory].map(([category, count]) => {
      const { burst, refillPerSecond } = tokenBuckets[category];
      return Math.max(0, count - burst) / refillPerSecond;
    });
    return Math.max(0, ...seconds);
  }
}

/** By what an operation is throttled together with others. */
export function throttlingCategoryOf(operation: string): ThrottlingCategory | undefined {
  return Object.hasOwn(categories, operation) ? categories[operation] : undefined;
}

/** The token tokenBuckets of one account in one Region. */
export class Throttling {
  readonly #clock: SimulationClock;
  readonly #levels = new Map<ThrottlingCategory, { tokens: number; at: number }>();

  constructor(clock: SimulationClock) {
    this.#clock = clock;
  }

  /** Takes a token; throws ThrottlingException when there is none. */
  admit(operation: string): void {
    const category = throttlingCategoryOf(operation);
    if (category === undefined) return;
    const { burst, refillPerSecond } = tokenBuckets[category];
    const now = this.#clock.now();
    const level = this.#levels.get(category) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, level.tokens + ((now - level.at) / 1000) * refillPerSecond);
    this.#levels.set(category, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    if (tokens < 1) throw new EcsError('ThrottlingException', 'Rate exceeded');
  }
}
