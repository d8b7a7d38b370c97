import type { Behaviour, CheckedHealth } from '../configuration/behaviours';
import type { SeededRandom } from '../foundation/seeded-random';
import type { Task } from '../model/task';
import type { HealthCheck } from '../model/task-definition';

/**
 * When, in seconds after RUNNING, a task is first called healthy and when ECS gives it up; null for
 * never.
 */
export interface HealthTimes {
  readonly healthyAfter: number | null;
  readonly containerFailsAfter: number | null;
  readonly loadBalancerFailsAfter: number | null;
}

/**
 * The defaults of https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export const defaultHealthCheck: HealthCheck = { intervalSeconds: 30, retries: 3, startPeriodSeconds: 0 };

/**
 * A target group with the defaults of an Application Load Balancer's. Its first passed check makes
 * a target healthy.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
const targetGroup = {
  intervalSeconds: 30,
  unhealthyThreshold: 2,
  registeringSeconds: [5, 15],
  /** From a change of a target's health to ECS's next look at it. */
  noticingSeconds: [5, 30],
} as const;

/**
 * A task that nothing checks counts as healthy so long after RUNNING:
 * API_DeploymentConfiguration.html, minimumHealthyPercent.
 */
const uncheckedHealthySeconds = 40;

interface CheckTimes {
  readonly healthy: number | null;
  readonly fails: number | null;
}

/**
 * Works out a task's health to come: with a load balancer and a container check, both have to pass.
 */
export function healthTimesOf(task: Task, random: SeededRandom): HealthTimes {
  const grace = task.healthCheckGraceSeconds;
  const containers = task.containers.filter(({ definition }) => definition.isEssential);
  const container = containers.flatMap(({ definition, behaviour }) =>
    timesOfContainer({ check: definition.healthCheck, behaviour, grace }),
  );
  const loadBalancer =
    task.targetGroups.length === 0
      ? []
      : containers.map(({ behaviour }) => timesOfTarget({ behaviour, grace, random }));
  const all = [...container, ...loadBalancer];
  return {
    healthyAfter: all.length === 0 ? uncheckedHealthySeconds : latest(all.map(({ healthy }) => healthy)),
    containerFailsAfter: earliest(container.map(({ fails }) => fails)),
    loadBalancerFailsAfter: earliest(loadBalancer.map(({ fails }) => fails)),
  };
}

/** Whether DescribeTasks has more to say of a task's health than UNKNOWN. */
export function hasHealthCheck(task: Task): boolean {
  return task.containers.some(
    ({ definition, behaviour }) => definition.healthCheck !== null || isFailing(behaviour.checks.container),
  );
}

function isFailing(health: CheckedHealth): boolean {
  return health.failsAfterSeconds !== null;
}

function timesOfContainer({
  check,
  behaviour,
  grace,
}: {
  check: HealthCheck | null;
  behaviour: Behaviour;
  grace: number;
}): CheckTimes[] {
  const health = behaviour.checks.container;
  // A container that is to fail its check has one: the default, where the task definition gives
  // none.
  if (check === null && !isFailing(health)) return [];
  const { intervalSeconds, retries, startPeriodSeconds } = check ?? defaultHealthCheck;
  const patience = intervalSeconds * retries;
  return [
    timesOf(health, {
      firstCheck: intervalSeconds,
      patience,
      grace: Math.max(grace, startPeriodSeconds + patience),
    }),
  ];
}

function timesOfTarget({
  behaviour,
  grace,
  random,
}: {
  behaviour: Behaviour;
  grace: number;
  random: SeededRandom;
}): CheckTimes {
  const registered =
    random.between(...targetGroup.registeringSeconds) + random.between(...targetGroup.noticingSeconds);
  const patience = targetGroup.intervalSeconds * targetGroup.unhealthyThreshold;
  const firstCheck = registered + random.between(0, targetGroup.intervalSeconds);
  return timesOf(behaviour.checks.loadBalancer, {
    firstCheck,
    patience,
    grace: Math.max(grace, registered + patience),
  });
}

/**
 * `grace`: until when a check that has never passed may go on failing; `patience`: how long one may
 * that has.
 */
function timesOf(
  { passesAfterSeconds, failsAfterSeconds }: CheckedHealth,
  { firstCheck, patience, grace }: { firstCheck: number; patience: number; grace: number },
): CheckTimes {
  if (passesAfterSeconds === null || passesAfterSeconds > grace) return { healthy: null, fails: grace };
  return {
    healthy: Math.max(firstCheck, passesAfterSeconds),
    fails: failsAfterSeconds === null ? null : Math.max(grace, failsAfterSeconds + patience),
  };
}

function latest(instants: readonly (number | null)[]): number | null {
  return instants.reduce<number | null>(
    (last, instant) => (last === null || instant === null ? null : Math.max(last, instant)),
    0,
  );
}

function earliest(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.min(...known);
}
