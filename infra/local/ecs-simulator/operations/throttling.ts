import type { Clock } from '../../clock';
import { EcsError } from '../ecs-error';

interface Bucket {
  readonly burst: number;
  readonly refillPerSecond: number;
}

/** Tokens by category: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html */
const buckets = {
  'service modify': { burst: 50, refillPerSecond: 5 },
  'service read': { burst: 100, refillPerSecond: 20 },
  'service deployment': { burst: 50, refillPerSecond: 20 },
  'service revision': { burst: 50, refillPerSecond: 20 },
  'task read': { burst: 100, refillPerSecond: 20 },
  'task definition modify': { burst: 20, refillPerSecond: 1 },
  'task definition read': { burst: 50, refillPerSecond: 20 },
} as const satisfies Record<string, Bucket>;
type Category = keyof typeof buckets;

/** What the page does not name, StopServiceDeployment for one, is not limited here. */
const categories: Readonly<Record<string, Category>> = {
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
};

/** The token buckets of one account in one Region. */
export class Throttling {
  readonly #clock: Clock;
  readonly #levels = new Map<Category, { tokens: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a token; throws ThrottlingException when there is none. */
  admit(operation: string): void {
    const category = Object.hasOwn(categories, operation) ? categories[operation] : undefined;
    if (category === undefined) return;
    const { burst, refillPerSecond } = buckets[category];
    const now = this.#clock.now();
    const level = this.#levels.get(category) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, level.tokens + ((now - level.at) / 1000) * refillPerSecond);
    this.#levels.set(category, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    if (tokens < 1) throw new EcsError('ThrottlingException', 'Rate exceeded');
  }
}
