import type { SeededRandom } from '../../../../infra/ecs-simulator/src/ecs-simulator';

/** How a service of the corpus is set up. */
export interface ServiceSetting {
  readonly health: 'none' | 'container' | 'load-balancer';
  /** On EC2, notifications name the host of a task. */
  readonly launchType: 'FARGATE' | 'EC2';
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly healthCheckGraceSeconds: number;
  readonly containers: readonly string[];
  readonly hasAlarm: boolean;
  /** From the service's creation to its second revision, and to the judged one. */
  readonly secondAfterSeconds: number;
  readonly judgedAfterSeconds: number;
}

/** What a kind of rollout settles of it. */
export type SettingChoice = (facts: { readonly size: number }) => Partial<Omit<ServiceSetting, 'health'>> & {
  /** One of these, by the seed. */
  readonly health?: readonly ServiceSetting['health'][];
};

const hour = 3600;
const percents = [
  [100, 200],
  [100, 200],
  [100, 150],
  [75, 125],
] as const;

/** Chooses what the seed leaves open. */
export function drawSetting(
  random: SeededRandom,
  { size, choice }: { readonly size: number; readonly choice: SettingChoice },
): ServiceSetting {
  const { health: healths, ...rest } = choice({ size });
  const health = pick(random, healths ?? (['none', 'container', 'load-balancer'] as const));
  const isNew = random.next() < 0.2;
  const judgedAfterSeconds = isNew ? random.between(1.2, 2) * hour : random.between(44, 52) * hour;
  const [minimumHealthyPercent, maximumPercent] = pick(random, size < 10 ? percents.slice(0, 1) : percents);
  return {
    health,
    launchType: pick(random, ['FARGATE', 'EC2'] as const),
    minimumHealthyPercent,
    maximumPercent,
    healthCheckGraceSeconds: 0,
    containers: ['app'],
    hasAlarm: false,
    secondAfterSeconds: judgedAfterSeconds * random.between(0.2, 0.4),
    judgedAfterSeconds,
    ...rest,
  };
}

/** One of some things, each as likely. */
export function pick<One>(random: SeededRandom, from: readonly One[]): One {
  return from[random.integer(0, from.length - 1)] as One;
}
