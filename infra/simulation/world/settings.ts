import { type FailureClass, failureClasses } from '../../../state-machines/log/stopped-task';
import type { SeededRandom } from '../../ecs-simulator/src/ecs-simulator';

/** What differs from one run to the next and holds for all of it: swarm testing's settings. */
export interface Settings {
  readonly policy: {
    readonly mode: 'enforce' | 'observe';
    readonly failureRule: 'percent' | 'evidence';
    readonly evidenceRatio: number;
    readonly certainCauses: 'fail' | 'wait';
    readonly bakeSeconds: number;
    readonly probationSeconds: number;
    readonly failurePercent: number;
    readonly minimumFailures: number;
    readonly stallSeconds: number;
    readonly deadlineSeconds: number;
    readonly rollbackBudget: number;
    readonly alarms: readonly string[];
    readonly onInconclusive: 'notify' | 'rollback' | 'pass';
    readonly provenBy: 'bake' | 'completion';
    readonly restoreByCopy: boolean;
    readonly normalExitCodes: readonly number[];
    readonly failureClasses: readonly FailureClass[];
  };
  /** Whether the guard sets ECS's circuit breaker. */
  readonly isGuarded: boolean;
  readonly desiredCount: number;
  /** How long the service has run before anybody installed Rewind; 0 where Rewind came first. */
  readonly uninstalledSeconds: number;
  readonly discoverySeconds: number;
  /** How long one call takes, on the way there and on the way back. */
  readonly callSeconds: number;
  /** How far the clock of each machine is off, at most. */
  readonly skewMilliseconds: number;
}

/** The name of the alarm that stands in CloudWatch; `absent` names one that does not. */
export const alarmName = 'errors';

/** Of a container that crashes as the plan says. */
const crashExitCode = 1;

export function swarmSettings(random: SeededRandom): Settings {
  return {
    policy: {
      mode: weighted(random, { enforce: 9, observe: 1 }),
      failureRule: weighted(random, { evidence: 2, percent: 1 }),
      evidenceRatio: pickFrom(random, [1, 3, 10, 10, 10, 100]),
      certainCauses: weighted(random, { fail: 2, wait: 1 }),
      bakeSeconds: pickFrom(random, [0, 0, 1, 60, 120, 200, 200, 600]),
      probationSeconds: pickFrom(random, [0, 0, 300, 900, 3600, 86_400]),
      failurePercent: pickFrom(random, [0, 10, 10, 50, 100]),
      minimumFailures: pickFrom(random, [1, 2, 2, 2, 3]),
      stallSeconds: pickFrom(random, [60, 300, 900]),
      deadlineSeconds: pickFrom(random, [600, 1800, 3600]),
      rollbackBudget: pickFrom(random, [0, 1, 3, 3, 20, 60]),
      alarms: pickFrom(random, [[], [], [alarmName], [alarmName], [alarmName, 'absent'], ['absent']]),
      onInconclusive: pickFrom(random, ['notify', 'rollback', 'pass'] as const),
      provenBy: weighted(random, { bake: 5, completion: 1 }),
      restoreByCopy: random.next() < 0.8,
      normalExitCodes: weighted(random, { none: 9, crash: 1 }) === 'crash' ? [crashExitCode] : [],
      failureClasses: random.next() < 0.9 ? failureClasses : ['image-pull'],
    },
    isGuarded: random.next() < 0.3,
    desiredCount: pickFrom(random, [1, 1, 2]),
    uninstalledSeconds: random.next() < 0.3 ? 3600 : 0,
    discoverySeconds: pickFrom(random, [300, 300, 600]),
    callSeconds: pickFrom(random, [0.005, 0.02, 0.2]),
    skewMilliseconds: pickFrom(random, [0, 0, 200, 2000]),
  };
}

export function pickFrom<Item>(random: SeededRandom, items: readonly Item[]): Item {
  const item = items[random.integer(0, items.length - 1)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

/** One of the names, each as likely as its weight. */
export function weighted<Name extends string>(
  random: SeededRandom,
  weights: Readonly<Record<Name, number>>,
): Name {
  const entries = Object.entries(weights) as [Name, number][];
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.next() * total;
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  return pickFrom(random, entries)[0];
}
