import type { SeededRandom } from '../../ecs-simulator/src/ecs-simulator';
import type { Place } from '../lambda/function-run';
import type { Act, Breaker, PlanItem, Release, Trouble } from './plan-items';
import { pickFrom, type Settings, weighted } from './settings';

/** How long people and faults are at work, from the installation on. */
export const activeSeconds = 7200;

/** Draws what people do and what goes wrong, in order of time. */
export function drawnItems(random: SeededRandom, settings: Settings): PlanItem[] {
  const deploys = drawnDeploys(random, settings);
  const items = [
    ...deploys,
    ...drawnActs(random, deploys),
    ...drawnAlarms(random, { settings, deploys }),
    ...drawnTroubles(random, deploys),
  ];
  return items.sort((one, other) => one.at - other.at);
}

/**
 * Two or three, mostly once the first revision has proved itself, the next often while the last is
 * still watched.
 */
function drawnDeploys(random: SeededRandom, { policy, uninstalledSeconds }: Settings): PlanItem[] {
  const breaker = weighted<Breaker>(random, { none: 4, rollsBack: 2, onlyFails: 1 });
  const count = random.integer(2, 3);
  const deploys: PlanItem[] = [];
  const provenAt = random.next() < 0.7 ? policy.bakeSeconds + 150 : 100;
  let at = uninstalledSeconds + provenAt + random.integer(0, 200);
  for (let index = 0; index < count; index += 1) {
    deploys.push({ at, act: 'deploy', release: drawnRelease(random), breaker });
    at += pickFrom(random, [
      random.integer(5, 120),
      random.integer(100, 250),
      random.integer(100, 250),
      policy.bakeSeconds + random.integer(100, 250),
    ]);
  }
  return deploys;
}

function drawnRelease(random: SeededRandom): Release {
  return weighted<Release>(random, {
    healthy: 4,
    crashing: 6,
    crashingLate: 3,
    flaky: 1,
    unpullable: 1,
    again: 2,
    first: 1,
  });
}

function drawnActs(random: SeededRandom, deploys: readonly PlanItem[]): PlanItem[] {
  const soonAfterOne = () => pickFrom(random, deploys).at + random.integer(1, 400);
  const acts: readonly [number, () => Act][] = [
    [0.25, () => ({ act: 'hotfix', beforeCall: random.integer(1, 24) })],
    [0.15, () => ({ act: 'scale', desiredCount: random.integer(1, 4) })],
    [0.15, () => ({ act: 'stopDeployment' })],
    [0.1, () => ({ act: 'deregisterFirst' })],
    [0.3, () => ({ act: 'redrive' })],
  ];
  const drawn = acts.flatMap(([rate, draw]) =>
    random.next() < rate ? [{ at: soonAfterOne(), ...draw() }] : [],
  );
  if (random.next() >= 0.12) return drawn;
  const at = soonAfterOne();
  const until = at + random.integer(60, 1200);
  return [
    ...drawn,
    { at, act: 'throwSwitch', isThrown: true },
    { at: until, act: 'throwSwitch', isThrown: false },
  ];
}

interface DrawnSoFar {
  readonly settings: Settings;
  readonly deploys: readonly PlanItem[];
}

function drawnAlarms(random: SeededRandom, { settings, deploys }: DrawnSoFar): PlanItem[] {
  if (settings.policy.alarms.length === 0 || random.next() < 0.3) return [];
  const at =
    pickFrom(random, deploys).at +
    pickFrom(random, [0.5, 0.5, 3, 3, 40, 200, settings.policy.bakeSeconds + 300]);
  const until = at + pickFrom(random, [30, 60, 600]);
  return [
    { at, act: 'setAlarm', state: 'ALARM' },
    { at: until, act: 'setAlarm', state: 'OK' },
  ];
}

/** Each kind with a chance of its own, so that most runs have few kinds and some have many. */
function drawnTroubles(random: SeededRandom, deploys: readonly PlanItem[]): PlanItem[] {
  const always = { at: 0, lastsSeconds: activeSeconds * 2 };
  const kinds: readonly [number, () => Trouble][] = [
    [0.15, () => ({ trouble: 'errors', rate: pickFrom(random, [0.005, 0.03]) })],
    [0.2, () => ({ trouble: 'deaths', rate: pickFrom(random, [0.002, 0.01]) })],
    [0.3, () => ({ trouble: 'stalls', rate: 0.02, upTo: pickFrom(random, [5, 30, 55]) })],
    [0.15, () => ({ trouble: 'losses', rate: pickFrom(random, [0.05, 0.3, 1]) })],
    [0.3, () => ({ trouble: 'lateness', rate: 0.2, upTo: pickFrom(random, [2, 90, 600]) })],
    [0.05, () => ({ trouble: 'lateness', rate: 0.02, upTo: 2 * 86_400 })],
    [0.2, () => ({ trouble: 'copies', rate: 0.1, upTo: pickFrom(random, [5, 600]) })],
    [0.4, () => ({ trouble: 'twins', rate: pickFrom(random, [0.1, 0.5]) })],
  ];
  const drawn = kinds.flatMap(([rate, draw]) => (random.next() < rate ? [{ ...always, ...draw() }] : []));
  const together = random.next() < 0.15 ? apart : [];
  return [...drawn, ...together.map((one) => ({ ...always, ...one })), ...drawnOutages(random, deploys)];
}

/**
 * What makes reconcilers know different events at the same time: notifications come late, and
 * whoever has decided stands still before it writes that down, with another beside it.
 */
const apart: readonly Trouble[] = [
  { trouble: 'lateness', rate: 0.3, upTo: 40 },
  { trouble: 'hesitations', rate: 0.4, upTo: 20 },
  { trouble: 'twins', rate: 0.5 },
];

function drawnOutages(random: SeededRandom, deploys: readonly PlanItem[]): PlanItem[] {
  const chances: Readonly<Record<Place, readonly [number, readonly number[]]>> = {
    ecs: [0.08, [60, 900, 5400]],
    log: [0.05, [30, 300]],
    parameters: [0.03, [60, 600]],
    alarms: [0.06, [60, 900]],
    bus: [0.05, [60, 1200]],
    ingest: [0.12, [120, 900, 3600]],
    reconciler: [0.08, [300, 4800, 7200]],
    announcer: [0.04, [300, 1800]],
  };
  return (Object.keys(chances) as Place[]).flatMap((place) => {
    const [rate, durations] = chances[place];
    if (random.next() >= rate) return [];
    const at = Math.max(0, pickFrom(random, deploys).at + random.integer(-120, 120));
    return [{ at, lastsSeconds: pickFrom(random, durations), trouble: 'outage', place }];
  });
}
